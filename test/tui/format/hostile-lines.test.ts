/** Log lines made of seeded rubbish and of what attacks a terminal: nothing but printable text and colours is left. */
import { expect, test } from 'vitest';
import { logSplitter } from '../../../src/docker/log-frames.ts';
import type { LogLine } from '../../../src/protocol/log-line.ts';
import { readLine } from '../../../src/tui/format/log-colors.ts';
import { shownText } from '../../../src/tui/screens/log-window.ts';
import { seededRandom } from '../../support/seeded-random.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must be gone
const OBEYED = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

const ATTACKS = [
  '\x1b]0;title\x07',
  '\x1b]2;title\x1b\\',
  '\x1b]52;c;cm0gLXJmIC8=\x07',
  '\x1b[2J\x1b[H',
  '\x1b[10;10H',
  '\x1b[?1049l',
  '\x1bP$q"p\x1b\\',
  '\x1b_payload\x1b\\',
  '\x1bc',
  '\u009b31m',
  '\u009d0;title\u009c',
  '\u0090q\u009c',
  '\x1b[31',
  '\x1b]8;;http://x\x07link\x1b]8;;\x07',
  '\x1b[6n',
  '\x1b#8',
  '\x0e\x0f',
  '\x08\x08\x08',
  '\u202e',
  '\ud800',
] as const;

const frame = (text: Buffer): Buffer => {
  const head = Buffer.alloc(8);
  head[0] = 1;
  head.writeUInt32BE(text.length, 4);
  return Buffer.concat([head, text]);
};

/** The lines as an engine would send them, cut into chunks anywhere. */
function sent(lines: readonly Buffer[], random: (below: number) => number): readonly LogLine[] {
  const stamp = Buffer.from('2026-11-28T12:00:00.000000000Z ');
  const bytes = Buffer.concat(
    lines.map((line) => frame(Buffer.concat([stamp, line, Buffer.from('\n')]))),
  );
  const splitter = logSplitter('frames');
  const out: LogLine[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = 1 + random(40);
    out.push(...splitter.push(bytes.subarray(at, at + size)));
    at += size;
  }
  return [...out, ...splitter.end()];
}

function rubbish(random: (below: number) => number): Buffer {
  const parts = Array.from({ length: 1 + random(8) }, () => {
    const attack = ATTACKS[random(ATTACKS.length)] ?? '';
    const noise = Buffer.from(Array.from({ length: random(20) }, () => random(256)));
    return random(2) === 0 ? Buffer.from(attack) : noise;
  });
  return Buffer.concat(parts);
}

test.each([1, 2, 3, 4, 5, 6])('rubbish of seed %d, cut anywhere, does no harm', (seed) => {
  const random = seededRandom(seed);
  const lines = Array.from({ length: 200 }, () => rubbish(random));
  for (const line of sent(lines, random)) {
    const entry = readLine(line);
    expect(entry.text).not.toMatch(OBEYED);
    let end = 0;
    for (const { from, to } of entry.paint ?? []) {
      expect(from).toBeGreaterThanOrEqual(end);
      expect(to).toBeLessThanOrEqual(entry.text.length);
      end = to;
    }
  }
});

test.each(ATTACKS)('%j leaves the words around it, and the colour before it', (attack) => {
  const random = seededRandom(7);
  const line = Buffer.from(`\x1b[31mred\x1b[0m ${attack}\x1b\\ end`);
  const [told] = sent([line], random);
  const entry = readLine(told ?? { atMs: 0, stream: 'stdout', text: '' });
  expect(entry.text).not.toMatch(OBEYED);
  expect(entry.text.startsWith('red ')).toBe(true);
  expect(entry.paint?.[0]).toEqual({ from: 0, to: 3, look: 'red' });
});

test('a line of 1 MiB is kept whole and shown in part', () => {
  const text = `${'\x1b[32mx\x1b[0m\u009b2J'.repeat(60_000)} the end`;
  const entry = readLine({ atMs: 0, stream: 'stdout', text });
  expect(entry.text).toBe(`${'x'.repeat(60_000)} the end`);
  expect(shownText(entry)).toMatch(/^x{16384} … 43624 more characters$/);
});
