/** The wall: what stands out, what counts as no data, and that it says when it can't be believed itself. */
import { expect, test } from 'vitest';
import { viewOf } from '../../../src/tui/screens/frame.ts';
import { wallNow } from '../../../src/tui/screens/wall.ts';
import { frameText } from '../../support/frame-text.ts';
import { container, environment, NOW, Pilot } from '../../support/sample-fleet.ts';
import { wallSnapshot } from '../../support/sample-wall.ts';

const SECOND = 1_000;
const opened = (width = 80, height = 24, count = 14) =>
  new Pilot(width, height).live(wallSnapshot(count)).press('W');
const text = ({ state }: Pilot) => frameText(viewOf(state), state.size);
const clock = (pilot: Pilot) => text(pilot).split('\n')[0];

function wallOf({ state }: Pilot) {
  const wall = state.screens.at(-1);
  if (wall?.kind !== 'wall') throw new Error('the wall is not on top');
  return wall;
}

const tiles = (pilot: Pilot) => wallNow(pilot.state, wallOf(pilot)).tiles;
const tick = (pilot: Pilot, atMs: number, clockSetMs: number) =>
  pilot.send({ kind: 'tick', atMs, clockSetMs });

test('problems that nobody sees to come first, then no data; the rest stands by name', () => {
  const names = tiles(opened()).map(({ name, state }) => `${name} ${state}`);
  expect(names.slice(0, 4)).toEqual(['ap-1 problem', 'eu-1 problem', 'us-2 nodata', 'ap-2 ok']);
  expect(names).toContain('eu-4 problem');
  expect(names).toContain('ap-4 muted');
  expect(opened().press('o').state.screens.at(-1)).toMatchObject({ order: 'name' });
});

test('no data has its age and never counts as well, however long the feed is silent', () => {
  const pilot = opened();
  expect(text(pilot)).toContain('? us-2 NO DATA 3m');
  expect(text(pilot)).toContain('8 OK');
  pilot.wait(31 * SECOND);
  expect(text(pilot)).toContain('0 OK');
  expect(clock(pilot)).toContain('FEED STALLED, data 31s old');
});

test('a tile that changes its state stands out once for five seconds', () => {
  const pilot = opened();
  const ill = { ...container(2, 'web-1'), health: 'unhealthy' } as const;
  const styles = () =>
    viewOf(pilot.state)
      .blocks.flatMap(({ lines }) => lines.flatMap(({ spans }) => spans))
      .filter(({ text: words, style }) => style === 'error' && words.includes('us-1')).length;
  expect(styles()).toBe(0);
  pilot.change({ kind: 'container', container: ill });
  pilot.wait(SECOND);
  expect(styles()).toBe(1);
  pilot.wait(4 * SECOND);
  expect(styles()).toBe(1);
  pilot.wait(2 * SECOND);
  expect(styles()).toBe(0);
});

test('a wall that stood still says so, and so does a clock that was set', () => {
  const pilot = opened(120, 40);
  tick(tick(pilot, NOW, 0), NOW + SECOND, 0);
  expect(clock(pilot)).not.toContain('STOOD');
  tick(pilot, NOW + 11 * SECOND, 0);
  expect(clock(pilot)).toContain('WALL STOOD STILL 10s until 12:04:22Z');
  tick(pilot, NOW + 12 * SECOND, 3_599 * SECOND);
  expect(clock(pilot)).toContain('CLOCK WAS SET AHEAD 59m');
  expect(clock(pilot)).toContain('13:04:22Z');
  tick(pilot, NOW + 13 * SECOND, 0);
  expect(clock(pilot)).toContain('CLOCK WAS SET BACK 59m');
  expect(text(pilot)).toContain('8 OK');
  expect(opened(80, 24).state.screens).toHaveLength(2);
});

test('pages turn by themselves until a person looks around', () => {
  const pilot = opened(80, 24, 120);
  expect(clock(pilot)).toContain('p 1/2');
  pilot.wait(15 * SECOND);
  expect(clock(pilot)).toContain('p 2/2');
  pilot.wait(15 * SECOND).press('j');
  expect(wallOf(pilot)).toMatchObject({ page: 0, isSliding: false });
  pilot.wait(60 * SECOND);
  expect(wallOf(pilot).page).toBe(0);
  expect(pilot.press('s').wait(15 * SECOND) && wallOf(pilot).page).toBe(1);
});

test('everything is painted anew every five minutes', () => {
  const pilot = opened();
  expect(pilot.wait(299 * SECOND).effects).not.toContainEqual({ kind: 'redraw' });
  expect(pilot.wait(SECOND).effects).toContainEqual({ kind: 'redraw' });
  expect(pilot.wait(SECOND).effects).not.toContainEqual({ kind: 'redraw' });
});

test('n goes from problem to problem; a acknowledges all of a tile, m mutes them, and both are taken back', () => {
  const pilot = opened().press('n');
  expect(pilot.press('a').effects).toMatchObject([
    { kind: 'judge', ids: [expect.stringMatching(/^3\./)], verdict: { kind: 'acknowledge' } },
  ]);
  expect(pilot.press('m').effects).toMatchObject([{ kind: 'judge', verdict: { kind: 'mute' } }]);
  pilot.press('n', 'n', 'n');
  expect(pilot.press('a').effects).toMatchObject([
    { kind: 'judge', verdict: { kind: 'withdraw' } },
  ]);
  pilot.send({
    kind: 'judged',
    verdict: { kind: 'acknowledge' },
    done: 1,
    all: 1,
    why: undefined,
    atMs: NOW,
  });
  expect(text(pilot)).toContain('Acknowledged: 1 problem.');
});

test('enter shows the containers of the tile, and back leads to the wall', () => {
  const pilot = opened().press('n', 'enter');
  expect(pilot.state).toMatchObject({
    scope: 3,
    screens: [{}, { kind: 'wall' }, { kind: 'containers' }],
  });
  expect(wallOf(pilot.press('q')).selected).toBe('environment 3');
  expect(pilot.press('W').state.screens).toMatchObject([{ kind: 'containers' }]);
});

test('a filter scopes it, tags and stacks group it, and a refused key asks nothing', () => {
  const pilot = opened().press('/').type('tag:production').press('enter');
  expect(tiles(pilot)).toHaveLength(7);
  expect(clock(pilot)).toContain('/tag:production 7 environments');
  pilot.press('esc', 'b');
  expect(tiles(pilot).map(({ name }) => name)).toContain('production');
  expect(
    tiles(pilot.press('b'))
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['pay', 'shop']);
  const connection = { kind: 'refused', reason: 'no', signIn: { username: 'tv' } } as const;
  expect(wallOf(pilot.send({ kind: 'connection', connection, atMs: NOW })).kind).toBe('wall');
  expect(clock(pilot)).toContain('REFUSED');
});

test('an environment that is only being dialled is no data', () => {
  const pilot = opened().change({
    kind: 'environment',
    environment: environment(2, 'us-1', { connection: 'connecting', lastSeenAtMs: null }),
  });
  expect(tiles(pilot).find(({ name }) => name === 'us-1')?.state).toBe('nodata');
  expect(text(pilot)).toContain('us-1 NEVER SEEN');
});
