import { describe, expect, test } from 'vitest';
import type { LogLine } from '../../../src/protocol/log-line.ts';
import type { LogsScreen } from '../../../src/tui/model/log-view.ts';
import { viewOf } from '../../../src/tui/screens/frame.ts';
import { wantedTickMs } from '../../../src/tui/update/wanted-tick.ts';
import { frameText } from '../../support/frame-text.ts';
import { container, environment, NOW, Pilot } from '../../support/sample-fleet.ts';

function screenOf({ state }: Pilot): LogsScreen {
  const screen = state.screens.findLast((other) => other.kind === 'logs');
  if (!screen) throw new Error('no log is open');
  return screen;
}

const lines = (from: number, count: number): LogLine[] =>
  Array.from({ length: count }, (_, index) => ({
    atMs: NOW + from + index,
    stream: 'stdout',
    text: `line ${from + index}`,
  }));

function tell(pilot: Pilot, list: readonly LogLine[]): Pilot {
  return pilot.send({
    kind: 'log-lines',
    viewId: screenOf(pilot).viewId,
    lines: list,
    atMs: pilot.nowMs,
  });
}

const end = (pilot: Pilot, why?: string) =>
  pilot.send({
    kind: 'log-ended',
    viewId: screenOf(pilot).viewId,
    why,
    mayRetry: true,
    atMs: pilot.nowMs,
  });
const open = () => new Pilot().live().press('l');
const shown = ({ state }: Pilot) => frameText(viewOf(state), state.size);

test('opening a log asks for its last lines; leaving stops the stream', () => {
  const pilot = open();
  expect(pilot.effects).toMatchObject([{ kind: 'follow-logs', tail: 2_000 }]);
  const { viewId } = screenOf(pilot);
  expect(pilot.press('esc').effects).toEqual([{ kind: 'stop-logs', viewId }]);
});

test('lines of a closed view are dropped', () => {
  const pilot = open();
  const { viewId } = screenOf(pilot);
  const { state } = pilot.press('esc');
  expect(pilot.send({ kind: 'log-lines', viewId, lines: lines(0, 1), atMs: NOW }).state).toEqual(
    state,
  );
});

test('it follows; scrolling up pauses and counts what is new; G follows again', () => {
  const pilot = tell(open(), lines(0, 100));
  expect(shown(pilot)).toContain('line 99');
  tell(pilot.press('k', 'k'), lines(100, 12));
  expect(shown(pilot)).toContain('paused, 12 new');
  expect(shown(pilot)).not.toContain('line 98');
  expect(shown(pilot.press('G'))).toContain('line 111');
});

test('space pauses and goes on, and nothing is lost meanwhile', () => {
  const pilot = tell(tell(open(), lines(0, 50)).press('space'), lines(50, 50));
  expect(shown(pilot)).not.toContain('line 50');
  expect(screenOf(pilot).log.end).toBe(100);
  expect(shown(pilot.press('space'))).toContain('line 99');
});

test('g goes to the beginning', () => {
  expect(shown(tell(open(), lines(0, 100)).press('g'))).toContain('line 0\n');
});

test('escape sequences never reach the screen', () => {
  const pilot = tell(open(), [
    { atMs: null, stream: 'stdout', text: '\x1b[31mred\x1b[0m\x07 \x1b]0;t\x07x' },
  ]);
  expect(screenOf(pilot).log.chunks[0]?.entries[0]?.text).toBe('red x');
});

test('a search shows the nearest match above, n and N go on', () => {
  const pilot = tell(open(), lines(0, 100)).press('/').type('/line .*5$/').press('enter');
  expect(screenOf(pilot).search?.current).toBe(95);
  expect(screenOf(pilot.press('N')).search?.current).toBe(85);
  expect(screenOf(pilot.press('n', 'n')).search?.current).toBe(5);
  expect(shown(pilot)).toContain('line 5\n');
  expect(screenOf(pilot.press('esc')).search).toBeUndefined();
});

test('long lines are cut and moved sideways, or folded', () => {
  const text = Array.from({ length: 60 }, (_, index) => `word${index}`).join(' ');
  const pilot = tell(open(), [{ atMs: null, stream: 'stdout', text }]);
  expect(shown(pilot)).not.toContain('word40');
  expect(shown(pilot.press('right', 'right', 'right', 'right', 'right'))).toContain(
    'from column 81',
  );
  expect(shown(pilot.press('w'))).toContain('word59');
});

test('scrolling in folded lines moves by rows', () => {
  const long = lines(0, 30).map((line) => ({ ...line, text: `${line.text} ${'x'.repeat(200)}` }));
  const pilot = tell(open(), long).press('w', 'k');
  expect(screenOf(pilot).top.row).toBeGreaterThanOrEqual(0);
  const before = screenOf(pilot).top;
  expect(screenOf(pilot.press('k', 'j')).top).toEqual(before);
});

test('t shows times, short, then in full with the stream', () => {
  const pilot = tell(open(), lines(0, 1)).press('t');
  expect(shown(pilot)).toContain('12:04:11 line 0');
  expect(shown(pilot.press('t'))).toContain('2026-08-22 12:04:11.000 out line 0');
});

describe('when the stream ends', () => {
  test('it is opened again after its last line once the container runs, without lines twice', () => {
    const pilot = end(tell(open(), lines(0, 3)));
    expect(shown(pilot)).toContain('── the log ended here ──');
    const wait = wantedTickMs(pilot.state) ?? 0;
    expect(wait).toBeLessThanOrEqual(300);
    expect(pilot.wait(wait).effects).toMatchObject([
      { kind: 'follow-logs', sinceMs: NOW + 2, tail: undefined },
    ]);
    tell(pilot, [...lines(2, 1), ...lines(3, 1)]);
    expect(shown(pilot).match(/line 2/g)).toHaveLength(1);
    expect(shown(pilot)).toContain('line 3');
  });

  test('a stopped container is not asked again until it runs', () => {
    const pilot = end(tell(open(), lines(0, 3)));
    pilot.change({
      kind: 'container',
      container: container(3, 'cache', { state: 'exited', startedAtMs: null }),
    });
    expect(pilot.wait(60_000).effects).toEqual([]);
    pilot.change({ kind: 'container', container: container(3, 'cache') });
    expect(pilot.effects).toMatchObject([{ kind: 'follow-logs' }]);
  });

  test('an environment that is down is waited for, failures ever longer', () => {
    const pilot = end(tell(open(), lines(0, 3)), 'The connection broke.');
    expect(shown(pilot)).toContain('── The connection broke. ──');
    pilot.change({
      kind: 'environment',
      environment: environment(3, 'us-1', { connection: 'down' }),
    });
    expect(pilot.wait(60_000).effects).toEqual([]);
    pilot.change({ kind: 'environment', environment: environment(3, 'us-1') });
    expect(pilot.effects).toMatchObject([{ kind: 'follow-logs' }]);
    end(pilot, 'Again.');
    expect(pilot.wait(599).effects).toEqual([]);
    expect(pilot.wait(1).effects).toMatchObject([{ kind: 'follow-logs' }]);
  });
});
