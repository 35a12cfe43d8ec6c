/** The wall as text, kept beside this file, at the sizes that it is made for. */
import { expect, test } from 'vitest';
import { viewOf } from '../../../src/tui/screens/frame.ts';
import { frameText } from '../../support/frame-text.ts';
import { Pilot } from '../../support/sample-fleet.ts';
import { maintained, wallSnapshot } from '../../support/sample-wall.ts';

const PICTURES: Readonly<Record<string, (pilot: Pilot) => Pilot>> = {
  wall: (pilot) => pilot.live(wallSnapshot()).press('W'),
  'wall-selected': (pilot) => pilot.live(wallSnapshot()).press('W', 'n', 'n'),
  'wall-maintenance': (pilot) => pilot.live(maintained(wallSnapshot(), 1, 5)).press('W'),
  'maintenance-list': (pilot) => pilot.live(maintained(wallSnapshot(), 1, 5)).press('1'),
  'maintenance-form': (pilot) =>
    pilot.live(wallSnapshot()).press('1', '=').type('new disk').press('tab'),
  'wall-many': (pilot) => pilot.live(wallSnapshot(120)).press('W'),
  'wall-few': (pilot) => pilot.live(wallSnapshot(3)).press('W'),
  'wall-tags': (pilot) => pilot.live(wallSnapshot()).press('W', 'b'),
  'wall-lost': (pilot) =>
    pilot
      .live(wallSnapshot())
      .press('W')
      .send({
        kind: 'connection',
        connection: { kind: 'lost', reason: 'closed', retryAtMs: pilot.nowMs },
        atMs: pilot.nowMs,
      })
      .wait(41_000),
};

const SIZES = [
  [40, 10],
  [80, 24],
  [120, 40],
  [200, 60],
] as const;

for (const [width, height] of SIZES) {
  test.each(Object.keys(PICTURES))(`%s at ${width}x${height}`, async (name) => {
    const { state } = PICTURES[name]?.(new Pilot(width, height)) ?? new Pilot();
    const picture = frameText(viewOf(state), state.size);
    await expect(picture).toMatchFileSnapshot(`./${name}-${width}x${height}.txt`);
  });
}
