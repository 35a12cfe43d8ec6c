/** Panes as text: which has the keys, how far it is scrolled, and one of them alone on the screen. */
import { expect, test } from 'vitest';
import type { LogLine } from '../../../src/protocol/log-line.ts';
import { viewOf } from '../../../src/tui/screens/frame.ts';
import { frameText } from '../../support/frame-text.ts';
import { NOW, Pilot } from '../../support/sample-fleet.ts';

/** The log of the container under the cursor, where the pane is on the screen. */
function tellLog(pilot: Pilot): Pilot {
  const [follow] = pilot.effects.filter((effect) => effect.kind === 'follow-logs');
  const lines = Array.from({ length: 40 }, (_, at): LogLine => {
    const text =
      at % 9 === 8 ? '\x1b[33mWARN\x1b[0m upstream retry 1/3 pay-2' : `GET /cart 200 ${at}ms`;
    return { atMs: NOW, stream: 'stdout', text };
  });
  return pilot.send({ kind: 'log-lines', viewId: follow?.viewId ?? 0, lines, atMs: NOW });
}

const PICTURES: Record<string, (pilot: Pilot) => Pilot> = {
  'pane-facts': (pilot) => pilot.live().press('G', 'k', 'k', 'k', 'tab', 'j', 'j'),
  'pane-facts-alone': (pilot) => pilot.live().press('tab', 'f'),
  'pane-list-alone': (pilot) => pilot.live().press('f'),
  'pane-log': (pilot) => tellLog(pilot.live().wait(400)),
  'pane-log-paused': (pilot) => tellLog(pilot.live().wait(400)).press('tab', 'tab', 'k', 'k'),
  'pane-environment': (pilot) => pilot.live().press('1', 'tab', 'G'),
};

test.each(
  Object.keys(PICTURES).flatMap((name) => [[name, 80, 24] as const, [name, 120, 40] as const]),
)('%s at %ix%i', async (name, width, height) => {
  const pilot = PICTURES[name]?.(new Pilot(width, height)) ?? new Pilot();
  const picture = frameText(viewOf(pilot.state), pilot.state.size);
  await expect(picture).toMatchFileSnapshot(`./${name}-${width}x${height}.txt`);
});

test('pane-log at 200x60', async () => {
  const { state } = tellLog(new Pilot(200, 60).live().wait(400));
  const picture = frameText(viewOf(state), state.size);
  await expect(picture).toMatchFileSnapshot('./pane-log-200x60.txt');
});
