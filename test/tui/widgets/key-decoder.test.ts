import { StringDecoder } from 'node:string_decoder';
import { describe, expect, test } from 'vitest';
import { type InputToken, KeyDecoder } from '../../../src/tui/widgets/key-decoder.ts';
import { seededRandom } from '../../support/seeded-random.ts';

function words(tokens: readonly InputToken[]): string[] {
  return tokens.map((token) => {
    if (token.kind !== 'key') return `${token.kind}:${token.text}`;
    const { name, text } = token.key;
    return text === undefined || text === name ? name : `${name}=${text}`;
  });
}

function decode(...chunks: string[]): string[] {
  const decoder = new KeyDecoder();
  const tokens = chunks.flatMap((chunk) => [...decoder.feed(chunk)]);
  return words([...tokens, ...decoder.giveUp()]);
}

describe('one key', () => {
  test.each([
    ['a', 'a'],
    ['A', 'A'],
    ['/', '/'],
    [' ', 'space= '],
    ['\r', 'enter'],
    ['\n', 'enter'],
    ['\t', 'tab'],
    ['\x7f', 'backspace'],
    ['\x08', 'backspace'],
    ['\x1b', 'esc'],
    ['\x03', 'ctrl-c'],
    ['\x1a', 'ctrl-z'],
    ['\0', 'ctrl-space'],
    ['\x1c', 'ctrl-\\'],
    ['é', 'é'],
    ['日', '日'],
    ['🚀', '🚀'],
    ['\x1b[A', 'up'],
    ['\x1bOA', 'up'],
    ['\x1b[Z', 'shift-tab'],
    ['\x1b[1;5C', 'ctrl-right'],
    ['\x1b[1;2A', 'shift-up'],
    ['\x1b[1;3D', 'alt-left'],
    ['\x1b[5~', 'pgup'],
    ['\x1b[6~', 'pgdn'],
    ['\x1b[3~', 'delete'],
    ['\x1b[H', 'home'],
    ['\x1b[4~', 'end'],
    ['\x1bOP', 'f1'],
    ['\x1b[15~', 'f5'],
    ['\x1b[[A', 'f1'],
    ['\x1b[24;2~', 'shift-f12'],
    ['\x1bx', 'alt-x'],
    ['\x1b\r', 'alt-enter'],
    ['\x1b\x1b[A', 'alt-up'],
    ['\x1b[97;5u', 'ctrl-a'],
    ['\x1b[27u', 'esc'],
    ['\x1b[13;2u', 'shift-enter'],
    ['\x1b[27;5;105~', 'ctrl-i'],
    ['\x1b[97;2u', 'A'],
  ])('%j is %s', (bytes, expected) => {
    expect(decode(bytes)).toEqual([expected]);
  });
});

describe('not keys', () => {
  test.each([
    '\x1b[?62;1c',
    '\x1b[?2026;2$y',
    '\x1b]11;rgb:0000/0000/0000\x1b\\',
    '\x1b]11;rgb:0000/0000/0000\x07',
    '\x1bP1$r0m\x1b\\',
    '\x1b[<0;10;5M',
    '\x1b[<0;10;5m',
    '\x1b[M !!',
    '\x1b[I',
    '\x1b[O',
    '\x1b[12;40R',
    '\x1b[97;1:3u',
  ])('%j is swallowed', (bytes) => {
    expect(decode(bytes)).toEqual([`reply:${bytes}`]);
    expect(decode(`a${bytes}b`)).toEqual(['a', `reply:${bytes}`, 'b']);
  });

  test('a paste is one event and none of it is a key', () => {
    expect(decode('\x1b[200~rm -rf\r\x1b[A日\x1b[201~q')).toEqual(['paste:rm -rf\r\x1b[A日', 'q']);
  });

  test('a paste that never ends is given up with what came', () => {
    expect(decode('\x1b[200~half')).toEqual(['paste:half']);
  });

  test('a paste has a limit', () => {
    const [first, ...rest] = decode(`\x1b[200~${'x'.repeat(1 << 20)}yy`);
    expect(first?.length).toBe('paste:'.length + (1 << 20));
    expect(rest.every((name) => name === 'x' || name === 'y')).toBe(true);
  });

  test('the beginning of a sequence never becomes a hot-key', () => {
    expect(decode('\x1b[1;')).toEqual(['reply:\x1b[1;']);
    expect(decode('\x1b[1;\x01')).toEqual(['ctrl-a']);
  });

  test('enter with a line feed is one enter', () => {
    expect(decode('\r\n', 'a')).toEqual(['enter', 'a']);
    expect(decode('\r', '\n')).toEqual(['enter']);
    expect(decode('\n\n')).toEqual(['enter', 'enter']);
  });

  test('two presses of esc are two', () => {
    expect(decode('\x1b\x1b')).toEqual(['esc', 'esc']);
    expect(decode('\x1b\x1bj')).toEqual(['esc', 'alt-j']);
  });
});

test('the same tokens however the bytes are split', () => {
  const random = seededRandom(20260801);
  const pieces =
    'a|Z|é|日|🚀|\r|\t|\x7f| |\x03|\x1b[A|\x1bOB|\x1b[1;5C|\x1b[15~|\x1b[24;2~|\x1b[<0;10;5M|\x1b[<65;200;50M|\x1bx|' +
    '\x1b[200~pa\x1b[Aste\r日\x1b[201~|\x1b]11;rgb:0/0/0\x1b\\|\x1b[?62;1c|\x1b[Z|\x1b[97;5u|\x1b[3~|\x1b[I|\x1b[M !!';
  const pool = pieces.split('|');
  for (let round = 0; round < 3000; round++) {
    const chosen = Array.from({ length: 1 + random(15) }, () => pool[random(pool.length)] ?? '');
    const expected = chosen.flatMap((piece) => decode(piece));
    const bytes = Buffer.from(chosen.join(''));
    const utf8 = new StringDecoder('utf8');
    const chunks: string[] = [];
    for (let at = 0; at < bytes.length; ) {
      const size = 1 + random(6);
      chunks.push(utf8.write(bytes.subarray(at, at + size)));
      at += size;
    }
    const decoder = new KeyDecoder();
    const tokens = chunks.flatMap((chunk) => [...decoder.feed(chunk)]);
    expect(words(tokens), JSON.stringify(chunks)).toEqual(expected);
    expect(decoder.waiting).toBe('nothing');
  }
});
