/** Groups, scopes and saved views as text. */
import { expect, test } from 'vitest';
import { viewOf } from '../../../src/tui/screens/frame.ts';
import { frameText } from '../../support/frame-text.ts';
import { environment, NOW, Pilot, snapshot } from '../../support/sample-fleet.ts';

const tagged = () =>
  snapshot([
    environment(1, 'eu-1', { tags: ['eu', 'production'] }),
    environment(2, 'eu-2', { tags: ['eu'] }),
    environment(3, 'us-1', { tags: ['production'] }),
    environment(4, 'us-9', { connection: 'down' }),
    environment(5, 'edge-shop-042'),
  ]);

const SAVED_VIEWS = {
  kind: 'views',
  outcome: {
    views: [
      {
        ...{ name: 'tills', filter: 'name:till', isWide: false, problemsOnly: false },
        sort: { by: 'age', isReversed: false, groupBy: 'host' },
        tag: 'shops',
      },
      {
        ...{ name: 'what ails production', filter: '', isWide: true, problemsOnly: true },
        sort: { by: 'state', isReversed: false, groupBy: 'none' },
        environment: 'eu-1',
      },
    ],
  },
  atMs: NOW,
} as const;

const PICTURES: Record<string, (pilot: Pilot) => Pilot> = {
  'scope-menu': (pilot) => pilot.live(tagged()).press('ctrl-g').type('eu'),
  'saved-views': (pilot) => pilot.live().press("'").send(SAVED_VIEWS),
  'containers-grouped': (pilot) =>
    pilot.live().press('Z', 'j', 'j', 'j', 'j', 'z', 'j', 'j', 'v', 'j', 'S'),
};

test.each(
  Object.keys(PICTURES).flatMap((name) => [[name, 80, 24] as const, [name, 120, 40] as const]),
)('%s at %ix%i', async (name, width, height) => {
  const pilot = PICTURES[name]?.(new Pilot(width, height)) ?? new Pilot();
  const picture = frameText(viewOf(pilot.state), pilot.state.size);
  await expect(picture).toMatchFileSnapshot(`./${name}-${width}x${height}.txt`);
});
