/** Older lines of one log and of many: asked for near the top, put in without a hole, a doubling or a jump. */
import { expect, test } from 'vitest';
import type { LogLine } from '../../../src/protocol/log-line.ts';
import { type LogEntry, lineAt } from '../../../src/tui/model/log-buffer.ts';
import type { LogsScreen } from '../../../src/tui/model/log-view.ts';
import { viewOf } from '../../../src/tui/screens/frame.ts';
import { frameText } from '../../support/frame-text.ts';
import { NOW, Pilot } from '../../support/sample-fleet.ts';

function screenOf({ state }: Pilot): LogsScreen {
  const screen = state.screens.findLast((other) => other.kind === 'logs');
  if (!screen) throw new Error('no log is open');
  return screen;
}

const line = (atMs: number, text: string): LogLine => ({ atMs, stream: 'stdout', text });
const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => line(NOW + from + index, `line ${from + index}`));
const shown = ({ state }: Pilot) => frameText(viewOf(state), state.size);
const asked = ({ effects }: Pilot) => effects.filter(({ kind }) => kind === 'fetch-older');

function texts(pilot: Pilot): readonly string[] {
  return screenOf(pilot).log.chunks.flatMap(({ entries }) => entries.map(({ text }) => text));
}

const opened = () => {
  const pilot = new Pilot().live().press('l');
  const { viewId } = screenOf(pilot);
  return pilot.send({ kind: 'log-lines', viewId, lines: lines(0, 2_000), atMs: NOW });
};

function answer(pilot: Pilot, list: readonly LogLine[], isWhole = false): Pilot {
  const { past } = screenOf(pilot);
  if (past.kind !== 'asked') throw new Error('nothing was asked');
  return pilot.send({
    kind: 'log-older',
    requestId: past.requestId,
    lines: list,
    isWhole,
    atMs: NOW,
  });
}

test('going to the beginning asks once for what lies before it, with what is known of the seam', () => {
  const pilot = opened();
  expect(asked(pilot.press('k'))).toEqual([]);
  expect(asked(pilot.press('g'))).toMatchObject([
    { key: screenOf(pilot).key, beforeMs: NOW, atSeam: 1, known: 2_000, want: 2_000 },
  ]);
  expect(shown(pilot)).toContain('── reading older lines … ──');
  expect(asked(pilot.press('g'))).toEqual([]);
});

test('older lines stand before the others, and what the reader looks at stays where it is', () => {
  const pilot = opened().press('g');
  const before = shown(pilot)
    .split('\n')
    .find((row) => row.includes('line 3'));
  answer(pilot, lines(-100, 0));
  expect(
    shown(pilot)
      .split('\n')
      .find((row) => row.includes('line 3')),
  ).toBe(before);
  expect(texts(pilot)).toEqual(lines(-100, 2_000).map(({ text }) => text));
  expect(shown(pilot.press('k', 'k'))).toContain('line -2');
  expect(lineAt(screenOf(pilot).log, -100)?.text).toBe('line -100');
});

test('the beginning of the log says so and is not asked for again', () => {
  const pilot = answer(opened().press('g'), [], true);
  expect(shown(pilot)).toContain('── the log begins here ──');
  expect(asked(pilot.press('g'))).toEqual([]);
});

test('a failure is told and tried again after a while; leaving the view stops the reading', () => {
  const pilot = opened().press('g');
  const { past } = screenOf(pilot);
  const requestId = past.kind === 'asked' ? past.requestId : 0;
  const why = 'eu-1 does not answer.';
  pilot.send({ kind: 'log-older', requestId, lines: [], isWhole: false, why, atMs: NOW });
  expect(shown(pilot)).toContain("older lines can't be read: eu-1 does not answer.");
  expect(asked(pilot.press('k'))).toEqual([]);
  pilot.nowMs += 5_000;
  expect(asked(pilot.press('k'))).toHaveLength(1);
  const again = screenOf(pilot).past;
  const left = pilot.press('esc').effects;
  expect(left).toContainEqual({
    kind: 'stop-logs',
    viewId: again.kind === 'asked' ? again.requestId : 0,
  });
});

test('a full view reads no older lines, and says how many it let go', () => {
  const pilot = opened();
  const { viewId } = screenOf(pilot);
  for (let from = 2_000; from < 62_000; from += 10_000)
    pilot.send({ kind: 'log-lines', viewId, lines: lines(from, from + 10_000), atMs: NOW });
  expect(asked(pilot.press('g'))).toEqual([]);
  const { log } = screenOf(pilot);
  expect(log.letGo + (log.end - log.first)).toBe(62_000);
  expect(shown(pilot)).toMatch(/── 12,\d{3} lines let go: a view holds 50,000 lines or 32 MB ──/);
});

function openMany(): Pilot {
  const pilot = new Pilot(120, 40).live().press('/').type('web-1 eu').press('enter', 'space');
  pilot.press('/', 'ctrl-u').type('cache us').press('enter', 'space', 'l');
  const { merged } = screenOf(pilot);
  for (const { streamId } of merged?.sources ?? []) {
    const head = { dateMs: NOW, askedAtMs: NOW, answeredAtMs: NOW, atMs: NOW };
    pilot.send({ kind: 'log-opened', viewId: streamId, ...head });
  }
  return pilot;
}

const tell = (pilot: Pilot, at: number, list: readonly LogLine[]) => {
  const viewId = screenOf(pilot).merged?.sources[at]?.streamId ?? 0;
  return pilot.send({ kind: 'log-lines', viewId, lines: list, atMs: pilot.nowMs });
};

test('of many logs, older lines of each find their places among the others', () => {
  const pilot = openMany();
  // The first reaches back an hour, the second only a second.
  tell(
    pilot,
    0,
    Array.from({ length: 60 }, (_, m) => line(NOW - (60 - m) * 60_000, `a ${m}`)),
  );
  tell(
    pilot,
    1,
    Array.from({ length: 2_000 }, (_, i) => line(NOW - 3_000 + i, `b ${100 + i}`)),
  );
  pilot.wait(6_000).press('g');
  const requests = asked(pilot);
  // The first gave fewer lines than it was asked for: it has no more.
  expect(requests).toMatchObject([{ known: 2_000, atSeam: 1, beforeMs: NOW - 3_000 }]);
  const requestId =
    requests.map((effect) => ('requestId' in effect ? effect.requestId : 0))[0] ?? 0;
  const top = shown(pilot)
    .split('\n')
    .find((row) => row.includes('a 0'));
  const older = Array.from({ length: 100 }, (_, i) =>
    line(NOW - 30 * 60_000 + i * 17_000, `b ${i}`),
  );
  const told = { kind: 'log-older', isWhole: false, atMs: NOW } as const;
  pilot.send({ ...told, requestId, lines: older });
  const { log } = screenOf(pilot);
  const entries: LogEntry[] = log.chunks.flatMap((chunk) => [...chunk.entries]);
  const times = entries.map(({ atMs }) => atMs ?? 0);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(new Set(texts(pilot)).size).toBe(2_160);
  expect(
    shown(pilot)
      .split('\n')
      .find((row) => row.includes('a 0')),
  ).toBe(top);
});
