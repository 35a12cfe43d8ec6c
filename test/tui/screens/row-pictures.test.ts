/** The lists of rows as text: problems, events, the history of one object, the console's own log; and the console itself. */
import { expect, test } from 'vitest';
import { viewOf } from '../../../src/tui/screens/frame.ts';
import { frameText } from '../../support/frame-text.ts';
import { LoggedPilot } from '../../support/logged-pilot.ts';
import { eventful, restarted, tellMemory } from '../../support/sample-events.ts';
import type { Pilot } from '../../support/sample-fleet.ts';
import { informed } from '../../support/sample-info.ts';
import { logged } from '../../support/sample-log.ts';
import { troubled } from '../../support/sample-problems.ts';

const PICTURES: Record<string, (pilot: Pilot) => Pilot> = {
  problems: (pilot) => pilot.live(troubled()).press('8', 'j'),
  'problems-filtered': (pilot) =>
    pilot.live(troubled()).press('8', '/').type('host:eu !muted').press('enter', 'N'),
  'problems-marked': (pilot) => pilot.live(troubled()).press('8', 'space', 'space', 'space'),
  'problems-range': (pilot) => pilot.live(troubled()).press('8', 'j', 'v', 'j', 'j'),
  'problems-plan': (pilot) =>
    pilot.live(troubled()).press('8', '*', 'a').type('deploy of the shop').press('enter').wait(300),
  'problems-mute': (pilot) => pilot.live(troubled()).press('8', 'm').type('2h deploy of the shop'),
  events: (pilot) => restarted(eventful(pilot)).press('7'),
  'events-paused': (pilot) => eventful(pilot).press('7', 'k', 'k', 'r').wait(2_000),
  'history-container': (pilot) =>
    tellMemory(pilot.live(troubled()).press('/').type('host:eu-1 web-7').press('enter', 'b')),
  'history-environment': (pilot) => tellMemory(eventful(pilot).press('1', 'j', 'b')),
  'own-log': (pilot) => logged(pilot).press('~', 'E'),
  info: (pilot) => informed(pilot),
  'problems-none': (pilot) => pilot.live().press('8'),
};

test.each(
  Object.keys(PICTURES).flatMap((name) => [[name, 80, 24] as const, [name, 120, 40] as const]),
)('%s at %ix%i', async (name, width, height) => {
  const pilot = PICTURES[name]?.(new LoggedPilot(width, height)) ?? new LoggedPilot();
  const picture = frameText(viewOf(pilot.state), pilot.state.size);
  await expect(picture).toMatchFileSnapshot(`./${name}-${width}x${height}.txt`);
});
