/** Replaying a recording: its own pace, a multiple, held and ended by keys; and nothing hostile reaches the terminal. */
import { expect, test } from 'vitest';
import { readCast } from '../../../src/tui/commands/cast.ts';
import { replay } from '../../../src/tui/commands/replay.ts';
import { ReplayFilter } from '../../../src/tui/commands/replay-filter.ts';

const HEADER = {
  version: 2,
  width: 80,
  height: 24,
  timestamp: 1_766_000_000,
  title: 'kim in eu-1/web',
};
const castOf = (...events: readonly unknown[]) =>
  readCast([HEADER, ...events].map((line) => JSON.stringify(line)).join('\n'), 'x.cast');

/** Shows it with a clock that passes 20 ms each time it is looked at; `press` gives the keys of each moment. */
async function shown(cast: ReturnType<typeof castOf>, speed = 1, press = (_ms: number) => '') {
  let nowMs = 0;
  const writes: { readonly atMs: number; readonly text: string }[] = [];
  const said: string[] = [];
  await replay(
    cast,
    { speed, idleLimitS: undefined },
    {
      write: async (text) => void writes.push({ atMs: nowMs, text }),
      say: (sentence) => void said.push(sentence),
      keys: () => press(nowMs),
      now: () => {
        nowMs += 20;
        return nowMs;
      },
      size: { width: 80, height: 24 },
    },
  );
  return { writes, said };
}

test('each piece comes when it came, and the terminal is put back at the end', async () => {
  const { writes, said } = await shown(castOf([0.1, 'o', 'one'], [0.5, 'o', 'two']));
  expect(writes.map(({ text }) => text).slice(0, 2)).toEqual(['one', 'two']);
  const [one, two] = writes;
  expect((two?.atMs ?? 0) - (one?.atMs ?? 0)).toBeGreaterThanOrEqual(400);
  expect((two?.atMs ?? 0) - (one?.atMs ?? 0)).toBeLessThan(520);
  expect(writes.at(-1)?.text).toContain('\x1b[?25h');
  expect(writes.at(-1)?.text).not.toContain('1049');
  const aside = await shown(castOf([0, 'o', '\x1b[?1049h full screen']));
  expect(aside.writes.at(-1)?.text).toContain('\x1b[?1049l');
  expect(said[0]).toContain('kim in eu-1/web');
});

test('twice as fast takes half the time; space holds it, q ends it', async () => {
  const cast = castOf([0, 'o', 'one'], [0.8, 'o', 'two'], [1, 'o', 'three']);
  const fast = await shown(cast, 2);
  expect(fast.writes[1]?.atMs).toBeLessThan(520);
  let isHeld = false;
  const held = await shown(cast, 1, (ms) => {
    const wants = ms >= 200 && ms < 2_000;
    if (wants === isHeld) return '';
    isHeld = wants;
    return ' ';
  });
  expect(held.writes[1]?.atMs).toBeGreaterThan(2_000);
  const ended = await shown(cast, 1, (ms) => (ms > 300 ? 'q' : ''));
  expect(ended.writes.map(({ text }) => text)).not.toContain('two');
  expect(ended.said.at(-1)).toBe('Ended.');
});

test.each([
  ['\x1b[31;1mred\x1b[0m', '\x1b[31;1mred\x1b[0m'],
  ['\x1b[2J\x1b[10;5Hhere\x1b[K', '\x1b[2J\x1b[10;5Hhere\x1b[K'],
  ['\x1b[?1049h\x1b[?25l', '\x1b[?1049h\x1b[?25l'],
  ['\x1b]52;c;cm0gLXJmIC8=\x07after', 'after'],
  ['\x1b]0;title\x1b\\after', 'after'],
  ['\x1b]8;;http://evil\x07link\x1b]8;;\x07', 'link'],
  ['\x1bP$q"p\x1b\\after', 'after'],
  ['\x1b[6n\x1b[c\x1b[>c\x1b[5i\x1b[?1000h\x1b[?2004h', ''],
  ['\x1b[8;200;200t\x1b[21t', ''],
  ['\x1bc\x1b[!p', ''],
  ['a\x00\x05\x07\x0eb\x9d52;c;x\x9cc', 'abc'],
  ['wide 漢字 ä', 'wide 漢字 ä'],
])('%j is shown as %j, whole or in pieces', (text, wanted) => {
  expect(new ReplayFilter().take(text)).toBe(wanted);
  const filter = new ReplayFilter();
  expect([...text].map((letter) => filter.take(letter)).join('')).toBe(wanted);
});

test('what is no recording is refused; lines that make no sense are left out', () => {
  expect(() => readCast('hello', 'x')).toThrow('x is no recording');
  expect(() => readCast('{"version":1}', 'x')).toThrow('asciicast version 1');
  const cast = castOf([1, 'o', 'a'], 'junk', [0.5, 'o', 'b'], [2, 'i', 'typed'], [3, 'o', 7]);
  expect(cast.events).toEqual([
    { atS: 1, kind: 'o', data: 'a' },
    { atS: 1, kind: 'o', data: 'b' },
  ]);
});
