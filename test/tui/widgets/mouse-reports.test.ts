/** Reports of the mouse as terminals send them, in both forms, among replies that are none. */
import { expect, test } from 'vitest';
import { pointerOf } from '../../../src/tui/widgets/mouse-reports.ts';

test.each([
  ['\x1b[<0;1;1M', { act: 'press', top: 0, left: 0 }],
  ['\x1b[<64;300;100M', { act: 'wheel-up', top: 99, left: 299 }],
  ['\x1b[<65;5;3M', { act: 'wheel-down', top: 2, left: 4 }],
  ['\x1b[M !!', { act: 'press', top: 0, left: 0 }],
  ['\x1b[M`%#', { act: 'wheel-up', top: 2, left: 4 }],
  ['\x1b[<0;1;1m', undefined],
  ['\x1b[<2;1;1M', undefined],
  ['\x1b[<32;1;1M', undefined],
  ['\x1b[<0;0;0M', undefined],
  ['\x1b[M#!!', undefined],
  ['\x1b[?2026;1$y', undefined],
  ['\x1b[I', undefined],
])('%j is %j', (reply, pointer) => {
  expect(pointerOf(reply)).toEqual(pointer);
});
