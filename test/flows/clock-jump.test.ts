/** Clocks that are set while everything runs: no age is wrong for it, and the wall says what happened. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Closing } from '../support/closing.ts';
import { startMadeUpEngine } from '../support/made-up-engine.ts';
import { type MovedClock, movedClock } from '../support/moved-clock.ts';
import { pressUntil } from '../support/press-until.ts';
import { type ServedFleet, serveFleet } from '../support/served-fleet.ts';
import type { TestTerminal } from '../support/terminal.ts';

const HOUR = 3_600_000;
const PATIENCE = { timeoutMs: 30_000 };
/** Longer than a beat of the feed, so that there are messages from after the jump. */
const BEATS_MS = 6_000;

const closing = new Closing();
let serverClock: MovedClock;
let fleet: ServedFleet;

beforeAll(async () => {
  const engine = closing.use(await startMadeUpEngine([{ name: 'web-1' }, { name: 'web-2' }]));
  serverClock = await movedClock(closing);
  fleet = await serveFleet(closing, engine.socketPath, { env: serverClock.env });
});
afterAll(() => closing.close());

/** Looks for some beats whether anything is said to be old; what it saw that was wrong. */
async function oldAges(...terminals: readonly TestTerminal[]): Promise<readonly string[]> {
  const seen = new Set<string>();
  for (let waited = 0; waited < BEATS_MS; waited += 50) {
    for (const terminal of terminals)
      for (const [words] of terminal
        .screen()
        .matchAll(/STALLED|NO DATA|LOST|data [\d-]+[mhd]|stale|-\d+s/g))
        seen.add(words);
    await delay(50);
  }
  return [...seen];
}

test("the console's clock set an hour forward and back", async () => {
  const clock = await movedClock(closing);
  await using console = await fleet.console({ env: clock.env });
  await using wall = await fleet.console({ env: clock.env, args: ['wall'], cols: 120 });
  await console.sees('2 of 2', PATIENCE);
  await wall.sees('1 OK', PATIENCE);
  console.press('ctrl-r');
  await console.sees('Restart local/web-1?');
  await clock.set(HOUR);
  await wall.sees('CLOCK WAS SET AHEAD ', PATIENCE);
  // A question, the time to call back and the wait for the host all go on as they were.
  await pressUntil(console, 'y', 'call back: u');
  await console.sees('web-1 restarted in', PATIENCE);
  expect(await oldAges(console, wall)).toEqual([]);
  await clock.set(0);
  await wall.sees('CLOCK WAS SET BACK ', PATIENCE);
  expect(await oldAges(console, wall)).toEqual([]);
  expect(wall.screen()).toContain('1 OK');
});

test("the server's clock set an hour forward and back", async () => {
  await using console = await fleet.console();
  await using wall = await fleet.console({ args: ['wall'] });
  await console.sees('2 of 2', PATIENCE);
  await wall.sees('1 OK', PATIENCE);
  for (const byMs of [HOUR, 0]) {
    await serverClock.set(byMs);
    expect(await oldAges(console, wall)).toEqual([]);
    expect(wall.screen()).toContain('1 OK');
  }
});
