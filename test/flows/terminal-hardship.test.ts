/** What terminals and people do to a running console: split sequences, pastes, a storm of sizes, ctrl-z and fg in a real shell. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { shiftedBorders } from '../support/borders.ts';
import { Closing } from '../support/closing.ts';
import { type MadeUpEngine, startMadeUpEngine } from '../support/made-up-engine.ts';
import { type ServedFleet, serveFleet } from '../support/served-fleet.ts';
import { openTestTerminal } from '../support/terminal.ts';
import { WIDE_LABELS } from '../support/wide-words.ts';

const PATIENCE = { timeoutMs: 30_000 };
const RESIZES = 100;
const STORM_MS = 1_000;

const closing = new Closing();
let engine: MadeUpEngine;
let fleet: ServedFleet;

beforeAll(async () => {
  const containers = Array.from({ length: 20 }, (_, index) => ({
    name: `web-${index}`,
    labels: WIDE_LABELS,
  }));
  engine = closing.use(await startMadeUpEngine(containers));
  fleet = await serveFleet(closing, engine.socketPath);
});
afterAll(() => closing.close());

test('sequences that a slow line splits are the keys they were', async () => {
  await using console = await fleet.console({ env: { ESCDELAY: '2000' } });
  await console.sees(/^> o web-0 /m, PATIENCE);
  for (const [bytes, seen] of [
    ['\x1b[B', /^> o web-1 /m],
    ['\x1bOB', /^> o web-2 /m],
    ['\x1b[6~', /^> o web-(1[0-9]|[3-9]) /m],
    ['\x1b[H', /^> o web-0 /m],
  ] as const) {
    for (const byte of bytes) {
      console.type(byte);
      await delay(15);
    }
    await console.sees(seen, PATIENCE);
  }
  expect(console.screen()).toContain('by name');
  expect(console.screen()).toContain('20 of 20');
});

test('a paste is never read as keys, and goes into a prompt as one text', async () => {
  await using console = await fleet.console();
  await console.sees('20 of 20', PATIENCE);
  expect(console.isPasteMarked).toBe(true);
  console.type('\x12\ry\r*\x0b\r:q!\rQQ', true);
  console.press('j');
  await console.sees(/^> o web-1 /m);
  expect(console.screen()).toContain('20 of 20');
  console.press('/');
  console.type('web-1\nq', true);
  await console.sees(/\/web-1.?q/, PATIENCE);
  console.press('esc');
  await console.sees('20 of 20');
  expect(engine.changes).toEqual([]);
});

test('a hundred sizes in a second, and the last one is right', async () => {
  await using console = await fleet.console({ cols: 120, rows: 40 });
  await console.sees('20 of 20', PATIENCE);
  const before = console.written.length;
  for (let at = 0; at < RESIZES; at++) {
    console.resize(40 + ((at * 37) % 200), 10 + ((at * 13) % 60));
    await delay(STORM_MS / RESIZES);
  }
  console.resize(120, 40);
  await console.sees('20 of 20', PATIENCE);
  await console.until(
    () => console.line(39).includes('? help'),
    'the hints to stand at the bottom',
  );
  expect(shiftedBorders(console.cells())).toEqual([]);
  expect(console.line(0)).toMatch(/^ fleet .* live, data \d+s old/);
  const fresh = await fleet.console({ cols: 120, rows: 40 });
  await using _ = fresh;
  await fresh.sees('20 of 20', PATIENCE);
  // A frame for each size would be more than that; those that nobody saw are not made.
  expect(console.written.length - before).toBeLessThan(30 * fresh.written.length);
});

test('ctrl-z gives the shell its terminal back, and fg the console, live as before', async () => {
  await using shell = await openTestTerminal({
    command: 'bash',
    args: ['--norc', '--noprofile', '-i'],
    cols: 100,
    rows: 30,
    env: { PS1: 'SHELL> ', FLEET_TUI_CONFIG_DIR: fleet.config },
  });
  await shell.sees('SHELL>');
  shell.type(`${process.execPath} dist/fleet-tui.js\r`);
  await shell.sees('20 of 20', PATIENCE);
  shell.press('ctrl-z');
  await shell.sees(/Stopped[\s\S]*SHELL>/, PATIENCE);
  expect(shell.isAlternate).toBe(false);
  await engine.leave();
  shell.type('fg\r');
  await shell.sees(/^> \S web-0 /m, PATIENCE);
  expect(shell.isAlternate).toBe(true);
  await shell.sees(/unreachable|stale|nothing answers/, PATIENCE);
  await engine.comeBack();
  await shell.sees(/live, data \d+s old/, PATIENCE);
  shell.press('j', 'Q');
  await shell.sees(/fg\n.*\nSHELL>/, PATIENCE);
  shell.type('echo "status=$?"\r');
  await shell.sees('status=0', PATIENCE);
  expect(shell.isAlternate).toBe(false);
});
