/** The views of what one container uses: asked for while they lie on top, never else; honest about age and gaps. */
import { describe, expect, test } from 'vitest';
import type { Effect } from '../../../src/tui/model/event.ts';
import { viewOf } from '../../../src/tui/screens/frame.ts';
import type { Block } from '../../../src/tui/screens/view.ts';
import { wantedTickMs } from '../../../src/tui/update/wanted-tick.ts';
import { frameText } from '../../support/frame-text.ts';
import { NOW, Pilot } from '../../support/sample-fleet.ts';
import { PROCESSES, points, sample } from '../../support/sample-use.ts';

type Kind = 'fetch-metrics' | 'fetch-processes';

const asked = <K extends Kind>(pilot: Pilot, kind: K) =>
  pilot.effects.find((effect): effect is Extract<Effect, { kind: K }> => effect.kind === kind);
const kinds = (pilot: Pilot) => pilot.effects.map(({ kind }) => kind);
const text = (pilot: Pilot) => frameText(viewOf(pilot.state), pilot.state.size);
const charts = (pilot: Pilot): readonly Block[] =>
  viewOf(pilot.state).blocks.filter(({ id }) => id.startsWith('chart-'));

function tellMetrics(pilot: Pilot, history = points(60), rest = {}): Pilot {
  const requestId = asked(pilot, 'fetch-metrics')?.requestId ?? -1;
  const answer = { history, sample: sample(rest) };
  return pilot.send({ kind: 'metrics', requestId, answer, atMs: pilot.nowMs });
}

function tellProcesses(pilot: Pilot, processes = PROCESSES): Pilot {
  const requestId = asked(pilot, 'fetch-processes')?.requestId ?? -1;
  return pilot.send({ kind: 'processes', requestId, answer: { processes }, atMs: pilot.nowMs });
}

const commands = (pilot: Pilot) =>
  text(pilot)
    .split('\n')
    .filter((line) => /^ +\d+ {2}/.test(line))
    .map((line) => Number(/\d+/.exec(line)?.[0]));

describe('metrics', () => {
  test('brings the history first, then a sample every three seconds while on top', () => {
    const pilot = new Pilot().live().press('m');
    expect(asked(pilot, 'fetch-metrics')?.withHistory).toBe(true);
    tellMetrics(pilot);
    expect(charts(pilot)).toHaveLength(4);
    expect(charts(pilot).every(({ chart }) => chart !== undefined)).toBe(true);
    expect(asked(pilot.wait(2_900), 'fetch-metrics')).toBeUndefined();
    expect(asked(pilot.wait(100), 'fetch-metrics')?.withHistory).toBe(false);
    const requestId = asked(pilot, 'fetch-metrics')?.requestId ?? -1;
    const before = JSON.stringify(charts(pilot));
    const answer = { history: undefined, sample: sample({ atMs: NOW + 3_000, cpuCores: 3.1 }) };
    pilot.send({ kind: 'metrics', requestId, answer, atMs: pilot.nowMs });
    expect(JSON.stringify(charts(pilot))).not.toBe(before);
    expect(text(pilot)).toContain('cpu 310% of one core, 39% of 8');
  });

  test('asks nothing below another view, and its questions end with it', () => {
    const pilot = tellMetrics(new Pilot().live().press('m')).press('?');
    expect(asked(pilot.wait(60_000), 'fetch-metrics')).toBeUndefined();
    expect(kinds(pilot.press('esc').wait(10))).toContain('fetch-metrics');
    expect(kinds(pilot.press('q'))).toContain('stop-metrics');
    expect(asked(pilot.wait(60_000), 'fetch-metrics')).toBeUndefined();
  });

  test('tells the age of what it shows, and why there is nothing', () => {
    const pilot = tellMetrics(new Pilot().live().press('m'));
    expect(text(pilot)).toMatch(/last 9m +measured 0s ago/);
    expect(text(pilot.wait(70_000))).toContain('measured 1m ago');
    const empty = new Pilot().live().press('m');
    const requestId = asked(empty, 'fetch-metrics')?.requestId ?? -1;
    empty.send({ kind: 'metrics', requestId, answer: { why: 'No such thing.' }, atMs: NOW });
    expect(text(empty)).toContain('No such thing.');
    expect(wantedTickMs(empty.state)).toBeLessThanOrEqual(3_000);
  });

  test('draws no line over a gap: what was before is left out', () => {
    const old = points(30).map((point) => ({ ...point, atMs: point.atMs - 3_600_000 }));
    const pilot = tellMetrics(new Pilot().live().press('m'), [...old, ...points(7)]);
    expect(text(pilot)).toContain('last 1m');
  });

  test('an answer to an older question changes nothing', () => {
    const pilot = new Pilot().live().press('m');
    const before = pilot.state;
    pilot.send({ kind: 'metrics', requestId: 999, answer: { why: 'Old.' }, atMs: NOW });
    expect(pilot.state.screens).toBe(before.screens);
  });
});

describe('processes', () => {
  const open = () => tellProcesses(new Pilot().live().press('t'));

  test('are sorted by CPU, memory or number, each both ways', () => {
    const pilot = open();
    expect(commands(pilot)).toEqual([31, 32, 1, 77]);
    expect(commands(pilot.press('M'))).toEqual([32, 31, 1, 77]);
    expect(commands(pilot.press('P'))).toEqual([1, 31, 32, 77]);
    expect(commands(pilot.press('P'))).toEqual([77, 32, 31, 1]);
  });

  test('are filtered while typing, and esc clears the filter before it leaves', () => {
    const pilot = open().press('/').type('worker !32').press('enter');
    expect(commands(pilot)).toEqual([31]);
    expect(text(pilot)).toContain('1 of 4');
    expect(commands(pilot.press('esc'))).toHaveLength(4);
    expect(pilot.press('esc').state.screens).toHaveLength(1);
  });

  test('are read again every three seconds while on top, and keep the last answer after a failure', () => {
    const pilot = open();
    expect(asked(pilot.wait(3_000), 'fetch-processes')).toBeDefined();
    const requestId = asked(pilot, 'fetch-processes')?.requestId ?? -1;
    pilot.send({ kind: 'processes', requestId, answer: { why: 'It stopped.' }, atMs: pilot.nowMs });
    expect(text(pilot)).toContain('It stopped.');
    expect(commands(pilot)).toHaveLength(4);
    expect(kinds(pilot.press('q'))).toContain('stop-processes');
    expect(asked(pilot.wait(60_000), 'fetch-processes')).toBeUndefined();
  });

  test('of a container that does not run are not asked for; the key says why', () => {
    const pilot = new Pilot().live().press('/').type('cron').press('enter', 't');
    expect(asked(pilot, 'fetch-processes')).toBeUndefined();
    expect(text(pilot)).toContain('not running');
  });

  test('many of them scroll', () => {
    const many = Array.from({ length: 300 }, (_, pid) => ({ ...PROCESSES[0], pid }) as never);
    const pilot = tellProcesses(new Pilot().live().press('t'), many).press('P');
    expect(commands(pilot)[0]).toBe(0);
    expect(commands(pilot.press('G')).at(-1)).toBe(299);
    expect(commands(pilot.press('g'))[0]).toBe(0);
  });
});
