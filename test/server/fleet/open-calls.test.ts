/** Bounds that count by account and by network. */
import { expect, test } from 'vitest';
import { networkOf } from '../../../src/server/fleet/network-of.ts';
import { OpenCalls } from '../../../src/server/fleet/open-calls.ts';

test('an account has so many calls open and no more; others are not held up by it', () => {
  const calls = new OpenCalls(2);
  const first = calls.enter(1);
  calls.enter(1);
  expect(() => calls.enter(1)).toThrow('Too many open requests');
  calls.enter(2);
  first[Symbol.dispose]();
  calls.enter(1);
  expect(() => calls.enter(1)).toThrow('Too many open requests');
});

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:DB8::9', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['', ''],
])('%s is counted with %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});
