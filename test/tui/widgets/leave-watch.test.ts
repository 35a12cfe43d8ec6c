import { expect, test } from 'vitest';
import { LeaveWatch } from '../../../src/tui/widgets/leave-watch.ts';

function fed(...packets: readonly string[]) {
  const watch = new LeaveWatch();
  let pass = '';
  for (const packet of packets) {
    const watched = watch.feed(Buffer.from(packet));
    pass += watched.pass.toString();
    if (watched.rest) return { pass, rest: watched.rest.toString() };
  }
  return { pass, rest: undefined };
}

test.each([
  [['ls\r'], { pass: 'ls\r', rest: undefined }],
  [['ls\x1dqjk'], { pass: 'ls', rest: 'jk' }],
  [['a\x1d', 'q', 'k'], { pass: 'a', rest: '' }],
  [['a\x1dx'], { pass: 'a\x1dx', rest: undefined }],
  [['\x1d\x1d', 'q'], { pass: '\x1dq', rest: undefined }],
  [['日本\x1d', '\x1d', '\x1dq語'], { pass: '日本\x1d', rest: '語' }],
])('%o', (packets, expected) => {
  expect(fed(...packets)).toEqual(expected);
});
