import { describe, expect, test } from 'vitest';
import {
  cut,
  cutMiddle,
  isMark,
  pad,
  printable,
  textWidth,
} from '../../../src/tui/format/width.ts';

describe('textWidth', () => {
  test.each([
    ['', 0],
    ['abc', 3],
    ['日本語', 6],
    ['한글', 4],
    ['🚀', 2],
    ['🫠', 2],
    ['é', 1],
    ['e\u0301', 1],
    ['a\u0000\u001b', 1],
    ['👩‍👩‍👧', 6],
    ['│─┌…●', 5],
    ['ﾊﾝｶｸ', 4],
    ['\u{20000}', 2],
    ['\u{e0041}', 0],
  ])('%j takes %d cells', (text, cells) => {
    expect(textWidth(text)).toBe(cells);
  });

  test('marks are told from invisible characters', () => {
    expect(isMark(0x301)).toBe(true);
    expect(isMark(0x200d)).toBe(false);
    expect(isMark(0x41)).toBe(false);
  });
});

describe('cut', () => {
  test.each([
    ['short', 5, 'short'],
    ['a bit long', 6, 'a bit…'],
    ['日本語', 5, '日本…'],
    ['日本語', 4, '日…'],
    ['ab', 1, '…'],
    ['ab', 0, ''],
    ['ab', -3, ''],
    ['e\u0301e\u0301e\u0301', 2, 'e\u0301…'],
  ])('%j to %d cells is %j', (text, width, expected) => {
    expect(cut(text, width)).toBe(expected);
  });
});

describe('cutMiddle', () => {
  test.each([
    ['shop-production-web-1', 11, 'shop-…web-1'],
    ['shop-production-web-1', 10, 'shop…web-1'],
    ['shop', 4, 'shop'],
    ['shop', 1, '…'],
    ['shop', 2, '…p'],
    ['日本語の名前です', 7, '日…です'],
    ['🚀🚀🚀🚀', 5, '🚀…🚀'],
  ])('%j to %d cells is %j', (text, width, expected) => {
    const result = cutMiddle(text, width);
    expect(result).toBe(expected);
    expect(textWidth(result)).toBeLessThanOrEqual(width);
  });
});

describe('pad', () => {
  test('stands at the named side', () => {
    expect(pad('ab', 4)).toBe('ab  ');
    expect(pad('ab', 4, 'right')).toBe('  ab');
  });
  test('fills the cell that half a wide character would need', () => {
    expect(pad('日本語', 4)).toBe('日… ');
    expect(textWidth(pad('日本語', 4))).toBe(4);
  });
  test('is exact for any text and width', () => {
    for (const text of ['', 'x', '日本語', 'mixed 日本 🚀 text', 'e\u0301'.repeat(9)]) {
      for (let width = 0; width < 20; width++) expect(textWidth(pad(text, width))).toBe(width);
    }
  });
});

describe('printable', () => {
  test.each([
    ['plain', 'plain'],
    ['\u001b[31mred\u001b[0m', 'red'],
    ['\u001b]8;;http://x\u0007link\u001b]8;;\u001b\\', 'link'],
    ['\u001b]0;title', ''],
    ['\u001bP1$r\u001b\\after', 'after'],
    ['\u009b31mred', 'red'],
    ['\u001b(Bab', 'ab'],
    ['\u001bcab', 'ab'],
    ['end\u001b', 'end'],
    ['half \u001b[3', 'half '],
    ['bell\u0007', 'bell'],
    ['a\tb', 'a       b'],
    ['日本\tb', '日本    b'],
    ['line\r\n', 'line'],
    ['10%\r20%', '10% 20%'],
    ['right\u202eleft', 'rightleft'],
    ['\ud83d', '\ufffd'],
    ['e\u0301', 'é'],
    ['👩‍👧', '👩👧'],
  ])('%j is shown as %j', (text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  test('nothing that it lets through can move the cursor', () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1103515245 + 12345) & 0x7fffffff;
      return seed % below;
    };
    for (let round = 0; round < 2000; round++) {
      const length = 1 + random(24);
      const text = Array.from({ length }, () =>
        String.fromCharCode(random(3) ? random(0xa5) : random(0x10000)),
      ).join('');
      expect(printable(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
    }
  });
});
