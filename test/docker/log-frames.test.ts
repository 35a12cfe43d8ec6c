/** Log bytes as Docker cuts them: frames, pieces, stamps and characters never arrive whole. */
import { describe, expect, test } from 'vitest';
import { LINE_LIMIT_BYTES, type LogSplitter, logSplitter } from '../../src/docker/log-frames.ts';

const T1 = '2026-11-22T07:16:37.123456789Z';
const T2 = '2026-11-22T07:16:38.000000001Z';
const T1_MS = Date.parse('2026-11-22T07:16:37.123Z');

function frame(stream: number, text: string | Buffer): Buffer {
  const bytes = Buffer.from(text);
  const header = Buffer.alloc(8);
  header.writeUInt8(stream, 0);
  header.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
}

function feed(splitter: LogSplitter, bytes: Buffer, step: number) {
  const lines = [];
  for (let at = 0; at < bytes.length; at += step) {
    lines.push(...splitter.push(bytes.subarray(at, at + step)));
  }
  return [...lines, ...splitter.end()];
}

describe.each([1, 2, 3, 7, 8, 64, 100_000])('in chunks of %i bytes', (step) => {
  test('frames of two streams become lines with their stamps taken off', () => {
    const bytes = Buffer.concat([
      frame(1, `${T1} grüße ✓ 你好\n`),
      frame(2, `${T2} bad: x y\n`),
      frame(1, `${T2} \n`),
      frame(1, `${T2} no end`),
    ]);
    expect(feed(logSplitter('frames'), bytes, step)).toEqual([
      { atMs: T1_MS, stream: 'stdout', text: 'grüße ✓ 你好' },
      { atMs: Date.parse(T2), stream: 'stderr', text: 'bad: x y' },
      { atMs: Date.parse(T2), stream: 'stdout', text: '' },
      { atMs: Date.parse(T2), stream: 'stdout', text: 'no end' },
    ]);
  });

  test('a line in several frames is one line, at the time of its beginning', () => {
    const long = 'a'.repeat(16_384);
    const bytes = Buffer.concat([
      frame(1, `${T1} ${long}`),
      frame(2, `${T1} between\n`),
      frame(1, `${T2} ${T2} rest\n`),
    ]);
    expect(feed(logSplitter('frames'), bytes, step)).toEqual([
      { atMs: T1_MS, stream: 'stderr', text: 'between' },
      { atMs: T1_MS, stream: 'stdout', text: `${long}${T2} rest` },
    ]);
  });

  test("a terminal's raw bytes, cut by Docker into stamped pieces of 16 KiB", () => {
    const piece = 'p'.repeat(16_384);
    const raw = Buffer.from(`${T1} one\r\n${T1} ${piece}${T2} ${piece}${T2} tail\r\nno stamp\r\n`);
    expect(feed(logSplitter('raw'), raw, step)).toEqual([
      { atMs: T1_MS, stream: 'stdout', text: 'one' },
      { atMs: T1_MS, stream: 'stdout', text: `${piece}${piece}tail` },
      { atMs: null, stream: 'stdout', text: 'no stamp' },
    ]);
  });
});

test('a line is cut at 1 MiB, at the border of a character', () => {
  const lines = feed(
    logSplitter('frames'),
    Buffer.concat([frame(1, `${T1} x${'é'.repeat(LINE_LIMIT_BYTES)}\n`), frame(1, `${T2} next\n`)]),
    65_536,
  );
  expect(lines).toHaveLength(2);
  expect(Buffer.byteLength(lines[0]?.text ?? '')).toBeLessThanOrEqual(LINE_LIMIT_BYTES);
  expect(Buffer.byteLength(lines[0]?.text ?? '')).toBeGreaterThan(LINE_LIMIT_BYTES - 8);
  expect(lines[0]?.text).not.toContain('\uFFFD');
  expect(lines[1]?.text).toBe('next');
});

test('what turns out not to be frames is shown as it is', () => {
  const bytes = Buffer.from('plain text without any header\n');
  expect(feed(logSplitter('frames'), bytes, 5)).toEqual([
    { atMs: null, stream: 'stdout', text: 'plain text without any header' },
  ]);
});

test('a mark leaves out what was read before, even among lines of the same stamp', () => {
  const before = logSplitter('frames');
  before.push(Buffer.concat([frame(1, `${T1} a\n`), frame(1, `${T2} b\n`), frame(2, `${T2} c\n`)]));
  expect(before.mark).toEqual({ stamp: T2, count: 2 });
  const again = Buffer.concat([
    frame(1, `${T2} b\n`),
    frame(2, `${T2} c\n`),
    frame(1, `${T2} d\n`),
    frame(1, '2026-11-22T07:16:39.000000000Z e\n'),
  ]);
  const lines = feed(logSplitter('frames', before.mark), again, 1_000);
  expect(lines.map((line) => line.text)).toEqual(['d', 'e']);
});
