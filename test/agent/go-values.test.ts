import { expect, test } from 'vitest';
import { goBoolean, goDurationMs } from '../../src/agent/go-values.ts';

test('booleans are those of strconv.ParseBool', () => {
  for (const text of ['1', 't', 'T', 'TRUE', 'true', 'True']) expect(goBoolean(text)).toBe(true);
  for (const text of ['0', 'f', 'F', 'FALSE', 'false', 'False'])
    expect(goBoolean(text)).toBe(false);
  for (const text of ['', 'yes', 'on', 'tRue', ' 1', '2']) expect(goBoolean(text)).toBeUndefined();
});

test.each([
  ['72h', 259_200_000],
  ['1h30m', 5_400_000],
  ['1.5s', 1_500],
  ['.5s', 500],
  ['1.s', 1_000],
  ['500ms', 500],
  ['2us', 0.002],
  ['2\u00b5s', 0.002],
  ['0', 0],
  ['-1m', -60_000],
  ['+3s', 3_000],
])('%s is %d ms', (text, durationMs) => {
  expect(goDurationMs(text)).toBeCloseTo(durationMs, 9);
});

test.each(['', '72', '1 h', 'h', '.s', '1d', '1h-30m', '1H', '--1s', '1e3s'])(
  'Go takes no duration "%s"',
  (text) => {
    expect(goDurationMs(text)).toBeUndefined();
  },
);
