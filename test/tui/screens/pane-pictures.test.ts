/** Panes as text: which has the keys, how far it is scrolled, and one of them alone on the screen. */
import { expect, test } from 'vitest';
import { viewOf } from '../../../src/tui/screens/frame.ts';
import { frameText } from '../../support/frame-text.ts';
import { Pilot } from '../../support/sample-fleet.ts';

const PICTURES: Record<string, (pilot: Pilot) => Pilot> = {
  'pane-facts': (pilot) => pilot.live().press('G', 'k', 'k', 'k', 'tab', 'j', 'j'),
  'pane-facts-alone': (pilot) => pilot.live().press('tab', 'f'),
  'pane-list-alone': (pilot) => pilot.live().press('f'),
  'pane-environment': (pilot) => pilot.live().press('1', 'tab', 'G'),
};

test.each(
  Object.keys(PICTURES).flatMap((name) => [[name, 80, 24] as const, [name, 120, 40] as const]),
)('%s at %ix%i', async (name, width, height) => {
  const pilot = PICTURES[name]?.(new Pilot(width, height)) ?? new Pilot();
  const picture = frameText(viewOf(pilot.state), pilot.state.size);
  await expect(picture).toMatchFileSnapshot(`./${name}-${width}x${height}.txt`);
});
