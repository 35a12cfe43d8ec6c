/** Maintenance that begins anew at the moment at which it ends: what is known and what is kept stay one. */
import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import type { Maintenance } from '../../../src/protocol/maintenance.ts';
import { MaintenanceBook } from '../../../src/server/fleet/maintenance-book.ts';

/** A store that takes a while to put and none to remove. */
function slowStore() {
  const rows = new Map<number, Maintenance>();
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const store = {
    list: async () =>
      [...rows].map(([environmentId, maintenance]) => ({ environmentId, maintenance })),
    put: async (environmentId: number, maintenance: Maintenance) => {
      rows.set(environmentId, maintenance);
      await gate;
    },
    remove: async (environmentId: number) => void rows.delete(environmentId),
  };
  return { rows, store, open: () => open() };
}

test('what is prolonged while it ends is kept, as it is told', async () => {
  vi.useFakeTimers();
  const { rows, store, open } = slowStore();
  rows.set(1, { sinceMs: 0, untilMs: 10_000, by: 'anna', why: 'new disk' });
  let nowMs = 9_999;
  using book = await MaintenanceBook.open({
    store,
    log: pino({ level: 'silent' }),
    now: () => nowMs,
  });
  const begun = book.begin(1, { forMs: 60_000, why: 'still' }, 'anna');
  await vi.advanceTimersByTimeAsync(0);
  nowMs = 10_001;
  await vi.advanceTimersByTimeAsync(1_000);
  open();
  expect(await begun).toMatchObject({ why: 'still' });
  await vi.advanceTimersByTimeAsync(0);
  expect(book.of(1)?.why).toBe('still');
  expect(rows.get(1)?.why).toBe('still');
  await book.end(1);
  expect([...rows]).toEqual([]);
  vi.useRealTimers();
});
