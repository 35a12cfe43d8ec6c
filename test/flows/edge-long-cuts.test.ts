/**
 * Cables that are out for longer than a connection lives, and a line that loses and delays: each on a host of its own, all at
 * the same time on one server, since most of it is waiting.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Closing } from '../support/closing.ts';
import { type EdgeHost, openEdgeHost } from '../support/edge-host.ts';
import { BUSY_MS, comesThrough, happen, toldInOrder } from '../support/long-cut.ts';

const DEAD_MS = 9_000;
/** How soon a line that was dead for less than ten seconds is used again: at once where the host saw that its cable was out. */
const BACK_AFTER_MS = {
  cut: 2_000,
  // The connection stays and so do the streams in it: TCP resends at intervals that double.
  drop: DEAD_MS,
};
const ROUNDS = 20;

const closing = new Closing();
let nine: EdgeHost;
let minute: EdgeHost;
let lossy: EdgeHost;
beforeAll(async () => {
  nine = await openEdgeHost(closing, 'nine');
  const beside = (name: string) => openEdgeHost(closing, name, nine);
  [minute, lossy] = await Promise.all([beside('min'), beside('loss')]);
}, 180_000);
afterAll(() => closing.close());

async function deadForNine(kind: keyof typeof BACK_AFTER_MS): Promise<void> {
  nine.mark();
  await nine.fault(kind);
  const names = await happen(nine, `nine-${kind}`);
  await pause(DEAD_MS - nine.sinceMarkMs);
  await nine.fault('heal');
  const healedMs = nine.sinceMarkMs;
  await nine.sees(names.at(-1) ?? '', 60_000);
  const toldMs = nine.sinceMarkMs - healedMs;
  expect(await nine.answers()).toBe(true);
  const answeredMs = nine.sinceMarkMs - healedMs;
  nine.tell(`9 s ${kind}`, `its events ${toldMs} ms after the heal, an answer ${answeredMs} ms`);
  await toldInOrder(nine, names);
  expect(nine.story).toBe('shown up throughout');
  expect(toldMs).toBeLessThan(BACK_AFTER_MS[kind] + BUSY_MS);
}

describe.concurrent('one server', () => {
  test('a line dead for 9 s is no news, whether a cable is out or something swallows all', async () => {
    await deadForNine('cut');
    await deadForNine('drop');
  });

  test('a cable out for 60 s: shown down and up, with all that happened', async () => {
    await comesThrough(minute, { what: 'a cable out for 60 s', fault: 'cut', seconds: 60 });
  }, 480_000);

  test('a line that loses 5 % and takes 300 ms each way keeps the link and every event', async () => {
    await lossy.fault('delay', '300');
    await lossy.fault('loss', '5');
    lossy.mark();
    const delaysMs: number[] = [];
    const names = Array.from({ length: ROUNDS }, (_, round) => `lossy-${round}`);
    for (const name of names) {
      const startedMs = lossy.sinceMarkMs;
      await lossy.runContainer(name);
      await lossy.sees(name, 30_000);
      delaysMs.push(lossy.sinceMarkMs - startedMs);
      expect(await lossy.answers()).toBe(true);
    }
    delaysMs.sort((a, b) => a - b);
    const [median, worst] = [delaysMs[ROUNDS / 2], delaysMs.at(-1)];
    lossy.tell(
      '5 % loss, 300 ms each way',
      `event after ${median} ms (median), ${worst} ms (worst)`,
    );
    await toldInOrder(lossy, names);
    expect(lossy.story).toBe('shown up throughout');
  }, 420_000);
});
