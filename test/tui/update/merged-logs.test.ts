import { describe, expect, test } from 'vitest';
import type { LogLine } from '../../../src/protocol/log-line.ts';
import type { Effect } from '../../../src/tui/model/event.ts';
import { isMerged, type MergedScreen } from '../../../src/tui/model/merged-logs.ts';
import { viewOf } from '../../../src/tui/screens/frame.ts';
import { wantedTickMs } from '../../../src/tui/update/wanted-tick.ts';
import { frameText } from '../../support/frame-text.ts';
import { bigSnapshot, container, environment, NOW, Pilot } from '../../support/sample-fleet.ts';

type Follow = Extract<Effect, { kind: 'follow-logs' }>;

function screenOf({ state }: Pilot): MergedScreen {
  const screen = state.screens.find((other) => other.kind === 'logs');
  if (screen?.kind !== 'logs' || !isMerged(screen)) throw new Error('no merged view is open');
  return screen;
}

const shown = ({ state }: Pilot) => frameText(viewOf(state), state.size);
const follows = ({ effects }: Pilot) =>
  effects.filter((effect): effect is Follow => effect.kind === 'follow-logs');
const source = (pilot: Pilot, name: string) => {
  const found = screenOf(pilot).merged.sources.find((one) => one.name === name);
  if (!found) throw new Error(`no source ${name}`);
  return found;
};

function opened(pilot: Pilot, name: string, aheadMs = 0): Pilot {
  return pilot.send({
    kind: 'log-opened',
    viewId: source(pilot, name).streamId,
    dateMs: pilot.nowMs + aheadMs,
    askedAtMs: pilot.nowMs,
    answeredAtMs: pilot.nowMs,
    atMs: pilot.nowMs,
  });
}

function tell(pilot: Pilot, name: string, ...lines: readonly (readonly [number, string])[]) {
  return pilot.send({
    kind: 'log-lines',
    viewId: source(pilot, name).streamId,
    lines: lines.map(([at, text]): LogLine => ({ atMs: NOW + at, stream: 'stdout', text })),
    atMs: pilot.nowMs,
  });
}

function end(pilot: Pilot, name: string, why?: string, mayRetry = true) {
  const { streamId } = source(pilot, name);
  return pilot.send({ kind: 'log-ended', viewId: streamId, why, mayRetry, atMs: pilot.nowMs });
}

/** The three containers of eu-2 whose names begin with web: one view of them all. */
const open = (width = 100, height = 30) =>
  new Pilot(width, height).live().press('/').type('web !eu-1 !us-9').press('enter', 'L');

/** All that waits is shown. */
const later = (pilot: Pilot) => pilot.wait(600);

test('L opens one stream per container of the filter, and leaving stops them all', () => {
  const pilot = open();
  expect(follows(pilot).map(({ tail, among }) => [tail, among])).toEqual(
    Array.from({ length: 3 }, () => [2_000, 3]),
  );
  const ids = follows(pilot).map(({ viewId }) => viewId);
  expect(shown(pilot)).toContain('3 logs');
  expect(pilot.press('esc').effects).toEqual(ids.map((viewId) => ({ kind: 'stop-logs', viewId })));
});

test('logs of which only a part was read are counted in the title, and each says so at its place', () => {
  const pilot = open().press('1');
  tell(pilot, 'eu-2/web-1', [0, 'first'], [1, 'second']);
  for (const { name, streamId: viewId } of screenOf(pilot).merged.sources) {
    const ended = { kind: 'log-ended', why: undefined, mayRetry: false, isDone: true } as const;
    pilot.send({ ...ended, viewId, isCut: name === 'eu-2/web-1', atMs: pilot.nowMs });
  }
  expect(shown(later(pilot))).toContain('1 cut short');
  expect(shown(pilot)).toContain('only the first 2 lines were read, and there are more');
  expect(shown(pilot.press('a'))).toMatch(/web-1 +cut short/);
});

test('l opens the marked ones, whatever the filter shows; a single mark opens its log alone', () => {
  const pilot = new Pilot().live().press('space', 'space', '/').type('nothing').press('enter', 'l');
  expect(screenOf(pilot).merged.sources).toHaveLength(2);
  const one = new Pilot().live().press('space', 'l');
  expect(follows(one)).toMatchObject([{ tail: 2_000 }]);
  expect(one.state.screens.at(-1)).toMatchObject({ kind: 'logs', merged: undefined });
});

test('at most 50 are followed, running ones first, and those left out are counted', () => {
  const pilot = new Pilot().live(bigSnapshot(63, 4));
  const [environmentId = '', id = ''] = pilot.state.containers.order[0]?.split('/') ?? [];
  const first = container(Number(environmentId), '', { id, state: 'exited', startedAtMs: null });
  pilot.change({ kind: 'container', container: { ...first, name: 'a-first' } }).press('L');
  expect(follows(pilot)).toHaveLength(50);
  expect(follows(pilot).every(({ tail }) => tail === 400)).toBe(true);
  expect(screenOf(pilot).merged.sources.some(({ name }) => name.endsWith('a-first'))).toBe(false);
  expect(shown(pilot)).toContain('50 of 63 logs, 13 left out');
  expect(shown(pilot)).toContain('13 of 63 were left out');
});

test('lines of all stand in the order of their own times, each with its source', () => {
  const pilot = open();
  for (const name of ['eu-2/web-1', 'eu-2/web-2', 'eu-2/web-10']) opened(pilot, name);
  tell(pilot, 'eu-2/web-2', [-50, 'second'], [-10, 'fourth']);
  tell(pilot, 'eu-2/web-1', [-80, 'first'], [-20, 'third']);
  later(pilot);
  expect(shown(pilot)).toMatch(
    /eu-2\/web-1 +▏ first\n *eu-2\/web-2 +▏ second\n *eu-2\/web-1 +▏ third\n *eu-2\/web-2 +▏ fourth/,
  );
  expect(shown(pilot.press('i'))).toMatch(/^web-1 +▏ first/m);
  expect(shown(pilot.press('i'))).toMatch(/^▌ first/m);
});

test('the loop is woken when lines may leave', () => {
  const pilot = open();
  for (const name of ['eu-2/web-1', 'eu-2/web-2', 'eu-2/web-10']) opened(pilot, name);
  tell(pilot.wait(1_000), 'eu-2/web-1', [1_000, 'now']);
  expect(shown(pilot)).not.toContain('now\n');
  expect(wantedTickMs(pilot.state)).toBeLessThanOrEqual(500);
  expect(shown(pilot.wait(wantedTickMs(pilot.state) ?? 0))).toContain('now\n');
});

test('a host whose clock is ahead is measured, told, and its lines are taken back in time', () => {
  const pilot = new Pilot(120, 40).live().press('/').type('/^(web-1|cache)$/ !us-9');
  pilot.press('enter', 'L');
  opened(opened(pilot, 'eu-2/web-1'), 'us-1/cache', 90_000);
  tell(pilot, 'us-1/cache', [89_900, 'second']);
  tell(pilot, 'eu-2/web-1', [-2_000, 'first'], [1_200, 'third']);
  later(pilot);
  expect(shown(pilot)).toMatch(/first\n.*second\n.*third/);
  expect(shown(pilot)).toContain('1 clock shifted');
  expect(shown(pilot.press('a'))).toMatch(/us-1\/cache +following +1 line +clock 1m ahead ±0.5s/);
  expect(shown(pilot)).toMatch(/eu-2\/web-1 +following +2 lines +clock agrees/);
});

test('a source that was not measured says so', () => {
  expect(shown(open().press('a'))).toContain('clock not measured');
});

test('a line that comes too late is marked and counted, and stays where it came', () => {
  const pilot = open();
  for (const name of ['eu-2/web-1', 'eu-2/web-2', 'eu-2/web-10']) opened(pilot, name);
  later(tell(pilot, 'eu-2/web-1', [0, 'on time']));
  later(tell(pilot, 'eu-2/web-2', [-5_000, 'too late']));
  expect(shown(pilot)).toMatch(/on time\n.*« too late/);
  expect(shown(pilot)).toContain('1 late');
});

describe('when one of them breaks', () => {
  const broken = () => {
    const pilot = open();
    for (const name of ['eu-2/web-1', 'eu-2/web-2', 'eu-2/web-10']) opened(pilot, name);
    tell(pilot, 'eu-2/web-1', [0, 'before']);
    return later(end(pilot, 'eu-2/web-1', 'The connection broke.'));
  };

  test('its sentence stands in the log and in the list, and the others go on', () => {
    const pilot = broken();
    expect(shown(pilot)).toContain('── eu-2/web-1: The connection broke. ──');
    expect(shown(end(open(), 'eu-2/web-1', 'No.'))).toContain('1 failed');
    later(tell(pilot, 'eu-2/web-2', [700, 'still here']));
    expect(shown(pilot)).toContain('still here');
  });

  test('it is opened again after its last line, without lines twice', () => {
    const pilot = broken();
    expect(follows(pilot)).toMatchObject([{ tail: undefined, sinceMs: NOW }]);
    tell(pilot, 'eu-2/web-1', [0, 'before'], [900, 'after']);
    expect(shown(later(pilot)).match(/before/g)).toHaveLength(1);
    expect(shown(pilot)).toContain('after');
    expect(source(pilot, 'eu-2/web-1').stream.kind).toBe('following');
  });

  test('a log that cannot be read at all is not asked again', () => {
    const pilot = end(open(), 'eu-2/web-1', 'The log driver keeps nothing to read.', false);
    expect(follows(pilot.wait(60_000))).toEqual([]);
    expect(shown(pilot.press('a'))).toContain('The log driver keeps nothing to read.');
  });
});

test('an environment that is down is not dialled, and its log is opened when it is back', () => {
  const pilot = new Pilot(100, 30).live().press('/').type('/^web-1$/').press('enter', 'L');
  expect(follows(pilot)).toHaveLength(1);
  expect(source(pilot, 'us-9/web-1').stream).toMatchObject({ why: 'us-9 does not answer.' });
  pilot.change({ kind: 'environment', environment: environment(4, 'us-9') });
  expect(follows(pilot)).toMatchObject([{ key: source(pilot, 'us-9/web-1').key, tail: 2_000 }]);
});

test('a stopped container is followed again when it runs', () => {
  const pilot = open();
  const rest = { state: 'exited', startedAtMs: null } as const;
  tell(pilot, 'eu-2/web-2', [0, 'last words']);
  pilot.change({ kind: 'container', container: container(2, 'web-2', rest) });
  expect(follows(end(pilot, 'eu-2/web-2').wait(60_000))).toEqual([]);
  pilot.change({ kind: 'container', container: container(2, 'web-2', { health: 'healthy' }) });
  expect(follows(pilot)).toMatchObject([{ sinceMs: NOW }]);
});

test('nothing is lost while paused, and what is let go is counted', () => {
  const pilot = open();
  for (const name of ['eu-2/web-1', 'eu-2/web-2', 'eu-2/web-10']) opened(pilot, name);
  later(tell(pilot, 'eu-2/web-1', [0, 'one'])).press('space');
  const many = Array.from({ length: 30_000 }, (_, at) => [at, `a${at}`] as const);
  tell(pilot, 'eu-2/web-1', ...many);
  later(tell(pilot, 'eu-2/web-2', ...many.map(([at]) => [at, `b${at}`] as const)));
  const { log } = screenOf(pilot);
  expect(log.end).toBe(60_001);
  expect(log.end - log.first).toBeLessThanOrEqual(50_000);
  const dropped = String(log.letGo).replace(/(\d{3})$/, ',$1');
  expect(shown(pilot)).toContain(`${dropped} older let go`);
  expect(shown(pilot)).toContain('60,000 new');
  expect(shown(pilot.press('space'))).toContain('b29999');
});

test('2 to 8 read a stretch of time anew, 0 the last lines; the label stays', () => {
  const pilot = open().press('i', '6');
  expect(pilot.effects.filter(({ kind }) => kind === 'stop-logs')).toHaveLength(3);
  expect(follows(pilot).map(({ sinceMs }) => sinceMs)).toEqual(
    [1, 2, 3].map(() => NOW - 3_600_000),
  );
  expect(screenOf(pilot).merged.label).toBe('short');
  expect(shown(pilot)).toContain('last 1h');
  expect(follows(pilot.press('0'))[0]).toMatchObject({ tail: 2_000, sinceMs: undefined });
});

test('keys about one container mean that of the line the reader went to', () => {
  const pilot = open();
  for (const name of ['eu-2/web-1', 'eu-2/web-2', 'eu-2/web-10']) opened(pilot, name);
  later(tell(pilot, 'eu-2/web-2', [0, 'fine'], [1, 'ERROR no']));
  pilot.press('ctrl-r');
  expect(pilot.state.dialog).toBeUndefined();
  pilot.press('E', 'ctrl-r');
  expect(pilot.state.dialog?.title).toContain('eu-2/web-2');
});
