/** What is loaded only when it is asked for may be gone by then: that is said, and ends nothing. */
import { expect, test, vi } from 'vitest';
import { machineEffects } from '../../src/tui/machine-effects.ts';
import type { AppEvent } from '../../src/tui/model/event.ts';

vi.mock('../../src/tui/saved-views.ts', () => {
  throw new Error('no such file');
});

test('saved views that can not be loaded are told of like those that can not be read', async () => {
  const told = new Promise<AppEvent>((resolve) => {
    machineEffects({ send: resolve, now: () => 1 })['read-views']({ kind: 'read-views' });
  });
  expect(await told).toEqual({
    kind: 'views',
    outcome: { why: expect.stringMatching(/could not be loaded; leave the console/) },
    atMs: 1,
  });
});
