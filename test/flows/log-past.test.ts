/** Logs on a real engine: a burst that is counted, older lines, a saved file, a copy, and the run before a restart. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Closing } from '../support/closing.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { FLEET_TUI, type TuiHome, tuiHome } from '../support/fleet-tui.ts';
import { openTestTerminal, type TestTerminal } from '../support/terminal.ts';

const PATIENT = { timeoutMs: 60_000 };
const closing = new Closing();
let engine: TestEngine;
let home: TuiHome;

beforeAll(async () => {
  engine = closing.use(await startEngine({ version: 'new', name: 'past' }));
  home = closing.use(await tuiHome());
}, 120_000);
afterAll(() => closing.close());

/** A console with the log of this container open; its working folder is the home. */
async function openLog(name: string): Promise<TestTerminal> {
  const console = await openTestTerminal({
    command: process.execPath,
    args: [FLEET_TUI, '--docker', `unix://${engine.socketPath}`],
    env: home.env,
    cwd: home.config,
    cols: 120,
    rows: 40,
  });
  await console.sees(name, PATIENT);
  console.type(`/${name}`);
  console.press('enter');
  await console.sees(/ 1 of \d/);
  return console;
}

const run = (name: string, script: string) =>
  engine.docker('run', '-d', '--init', '--name', name, 'busybox', 'sh', '-c', script);

const numberIn = (console: TestTerminal, pattern: RegExp) =>
  Number((pattern.exec(console.screen())?.[1] ?? '0').replaceAll(',', ''));

test('of a burst of 60,000 lines, what is held and what was let go add up', async () => {
  await run('bursts', 'until [ -e /go ]; do sleep 0.1; done; seq 1 60000; sleep 10000');
  await using console = await openLog('bursts');
  console.press('l');
  await console.sees('Nothing logged yet');
  await engine.docker('exec', 'bursts', 'touch', '/go');
  await console.sees(/^60000 *$/m, PATIENT);
  const held = () => numberIn(console, /([\d,]+) lines/);
  const letGo = () => numberIn(console, /([\d,]+) older let go/);
  await console.until(() => held() + letGo() === 60_000, 'all lines to be counted', PATIENT);
  expect(held()).toBeLessThanOrEqual(50_000);
  console.press('g', 'k', 'k');
  await console.sees(/── [\d,]+ lines let go: a view holds 50,000 lines or 32 MB ──/);
  const first = letGo() + 1;
  await console.sees(new RegExp(`^${first} *$`, 'm'));
}, 120_000);

test('scrolling up reads older lines up to the first; what is saved has no hole and no doubling', async () => {
  await run('writes', 'seq 1 7000 | sed "s,^,line ,"; sleep 10000');
  await using console = await openLog('writes');
  console.press('l');
  await console.sees(/^line 7000 *$/m, PATIENT);
  for (const lines of ['4,000', '6,000', '7,000']) {
    console.press('g');
    await console.sees(`${lines} lines`, PATIENT);
  }
  const toBeginning = () => {
    console.press('g', 'k');
    return console.screen().includes('── the log begins here ──');
  };
  await console.until(toBeginning, 'the beginning', PATIENT);
  await console.sees(/^line 1 *$/m);
  console.press('ctrl-s');
  await console.sees('Saved 7,000 lines', PATIENT);
  const [name = ''] = (await readdir(home.config)).filter((file) => file.endsWith('.log'));
  const saved = await readFile(join(home.config, name), 'utf8');
  const texts = saved.split('\n').map((line) => line.slice(line.indexOf(' out ') + 5));
  expect(texts.slice(0, -1)).toEqual(Array.from({ length: 7_000 }, (_, at) => `line ${at + 1}`));
  console.press('G', 'v', 'k', 'c');
  await console.sees('clipboard (OSC 52)');
  const copied = Buffer.from('line 6999\nline 7000').toString('base64');
  expect(console.written).toContain(`\x1b]52;c;${copied}`);
}, 120_000);

test('p shows what was logged before the last start, and nothing of what came after', async () => {
  const script =
    'n=$(cat /n 2>/dev/null || echo 0); n=$((n+1)); echo $n >/n; echo "run $n says"; sleep 10000';
  await run('restarts', script);
  await using console = await openLog('restarts');
  console.press('p');
  await console.sees('started only once');
  console.press('esc');
  await engine.docker('restart', '-t', '1', 'restarts');
  await console.sees('restarts');
  console.press('p');
  await console.sees('run 1 says', PATIENT);
  await console.sees('before its last start');
  expect(console.screen()).not.toContain('run 2');
  console.press('0');
  await console.sees('run 2 says', PATIENT);
}, 120_000);
