/** Containers as no engine of today allows them: every printable character in a name, ten thousand labels on one container. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Closing } from '../support/closing.ts';
import { type MadeUpEngine, startMadeUpEngine } from '../support/made-up-engine.ts';
import { pressUntil } from '../support/press-until.ts';
import { residentMiB } from '../support/process-cost.ts';
import { runCommand } from '../support/run-command.ts';
import { type ServedFleet, serveFleet } from '../support/served-fleet.ts';

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => String.fromCodePoint(from + index));
/** A slash would be another container's name for this one; a soft hyphen is not printable. */
const ASCII = range(0x20, 0x7e).filter((letter) => letter !== '/');
const LATIN = range(0xa1, 0xff).filter((letter) => letter !== '\u00ad');
const EACH = [...ASCII, ...LATIN].map((letter) => `a${letter}z`);
const ALL = `all${ASCII.join('')}`;
const LABELS = 10_000;
const PATIENCE = { timeoutMs: 30_000 };

const labels = Object.fromEntries(
  Array.from({ length: LABELS }, (_, index) => [`label-${index}`, `${'v'.repeat(60)}${index}`]),
);

const closing = new Closing();
let engine: MadeUpEngine;
let fleet: ServedFleet;

beforeAll(async () => {
  const named = [...EACH, ALL].map((name) => ({ name, log: [`I am ${name}`] }));
  engine = closing.use(
    await startMadeUpEngine([...named, { name: 'full-of-labels', labels, log: ['hello'] }]),
  );
  fleet = await serveFleet(closing, engine.socketPath);
});
afterAll(() => closing.close());

test('each name is listed, and told to programs, exactly as it is', async () => {
  await using console = await fleet.console({ cols: 120, rows: EACH.length + 40 });
  await console.sees('190 of 190', PATIENCE);
  await console.sees('full-of-labels', PATIENCE);
  const screen = console.screen();
  expect(EACH.filter((name) => !screen.includes(` ${name} `))).toEqual([]);
  const { code, stdout } = await runCommand(
    process.execPath,
    ['dist/fleet-tui.js', 'containers', '--json'],
    {
      env: { ...process.env, FLEET_TUI_CONFIG_DIR: fleet.config },
    },
  );
  expect(code).toBe(0);
  const told = (JSON.parse(stdout) as { name: string }[]).map(({ name }) => name);
  expect(told.toSorted()).toEqual([...EACH, ALL, 'full-of-labels'].toSorted());
});

test('a container with all of them in its name is found, looked at, and restarted once', async () => {
  await using console = await fleet.console({ cols: 160, rows: 40 });
  await console.sees('190 of 190', PATIENCE);
  console.type('/all');
  await console.sees('1 of ', PATIENCE);
  console.press('enter', 'l');
  await console.sees(`I am ${ALL}`, PATIENCE);
  console.press('q', 'd');
  await console.sees('log driver  json-file', PATIENCE);
  console.press('q', 'ctrl-r');
  await console.sees(/Restart .*all !"#/, PATIENCE);
  await pressUntil(console, 'y', 'call back: u');
  await console.sees(/restarted in \d/, PATIENCE);
  expect(engine.changes.filter((one) => one.endsWith('/restart'))).toHaveLength(1);
});

test('ten thousand labels are filtered by, described and inspected, and cost no more than they weigh', async () => {
  await using console = await fleet.console({ cols: 120, rows: 40 });
  await console.sees('190 of 190', PATIENCE);
  console.type(`/-l label-9999=${'v'.repeat(60)}9999`);
  await console.sees('1 of ', PATIENCE);
  console.press('enter', 'd');
  await console.sees('label-0', PATIENCE);
  console.press('G');
  await console.sees('label-9999', PATIENCE);
  console.press('q', 'y');
  await console.sees('Labels', PATIENCE);
  console.type('/label-9998');
  await console.sees(/label-9998.*v9998|1 of 1/, PATIENCE);
  console.press('enter', 'q');
  await console.sees('1 of ', PATIENCE);
  expect(residentMiB(console.pid)).toBeLessThan(350);
});
