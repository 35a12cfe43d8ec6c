import { expect, test } from 'vitest';
import {
  appendLines,
  EMPTY_LOG,
  findLines,
  heldLines,
  LOG_LIMITS,
  type LogBuffer,
  type LogEntry,
  lineAt,
} from '../../../src/tui/model/log-buffer.ts';
import { seededRandom } from '../../support/seeded-random.ts';

const entry = (text: string): LogEntry => ({ atMs: null, stream: 'stdout', text });
const numbered = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => entry(`line ${from + index}`));

test('keeps at most 50,000 lines and counts the ones it let go', () => {
  let log = EMPTY_LOG;
  for (let from = 0; from < 120_000; from += 700) log = appendLines(log, numbered(from, 700));
  expect(heldLines(log)).toBeLessThanOrEqual(LOG_LIMITS.lines);
  expect(heldLines(log)).toBeGreaterThan(LOG_LIMITS.lines - 1_000);
  expect(log.first + heldLines(log)).toBe(log.end);
  expect(lineAt(log, log.end - 1)?.text).toBe(`line ${log.end - 1}`);
  expect(lineAt(log, log.first)?.text).toBe(`line ${log.first}`);
  expect(lineAt(log, log.first - 1)).toBeUndefined();
});

test('keeps at most 32 MiB, one line more than that included', () => {
  let log = EMPTY_LOG;
  for (let index = 0; index < 60; index++) log = appendLines(log, [entry('x'.repeat(1024 * 1024))]);
  expect(log.bytes).toBeLessThanOrEqual(LOG_LIMITS.bytes);
  expect(heldLines(log)).toBeGreaterThan(10);
});

test('a buffer someone still holds does not change', () => {
  const before = appendLines(EMPTY_LOG, [entry('a')]);
  appendLines(before, [entry('b')]);
  expect(heldLines(before)).toBe(1);
  expect(lineAt(before, 1)).toBeUndefined();
});

test('lines are found by number from any line on; our own notes are not lines of the container', () => {
  const note: LogEntry = { atMs: null, stream: 'note', text: 'line' };
  const log = appendLines(EMPTY_LOG, [...numbered(0, 700), note, entry('line 701')]);
  expect(findLines(log, 698, (one) => one.text.includes('line'))).toEqual([698, 699, 701]);
});

test.each([1, 2])('every line keeps its number, however they arrive (seed %i)', (seed) => {
  const random = seededRandom(seed);
  const limits = { lines: 2_000, bytes: 1_000_000 };
  let log: LogBuffer = EMPTY_LOG;
  for (let round = 0; round < 200; round++) {
    log = appendLines(log, numbered(log.end, random(90)), limits);
    const number = log.first + random(Math.max(1, heldLines(log)));
    if (heldLines(log) > 0) expect(lineAt(log, number)?.text).toBe(`line ${number}`);
    expect(heldLines(log)).toBeLessThanOrEqual(limits.lines);
  }
});
