import { describe, expect, test } from 'vitest';
import { matchRanges, parseFilter, passes } from '../../../src/tui/model/filter.ts';

function finds(text: string, ...fields: string[]): boolean {
  const parsed = parseFilter(text);
  if (parsed.kind === 'bad') throw new Error(parsed.why);
  return passes(
    parsed.filter,
    fields.map((field) => field.toLowerCase()),
    fields,
  );
}

describe('a filter', () => {
  test('is a part of any field, whatever its case', () => {
    expect(finds('WEB', 'shop-web-1', 'nginx')).toBe(true);
    expect(finds('ginx', 'shop-web-1', 'nginx')).toBe(true);
    expect(finds('redis', 'shop-web-1', 'nginx')).toBe(false);
  });

  test('of several words wants all of them, in any field', () => {
    expect(finds('web eu-1', 'web-3', 'eu-1')).toBe(true);
    expect(finds('web eu-2', 'web-3', 'eu-1')).toBe(false);
  });

  test('with ! wants the opposite', () => {
    expect(finds('!web', 'db')).toBe(true);
    expect(finds('!web', 'web-3')).toBe(false);
    expect(finds('web !eu-2', 'web-3', 'eu-1')).toBe(true);
    expect(finds('!/^web/', 'my-web')).toBe(true);
  });

  test('between slashes is a regular expression on each field by itself', () => {
    expect(finds('/^web-\\d+$/', 'web-31', 'eu-1')).toBe(true);
    expect(finds('/^web-\\d+$/', 'web-31x', 'eu-1')).toBe(false);
    expect(finds('/a b/', 'xa by')).toBe(true);
    expect(finds('/^eu', 'web', 'eu-1')).toBe(true);
    expect(finds('/a\\/b/', 'registry/a/b')).toBe(true);
  });

  test('that is empty, or only begun, lets everything pass', () => {
    for (const text of ['', '  ', '/', '!', '//', '!/']) expect(finds(text, 'x')).toBe(true);
  });

  test('with a broken expression says why, as a clause', () => {
    expect(parseFilter('/web(')).toEqual({ kind: 'bad', why: 'unterminated group' });
    expect(parseFilter('ok !/[/')).toMatchObject({ kind: 'bad' });
  });
});

describe('matches in a text', () => {
  const ranges = (filter: string, text: string) => {
    const parsed = parseFilter(filter);
    return parsed.kind === 'ok' ? matchRanges(parsed.filter, text) : undefined;
  };

  test('are found in order and do not overlap', () => {
    expect(ranges('ab', 'xABxab')).toEqual([
      [1, 3],
      [4, 6],
    ]);
    expect(ranges('/a+/ aab', 'caab')).toEqual([[1, 4]]);
  });

  test('are none for what must be absent and for empty hits', () => {
    expect(ranges('!a', 'abc')).toEqual([]);
    expect(ranges('/x*/', 'abc')).toEqual([]);
  });
});
