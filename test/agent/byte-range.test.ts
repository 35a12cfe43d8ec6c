import { expect, test } from 'vitest';
import { readRange } from '../../src/agent/browse/byte-range.ts';

const FILE = { size: 1000, modified: 'Thu, 01 Jan 1970 00:00:00 GMT' };

test.each([
  ['bytes=0-99', { first: 0, last: 99 }],
  ['bytes=900-', { first: 900, last: 999 }],
  ['bytes=900-5000', { first: 900, last: 999 }],
  ['bytes=-10', { first: 990, last: 999 }],
  ['bytes=-5000', { first: 0, last: 999 }],
  ['bytes=1000-', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=5-4', undefined],
  ['bytes=-', undefined],
  ['bytes=0-1,5-6', undefined],
  ['lines=0-1', undefined],
  ['', undefined],
])('%s', (range, expected) => {
  expect(readRange({ range }, FILE)).toEqual(expected);
});

test('If-Range: another state of the file is sent whole', () => {
  const range = 'bytes=0-9';
  expect(readRange({ range, 'if-range': FILE.modified }, FILE)).toEqual({ first: 0, last: 9 });
  expect(readRange({ range, 'if-range': '"etag"' }, FILE)).toBeUndefined();
  expect(readRange({ range }, { ...FILE, size: 0 })).toBe('unsatisfiable');
});
