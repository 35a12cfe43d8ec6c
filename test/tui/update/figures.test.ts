/** What the list of containers asks about CPU and memory, when, and what it makes of the answers. */
import { describe, expect, test } from 'vitest';
import type { Effect } from '../../../src/tui/model/event.ts';
import type { ToldFigure } from '../../../src/tui/model/figures.ts';
import { viewOf } from '../../../src/tui/screens/frame.ts';
import { wantedTickMs } from '../../../src/tui/update/wanted-tick.ts';
import { frameText } from '../../support/frame-text.ts';
import { bigSnapshot, NOW, Pilot } from '../../support/sample-fleet.ts';

type Fetch = Extract<Effect, { kind: 'fetch-figures' }>;

const fetched = (pilot: Pilot) =>
  pilot.effects.find((effect): effect is Fetch => effect.kind === 'fetch-figures');
const keysOf = (fetch: Fetch | undefined) => (fetch?.wish.kind === 'some' ? fetch.wish.keys : []);
const stops = (pilot: Pilot) => pilot.effects.filter(({ kind }) => kind === 'stop-figures').length;

const figure = (key: ToldFigure[0], cpuCores: number | null, memoryBytes = 1 << 20, atMs = NOW) =>
  [key, { id: key.split('/')[1] ?? '', atMs, cpuCores, memoryBytes }] as const;

function answer(pilot: Pilot, ...figures: ToldFigure[]): Pilot {
  const requestId = fetched(pilot)?.requestId ?? -1;
  return pilot.send({ kind: 'figures', requestId, answer: figures, atMs: pilot.nowMs });
}

const shown = (pilot: Pilot, name: string) =>
  frameText(viewOf(pilot.state), pilot.state.size)
    .split('\n')
    .find((line) => line.includes(name)) ?? '';

const keyOf = (pilot: Pilot, name: string): ToldFigure[0] => {
  const at = pilot.rows().findIndex((row) => row.endsWith(`/${name}`));
  return pilot.state.containers.order[at] ?? '0/none';
};

describe('asking', () => {
  test('only for running rows on the screen, once they have rested for 400 ms', () => {
    const pilot = new Pilot().live(bigSnapshot(5_000, 50));
    expect(fetched(pilot.wait(399))).toBeUndefined();
    const keys = keysOf(fetched(pilot.wait(1)));
    expect(keys.length).toBeGreaterThan(5);
    expect(keys).toEqual(pilot.state.containers.order.slice(0, keys.length));
    answer(pilot, figure(keys[0] ?? '0/', 0.5));
    pilot.press('pgdn').wait(300);
    expect(fetched(pilot)).toBeUndefined();
    pilot.press('pgdn').wait(300);
    expect(fetched(pilot)).toBeUndefined();
    expect(keysOf(fetched(pilot.wait(100)))).not.toContain(keys[0]);
  });

  test('again after five seconds, never while an answer is awaited, and the clock knows', () => {
    const pilot = new Pilot().live();
    expect(wantedTickMs(pilot.state)).toBe(400);
    pilot.wait(400);
    expect(fetched(pilot.wait(20_000))).toBeUndefined();
    const { requestId } = pilot.state.figuresAsking;
    pilot.send({ kind: 'figures', requestId: requestId ?? -1, answer: [], atMs: pilot.nowMs });
    expect(fetched(pilot.wait(1))).toBeDefined();
    answer(pilot);
    expect(fetched(pilot.wait(4_900))).toBeUndefined();
    expect(fetched(pilot.wait(100))).toBeDefined();
  });

  test('no more once another view lies on top, the list is frozen, or the connection is lost', () => {
    const pilot = new Pilot().live().wait(400);
    expect(stops(pilot.press('?'))).toBe(1);
    expect(fetched(pilot.wait(60_000))).toBeUndefined();
    expect(fetched(pilot.press('esc').wait(400))).toBeDefined();
    answer(pilot).press('r');
    expect(fetched(pilot.wait(60_000))).toBeUndefined();
    pilot.press('r');
    const connection = { kind: 'lost', reason: 'gone', retryAtMs: NOW } as const;
    pilot.send({ kind: 'connection', connection, atMs: pilot.nowMs });
    expect(fetched(pilot.wait(60_000))).toBeUndefined();
  });

  test('nothing at all on a screen without room for CPU and memory, nor in other lists', () => {
    const small = new Pilot(50, 12).live();
    expect(fetched(small.wait(10_000))).toBeUndefined();
    const environments = new Pilot().live().press('1');
    expect(fetched(environments.wait(10_000))).toBeUndefined();
  });

  test('after a failure thirty seconds later', () => {
    const pilot = new Pilot().live().wait(400);
    const requestId = fetched(pilot)?.requestId ?? -1;
    pilot.send({ kind: 'figures', requestId, answer: { why: 'No.' }, atMs: pilot.nowMs });
    expect(fetched(pilot.wait(29_000))).toBeUndefined();
    expect(fetched(pilot.wait(1_000))).toBeDefined();
  });
});

describe('showing', () => {
  test('figures in two digits, a dash for what is off, a question mark for what is not known', () => {
    const pilot = new Pilot().live().wait(400);
    answer(pilot, figure(keyOf(pilot, 'web-2'), 0.914, 812 * 2 ** 20));
    expect(shown(pilot, 'web-2')).toMatch(/healthy +91% 812M/);
    expect(shown(pilot, 'cron-nightly')).toMatch(/exited 0 9h +- +- +-/);
    expect(shown(pilot, 'cache')).toMatch(/running +\? +\?/);
  });

  test('smoothed over time, and not shown as true when old', () => {
    const pilot = new Pilot().live().wait(400);
    const key = keyOf(pilot, 'web-2');
    answer(pilot, figure(key, 1, 100 << 20)).wait(5_000);
    answer(pilot, figure(key, 0, 200 << 20, NOW + 5_000));
    expect(shown(pilot, 'web-2')).toMatch(/ 70% 130M/);
    pilot.wait(46_000);
    expect(shown(pilot, 'web-2')).toMatch(/healthy +\? +\?/);
  });
});

describe('sorting by CPU and memory', () => {
  test('asks for the whole fleet once, sorts by what came, and moves rows no sooner than allowed', () => {
    const pilot = new Pilot().live().press('C').wait(400);
    expect(fetched(pilot)?.wish).toEqual({ kind: 'all' });
    const [low, high] = [keyOf(pilot, 'web-2'), keyOf(pilot, 'cache')];
    answer(pilot, figure(low, 0.1, 900), figure(high, 0.9, 100)).wait(3_000);
    expect(pilot.rows().slice(0, 2)).toEqual(['us-1/cache', 'eu-2/web-2']);
    pilot.press('M');
    expect(pilot.rows()[0]).toMatch(/web-2$/);
    pilot.press('M');
    expect(pilot.rows().at(-1)).toMatch(/web-2$/);
    expect(fetched(pilot.wait(6_000))).toBeUndefined();
    expect(fetched(pilot.wait(1_000))?.wish).toEqual({ kind: 'all' });
  });
});
