/** Cuts longer than a link lives, and a line that loses and delays: too long for every run. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Closing } from '../support/closing.ts';
import { type EdgeHost, openEdgeHost } from '../support/edge-host.ts';

const closing = new Closing();
let host: EdgeHost;
beforeAll(async () => {
  host = await openEdgeHost(closing, 'long');
}, 120_000);
afterEach(() => host.fault('heal'));
afterAll(() => closing.close());

test.each([60, 300])(
  'a cable out for %i s: shown down and up, with all that happened',
  async (seconds) => {
    host.mark();
    await host.fault('cut');
    await host.shown('down', 60_000);
    const { reason } = await host.seen.sees(() =>
      host.seen.environments.find((one) => one.reason?.includes('silent')),
    );
    await host.runContainer(`born-in-${seconds}-s`);
    await pause(seconds * 1_000 - host.sinceMarkMs);
    await host.fault('heal');
    const healedMs = host.sinceMarkMs;
    await host.shown('up', 45_000);
    const upMs = host.sinceMarkMs - healedMs;
    await host.sees(`born-in-${seconds}-s`);
    host.tell(`cut for ${seconds} s`, `up ${upMs} ms after the heal; reason: ${reason}`);
    expect(upMs).toBeLessThan(36_000);
    expect(await host.answers()).toBe(true);
  },
  420_000,
);

test('a line that loses 5 % and takes 300 ms each way keeps the link and every event', async () => {
  await host.fault('delay', '300');
  await host.fault('loss', '5');
  host.mark();
  const delaysMs: number[] = [];
  for (let round = 0; round < 20; round++) {
    const startedMs = host.sinceMarkMs;
    await host.runContainer(`lossy-${round}`);
    await host.sees(`lossy-${round}`, 30_000);
    delaysMs.push(host.sinceMarkMs - startedMs);
    expect(await host.answers()).toBe(true);
  }
  delaysMs.sort((a, b) => a - b);
  host.tell(
    '5 % loss, 300 ms each way',
    `event after ${delaysMs[10]} ms (median), ${delaysMs[19]} ms (worst)`,
  );
  expect(host.story).toBe('shown up throughout');
}, 420_000);
