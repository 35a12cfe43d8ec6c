/** A line that is dead for longer than a connection lives: what is told of it, and that nothing of that time is missing. */
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { linkStatus } from './edge-environment.ts';
import type { EdgeHost } from './edge-host.ts';

const BACK_AFTER_LONG_MS = 35_000;
/** No frame for 40 s, looked for every 15 s, and two seconds in which a link may be back. */
const TOLD_DOWN_MS = 58_000;
/** For a machine that is busy with other tests. */
export const BUSY_MS = 1_500;
const EVENTS = 5;
const GAP = /could not keep everything/;

/** Starts containers one after the other, on the engine itself; their names. */
export async function happen(host: EdgeHost, word: string): Promise<string[]> {
  const names = Array.from({ length: EVENTS }, (_, index) => `${word}-${index}`);
  for (const name of names) await host.runContainer(name);
  return names;
}

/** Nothing is missing and nothing came out of turn. */
export async function toldInOrder(host: EdgeHost, names: readonly string[]): Promise<void> {
  for (const name of names) await host.sees(name, 60_000);
  expect(host.toldOf.filter((name) => names.includes(name))).toEqual(names);
  const { ends } = await linkStatus(host.server, host.id);
  expect(ends.filter(({ sentence }) => GAP.test(sentence))).toEqual([]);
}

export interface LongCut {
  readonly what: string;
  /** Whether the host sees that its cable is out, or something swallows all. */
  readonly fault: 'cut' | 'drop';
  /** From the fault to its end. */
  readonly seconds: number;
}

/** The environment is shown down with a reason, up again soon after the end, and with all that happened. */
export async function comesThrough(
  host: EdgeHost,
  { what, fault, seconds }: LongCut,
): Promise<void> {
  host.mark();
  await host.fault(fault);
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
}
