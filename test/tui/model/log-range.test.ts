import { expect, test } from 'vitest';
import { parseMoment, parseRange } from '../../../src/tui/model/log-range.ts';

const at = (...fields: [number, number, number, number, number, number?]) =>
  new Date(fields[0], fields[1] - 1, ...(fields.slice(2) as [number, number, number])).getTime();
const NOW = at(2026, 11, 28, 12, 10);

test.each([
  ['15m', { kind: 'last', ms: 15 * 60_000 }],
  [' 2h ', { kind: 'last', ms: 7_200_000 }],
  ['12:00', { kind: 'stretch', fromMs: at(2026, 11, 28, 12, 0), toMs: undefined }],
  ['12:00..', { kind: 'stretch', fromMs: at(2026, 11, 28, 12, 0), toMs: undefined }],
  [
    '12:00..12:05',
    { kind: 'stretch', fromMs: at(2026, 11, 28, 12, 0), toMs: at(2026, 11, 28, 12, 5) },
  ],
  [
    '2026-11-27 12:00..13:00',
    { kind: 'stretch', fromMs: at(2026, 11, 27, 12, 0), toMs: at(2026, 11, 27, 13, 0) },
  ],
  [
    '2026-11-27 23:30..00:10',
    { kind: 'stretch', fromMs: at(2026, 11, 27, 23, 30), toMs: at(2026, 11, 28, 0, 10) },
  ],
  ['2026-11-27', { kind: 'stretch', fromMs: at(2026, 11, 27, 0, 0), toMs: undefined }],
  [
    '12:00..5m',
    { kind: 'stretch', fromMs: at(2026, 11, 28, 12, 0), toMs: at(2026, 11, 28, 12, 5) },
  ],
])('%s is read', (text, range) => {
  expect(parseRange(text, NOW)).toEqual(range);
});

test.each([
  'x',
  '25:00',
  '12:61',
  '2026-02-30 12:00',
  '12:00..11:00..10:00',
  '..',
  '2026-11-27 12:00..2026-11-27 11:00',
])('%s is refused with the reason', (text) => {
  expect(parseRange(text, NOW)).toEqual({ why: expect.any(String) });
});

test('a time of day without a day is the last one before now', () => {
  expect(parseMoment('12:09', NOW)).toBe(at(2026, 11, 28, 12, 9));
  expect(parseMoment('12:11', NOW)).toBe(at(2026, 11, 27, 12, 11));
  expect(parseMoment('2026-11-28T12:00:05.5Z', NOW)).toBe(Date.UTC(2026, 10, 28, 12, 0, 5, 500));
  expect(parseMoment('10m', NOW)).toBe(NOW - 600_000);
});
