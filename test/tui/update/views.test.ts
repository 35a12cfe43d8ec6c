/** Scope, saved views, the way back through the lists, and a file of what is shown. */
import { describe, expect, test } from 'vitest';
import type { Effect } from '../../../src/tui/model/event.ts';
import type { SavedView } from '../../../src/tui/model/saved-view.ts';
import { environment, NOW, Pilot, snapshot } from '../../support/sample-fleet.ts';

const hosts = [
  environment(1, 'eu-1', { tags: ['eu', 'production'] }),
  environment(2, 'eu-2', { tags: ['eu'] }),
  environment(3, 'us-1', { tags: ['production'] }),
  environment(4, 'us-9', { connection: 'down' }),
  environment(5, 'edge-shop-042'),
];
const live = () => new Pilot(100, 30).live(snapshot(hosts));
const toast = ({ state }: Pilot) => state.messages.all.at(-1)?.text;
const effect = <Kind extends Effect['kind']>({ effects }: Pilot, kind: Kind) =>
  effects.find((one): one is Extract<Effect, { kind: Kind }> => one.kind === kind);
const hostsOf = (pilot: Pilot) => [...new Set(pilot.rows().map((row) => row.split('/')[0]))].sort();

describe('the scope', () => {
  test('is chosen by a few letters: an environment, a host, a tag', () => {
    expect(live().press('ctrl-g').type('eu-2').press('enter').state.scope).toBe(2);
    expect(live().press('ctrl-g').type('us-9.exa').press('enter').state.scope).toBe(4);
    const pilot = live().press('ctrl-g').type('tag:prod').press('enter');
    expect(pilot.state.scope).toBe('tag:production');
    expect(hostsOf(pilot)).toEqual(['eu-1', 'us-1']);
    expect(hostsOf(pilot.press('0'))).toHaveLength(5);
  });

  test('of a tag takes in an environment that is tagged, and lets go of one that is not any more', () => {
    const pilot = live().press(':').type('tag eu').press('enter');
    pilot.change({
      kind: 'environment',
      environment: environment(5, 'edge-shop-042', { tags: ['eu'] }),
    });
    pilot.change({ kind: 'environment', environment: environment(2, 'eu-2') });
    expect(hostsOf(pilot)).toEqual(['edge-shop-042', 'eu-1']);
  });

  test('is left as it was by esc, and by a tag that nobody has', () => {
    expect(live().press('ctrl-g').type('eu').press('esc').state).toMatchObject({
      scope: undefined,
    });
    expect(toast(live().press(':').type('tag nope').press('enter'))).toBe(
      'No environment has the tag nope. There are eu, production.',
    );
  });

  test('is filtered by the same word, in both lists', () => {
    expect(hostsOf(live().press('/').type('tag:production').press('enter'))).toEqual([
      'eu-1',
      'us-1',
    ]);
    const pilot = live().press('1', '/').type('tag:eu').press('enter');
    expect(pilot.state.environments.order).toEqual([1, 2]);
  });
});

describe('a saved view', () => {
  const saved = () => {
    const pilot = live()
      .press('ctrl-g')
      .type('tag:eu')
      .press('enter', '/')
      .type('web')
      .press('enter');
    pilot.press('S', 'S', 'Z', 'ctrl-w', '!', '&').type('ill webs').press('enter');
    return effect(pilot, 'save-view')?.view as SavedView;
  };

  test('keeps filter, columns, order and scope, and brings them back', () => {
    const view = saved();
    expect(view).toEqual({
      name: 'ill webs',
      filter: 'web',
      sort: { by: 'state', isReversed: true, groupBy: 'host' },
      isWide: true,
      problemsOnly: true,
      tag: 'eu',
    });
    const pilot = live().press('1', "'");
    expect(pilot.effects).toEqual([{ kind: 'read-views' }]);
    pilot
      .send({ kind: 'views', outcome: { views: [view] }, atMs: NOW })
      .type('ill')
      .press('enter');
    expect(pilot.state.scope).toBe('tag:eu');
    expect(pilot.rows()).toEqual(['eu-1/web-7']);
    expect(pilot.state.containers).toMatchObject({ isWide: true, sort: view.sort });
  });

  test('of an environment that is gone shows all, and says so', () => {
    const view = {
      ...saved(),
      tag: undefined,
      environment: 'gone',
      filter: '',
      problemsOnly: false,
    };
    const pilot = live().send({ kind: 'show-view', view });
    expect(hostsOf(pilot)).toHaveLength(5);
    expect(toast(pilot)).toContain('No environment is called gone any more');
  });

  test('whose name is none, or whose file is broken, is told', () => {
    expect(effect(live().press('&').type('!?').press('enter'), 'save-view')).toBeUndefined();
    const why = '/etc/fleet/views.json is not JSON; mend it or move it away.';
    expect(toast(live().send({ kind: 'views', outcome: { why }, atMs: NOW }))).toBe(why);
  });
});

test('the way goes back and forward through the lists, with their filters', () => {
  const pilot = live().press('/').type('web').press('enter', '1', 'j', 'enter');
  expect(pilot.state.scope).toBe(1);
  expect(pilot.press('[').state.screens).toEqual([{ kind: 'environments' }]);
  pilot.press('[');
  expect(pilot.state).toMatchObject({ scope: undefined, screens: [{ kind: 'containers' }] });
  expect(pilot.state.containers.filterText).toBe('web');
  pilot.press(']', ']');
  expect(pilot.state.scope).toBe(1);
  expect(pilot.press('-').state.screens).toEqual([{ kind: 'environments' }]);
  expect(pilot.press('-').state.scope).toBe(1);
  expect(toast(pilot.press(']'))).toBe('There is no view to go forward to.');
});

test('what a list shows is saved whole, whatever is on the screen', () => {
  const pilot = live().press('G', 'ctrl-s');
  const file = effect(pilot, 'save-file');
  expect(file).toMatchObject({ ending: 'txt', stem: expect.stringContaining('fleet-containers-') });
  const lines = [...(file?.lines ?? [])];
  expect(lines).toHaveLength(2 + 14);
  expect(lines.some((line) => line.includes('price-sync'))).toBe(true);
});

test('the column to sort by is picked from a list', () => {
  expect(live().press('O').type('restarts').press('enter').state.containers.sort.by).toBe(
    'restarts',
  );
});

test('ten thousand labels on one container are filtered by, described and saved', () => {
  const labels = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, at) => [`label-${at}`, `${at}`]),
  );
  const pilot = live();
  const [first] = pilot.state.fleet.containers.get(1)?.values() ?? [];
  if (!first) throw new Error('no container');
  pilot.change({ kind: 'container', container: { ...first, labels } });
  pilot.press('/').type('-l label-9999=9999').press('enter');
  expect(pilot.rows()).toEqual([`eu-1/${first.name}`]);
  pilot.press('d', 'q', 'ctrl-s');
});
