/** Terminals that stop reading for a minute over a live fleet: nothing is disconnected, nothing piles up, the screens are right again. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Closing } from '../support/closing.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { residentMiB } from '../support/process-cost.ts';
import { type ServedFleet, serveFleet } from '../support/served-fleet.ts';
import type { TestTerminal } from '../support/terminal.ts';

const STALL_MS = 60_000;
const PATIENCE = { timeoutMs: 60_000 };
/** Of a minute's lines, a few thousand belong into the log's buffer; frames that nobody takes would be far more. */
const MOST_GROWTH_MIB = 60;

const closing = new Closing();
let engine: TestEngine;
let fleet: ServedFleet;

beforeAll(async () => {
  engine = closing.use(await startEngine({ version: 'new', name: 'stalled' }));
  const script = 'i=0; while true; do i=$((i+1)); echo "line $i of many"; sleep 0.02; done';
  await engine.docker('run', '-d', '--init', '--name', 'teller', 'busybox', 'sh', '-c', script);
  fleet = await serveFleet(closing, engine.socketPath);
}, 120_000);
afterAll(() => closing.close());

/** The number in the lowest log line on the screen; 0 when there is none. */
function lastLine(terminal: TestTerminal): number {
  const numbers = [...terminal.screen().matchAll(/line (\d+) of many/g)];
  return Number(numbers.at(-1)?.[1] ?? 0);
}

test('a list, a log and a wall whose terminals do not read for a minute', async () => {
  await using list = await fleet.console({ cols: 120, rows: 40 });
  await using log = await fleet.console({ cols: 120, rows: 40 });
  await using wall = await fleet.console({ cols: 200, rows: 60, args: ['wall'] });
  await list.sees('teller', PATIENCE);
  await wall.sees('1 OK', PATIENCE);
  await log.sees('teller', PATIENCE);
  log.press('l');
  await log.until(() => lastLine(log) > 50, 'the log to run', PATIENCE);
  const before = lastLine(log);
  const all = [list, log, wall];
  const memory = all.map(({ pid }) => residentMiB(pid));
  for (const terminal of all) terminal.stall();
  const written = log.written.length;
  const until = performance.now() + STALL_MS;
  for (let index = 0; index < 5; index++) {
    await engine.docker('run', '-d', '--name', `late-${index}`, 'busybox', 'sleep', '10000');
  }
  await delay(until - performance.now());
  expect(log.written.length - written, 'bytes read while it stood').toBeLessThan(100_000);
  const grown = all.map(({ pid }, at) => residentMiB(pid) - (memory[at] ?? 0));
  for (const growth of grown) expect(growth, grown.join(' ')).toBeLessThan(MOST_GROWTH_MIB);
  for (const terminal of all) terminal.unstall();
  await list.sees(/6 of 6[\s\S]*late-4 /, PATIENCE);
  await wall.sees('6 ctr: 6 up', PATIENCE);
  await log.until(() => lastLine(log) > before + STALL_MS / 200, 'the log of now', PATIENCE);
  const numbers = [...log.screen().matchAll(/^line (\d+) of many *$/gm)].map(([, n]) => Number(n));
  expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
  for (const console of [list, log]) {
    console.press('@');
    await console.sees('messages  newest first, 0 in all', PATIENCE);
  }
}, 180_000);
