import { expect, test } from 'vitest';
import { figureOf, type Limit } from '../../bench/report/figure.ts';
import { grossBreaches } from '../../bench/report/limit.ts';

const taking = (ms: number, ...limits: Limit[]) => figureOf('key to paint', 'ms', [ms], { limits });

test('a limit is broken grossly beyond three times of it, and by what was never measured', () => {
  const most: Limit = { of: 'median', atMost: 50 };
  expect(grossBreaches([taking(150, most), taking(900)])).toEqual([]);
  expect(grossBreaches([taking(151, most)])).toMatchObject([{ of: 'key to paint median' }]);
  expect(grossBreaches([taking(1, { of: 'p99', atMost: 50 })])).toHaveLength(1);
});

test('none lost and a least rate are limits too', () => {
  const none: Limit = { of: 'median', atMost: 0 };
  expect(grossBreaches([taking(0, none)])).toEqual([]);
  expect(grossBreaches([taking(1, none)])).toHaveLength(1);
  const least: Limit = { of: 'median', atLeast: 300 };
  expect(grossBreaches([taking(100, least)])).toEqual([]);
  expect(grossBreaches([taking(99, least)])).toHaveLength(1);
});
