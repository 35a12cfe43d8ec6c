/**
 * Cables that are out for longer than a connection lives, and a line that loses and delays: each on a host of its own, all at
 * the same time on one server, since most of it is waiting.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Closing } from '../support/closing.ts';
import { linkStatus } from '../support/edge-environment.ts';
import { type EdgeHost, openEdgeHost } from '../support/edge-host.ts';

const DEAD_MS = 9_000;
/** How soon a line that was dead for less than ten seconds is used again: at once where the host saw that its cable was out. */
const BACK_AFTER_MS = {
  cut: 2_000,
  // The connection stays and so do the streams in it: TCP resends at intervals that double.
  drop: DEAD_MS,
};
const BACK_AFTER_LONG_MS = 35_000;
/** No frame for 40 s, looked for every 15 s, and two seconds in which a link may be back. */
const TOLD_DOWN_MS = 58_000;
/** For a machine that is busy with other tests. */
const BUSY_MS = 1_500;
const EVENTS = 5;
const ROUNDS = 20;

const closing = new Closing();
let nine: EdgeHost;
let minute: EdgeHost;
let five: EdgeHost;
let lossy: EdgeHost;
beforeAll(async () => {
  nine = await openEdgeHost(closing, 'nine');
  const beside = (name: string) => openEdgeHost(closing, name, nine);
  [minute, five, lossy] = await Promise.all([beside('min'), beside('five'), beside('loss')]);
}, 180_000);
afterAll(() => closing.close());

const GAP = /could not keep everything/;

/** Starts containers one after the other, on the engine itself; their names. */
async function happen(host: EdgeHost, word: string): Promise<string[]> {
  const names = Array.from({ length: EVENTS }, (_, index) => `${word}-${index}`);
  for (const name of names) await host.runContainer(name);
  return names;
}

/** Nothing is missing and nothing came out of turn. */
async function toldInOrder(host: EdgeHost, names: readonly string[]): Promise<void> {
  for (const name of names) await host.sees(name, 60_000);
  expect(host.toldOf.filter((name) => names.includes(name))).toEqual(names);
  const { ends } = await linkStatus(host.server, host.id);
  expect(ends.filter(({ sentence }) => GAP.test(sentence))).toEqual([]);
}

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

  test.each([
    ['a cable out for 60 s', 'cut', 60, () => minute],
    ['a line that swallows everything for 5 min', 'drop', 300, () => five],
  ] as const)(
    '%s: shown down and up, with all that happened',
    async (what, kind, seconds, hostOf) => {
      const host = hostOf();
      host.mark();
      await host.fault(kind);
      const cutMs = host.sinceMarkMs;
      const names = await happen(host, `in-${seconds}-s`);
      await host.shown('down', 90_000);
      const downMs = host.sinceMarkMs - cutMs;
      const { reason } = await host.shown('down');
      await pause(seconds * 1_000 - host.sinceMarkMs);
      await host.fault('heal');
      const healedMs = host.sinceMarkMs;
      await host.shown('up', 60_000);
      const upMs = host.sinceMarkMs - healedMs;
      await toldInOrder(host, names);
      host.tell(what, `down after ${downMs} ms (${reason}), up ${upMs} ms after the heal`);
      expect(host.story).toMatch(/^down [^,]*, up [^,]*$/);
      expect(reason).toMatch(/silent for \d+ s/);
      expect(downMs).toBeLessThan(TOLD_DOWN_MS + BUSY_MS);
      expect(upMs).toBeLessThan(BACK_AFTER_LONG_MS + BUSY_MS);
      expect(await host.answers()).toBe(true);
    },
    480_000,
  );

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
