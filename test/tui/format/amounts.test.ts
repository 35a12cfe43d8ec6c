import { expect, test } from 'vitest';
import {
  formatAge,
  formatBytes,
  formatCount,
  formatDuration,
  formatThings,
} from '../../../src/tui/format/amounts.ts';
import { fitList } from '../../../src/tui/format/lists.ts';
import { innerPorts, publishedPorts } from '../../../src/tui/format/port-words.ts';
import { countRows, foldText, foldWords, fromColumn } from '../../../src/tui/format/wrap.ts';

test('counts have separators', () => {
  expect([0, 999, 1_318, 1_234_567].map(formatCount)).toEqual(['0', '999', '1,318', '1,234,567']);
  expect([formatThings(1, 'line'), formatThings(0, 'line')]).toEqual(['1 line', '0 lines']);
});

test('ages have one unit and at most four characters', () => {
  const s = 1_000;
  const ages = [
    -5,
    0,
    59 * s,
    60 * s,
    3_599 * s,
    3_600 * s,
    86_400 * s,
    364 * 86_400 * s,
    800 * 86_400 * s,
  ];
  expect(ages.map(formatAge)).toEqual(['0s', '0s', '59s', '1m', '59m', '1h', '1d', '364d', '2y']);
});

test('durations have tenths as long as those can be felt', () => {
  expect([0, 340, 9_949, 9_960, 61_000].map(formatDuration)).toEqual([
    '0.0s',
    '0.3s',
    '9.9s',
    '9s',
    '1m',
  ]);
});

test('sizes have two digits or whole numbers', () => {
  expect([0, 512, 1_000, 2_048, 851_443_712, 2 * 1024 ** 3].map(formatBytes)).toEqual([
    '0B',
    '512B',
    '1.0K',
    '2.0K',
    '812M',
    '2.0G',
  ]);
});

test('ports are told once, however many addresses they are bound at', () => {
  const port = (
    publicPort: number | null,
    privatePort: number,
    address: string,
    protocol = 'tcp',
  ) => ({
    publicPort,
    privatePort,
    address,
    protocol,
  });
  const ports = [
    port(443, 8443, '0.0.0.0'),
    port(443, 8443, '::'),
    port(53, 53, '::', 'udp'),
    port(null, 9100, ''),
  ];
  expect(publishedPorts(ports)).toEqual(['53->53/udp', '443->8443']);
  expect(innerPorts(ports)).toEqual(['9100']);
  expect(fitList(['80->8080', '443->8443', '53->53'], 14)).toBe('80->8080 +2');
  expect(fitList(['80->8080', '443->8443'], 18)).toBe('80->8080 443->8443');
});

test('folded text loses nothing, and wide characters are never cut in two', () => {
  const text = 'ab日本語cd🐳e';
  for (const width of [2, 3, 4, 5, 9]) {
    expect(foldText(text, width).join('')).toBe(text);
    expect(countRows(text, width)).toBe(foldText(text, width).length);
  }
  expect(countRows('', 10)).toBe(1);
  expect(countRows('x'.repeat(21), 10)).toBe(3);
  expect(foldWords('one two three four', 9)).toEqual(['one two', 'three', 'four']);
});

test('a text is looked at from any column', () => {
  expect(fromColumn('abcdef', 2)).toBe('cdef');
  expect(fromColumn('日本', 1)).toBe(' 本');
  expect(fromColumn('ab', 9)).toBe('');
});
