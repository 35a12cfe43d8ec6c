/** The console lends its terminal to a container and takes it back: shells, attach, and a command in many containers. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Closing } from '../support/closing.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { openTestTerminal, type TestTerminal } from '../support/terminal.ts';

const closing = new Closing();
let engine: TestEngine;

beforeAll(async () => {
  engine = closing.use(await startEngine({ version: 'old', name: 'shell' }));
  await engine.docker('run', '-d', '--init', '--name', 'box', 'busybox', 'sleep', '10000');
}, 120_000);
afterAll(() => closing.close());

/** The console with the named container alone in its list. */
async function openConsole(filter: string): Promise<TestTerminal> {
  const terminal = await openTestTerminal({
    command: process.execPath,
    args: ['dist/fleet-tui.js', '--docker', `unix://${engine.socketPath}`],
    cols: 100,
    rows: 30,
  });
  await terminal.sees(/live, data/);
  terminal.type(`/${filter}`);
  terminal.press('enter');
  await terminal.sees(new RegExp(`/${filter} `));
  await terminal.sees(new RegExp(`^> \\S ${filter}`, 'm'));
  return terminal;
}

async function isBack(terminal: TestTerminal, words: string): Promise<void> {
  await terminal.sees(words);
  expect(terminal.isAlternate).toBe(true);
  expect(terminal.isCursorHidden).toBe(true);
  expect(terminal.isPasteMarked).toBe(true);
  expect(terminal.line(0)).toMatch(/fleet.*live, data/);
}

const shells = async () =>
  (await engine.docker('exec', 'box', 'ps')).split('\n').filter((line) => / sh$/.test(line)).length;

test('a shell: size, UTF-8, ctrl-c, a resize, and back by exit', async () => {
  await using terminal = await openConsole('box');
  terminal.press('s');
  await terminal.sees(/-- shell in \S+\/box: exit, or ctrl-\] then q/);
  await terminal.sees('/ # ');
  expect(terminal.isAlternate).toBe(false);
  expect(terminal.isCursorHidden).toBe(false);
  terminal.type('stty size; echo "<café 日本 🚀>"\r');
  await terminal.sees('30 100');
  await terminal.sees('<café 日本 🚀>');
  const trap = 'trap "echo cau""ght; exit" INT; echo be""gun; while :; do sleep 0.05; done';
  terminal.type(`sh -c '${trap}'\r`);
  await terminal.sees('begun');
  terminal.press('ctrl-c');
  await terminal.sees('caught');
  terminal.type('until stty size | grep "20 72"; do sleep 0.02; done; echo resi""zed\r');
  terminal.resize(72, 20);
  await terminal.sees('resized');
  terminal.type('exit 5\r');
  await isBack(terminal, 'ended with status 5');
  expect(terminal.screen()).toMatch(/^> \S box/m);
  terminal.press('d');
  await terminal.sees('policy no');
  terminal.press('esc');
  await terminal.seesNo('policy no');
  terminal.press('Q');
  expect((await terminal.exit).code).toBe(0);
});

test('what is typed behind the key in the same packet goes to the shell', async () => {
  await using terminal = await openConsole('box');
  terminal.type('secho ty""ped日本; exit 3\r');
  await isBack(terminal, 'ended with status 3');
  expect(terminal.written).toContain('typed日本\r\n');
});

test('ctrl-] q leaves a full-screen program, resets what it set, and ends the shell', async () => {
  await using terminal = await openConsole('box');
  terminal.press('s');
  await terminal.sees('/ # ');
  terminal.type("printf '\\033[?1049h\\033[?1000h\\033[?1h\\033[5;10r\\033(0lqk'; vi\r");
  await terminal.until(() => terminal.isAlternate, 'the other screen');
  terminal.press('ctrl-]', 'ctrl-]');
  terminal.type('\x1dqd');
  await terminal.sees('was told to end');
  await isBack(terminal, 'restarts');
  expect(terminal.screen()).toContain('describe');
  await expect.poll(shells, { timeout: 10_000 }).toBe(0);
});

test('twenty times to and fro nothing typed is lost', async () => {
  await using terminal = await openConsole('box');
  for (let round = 1; round <= 20; round++) {
    terminal.type(`secho "<ro""und${round}>"\r`);
    await terminal.sees(`<round${round}>`);
    const byExit = round % 2 === 0;
    terminal.type(byExit ? `exit ${round}\r` : '\x1dq');
    await terminal.until(() => terminal.isAlternate, 'the console');
    terminal.press('d');
    await terminal.sees('policy no');
    terminal.press('esc');
    await terminal.sees(/^> \S box/m);
  }
});

test('a flood from the shell is cut off at once by leaving', async () => {
  await using terminal = await openConsole('box');
  terminal.press('s');
  await terminal.sees('/ # ');
  terminal.type('yes 日本語 fleet\r');
  await terminal.sees('日本語 fleet');
  terminal.type('\x1dq');
  await isBack(terminal, 'was told to end');
  await expect.poll(shells, { timeout: 10_000 }).toBe(0);
});

/** A container with one program and nothing else in it. */
async function runBare(name: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'fleet-bare-'));
  closing.defer(() => rm(folder, { recursive: true, force: true }));
  await engine.docker('cp', '-L', 'box:/bin/busybox', join(folder, 'busybox'));
  const tar = join(folder, 'bare.tar');
  execFileSync('tar', ['-C', folder, '-cf', tar, 'busybox']);
  await engine.docker('import', tar, 'bare');
  await engine.docker('run', '-d', '--name', name, 'bare', '/busybox', 'sleep', '1000');
}

test('a container without a shell says so, and a plain command runs in it all the same', async () => {
  await runBare('bare');
  await using terminal = await openConsole('bare');
  terminal.press('s');
  await isBack(terminal, 'has no shell: neither bash nor sh nor ash is in it.');
  terminal.type(':exec /busybox echo spoken');
  terminal.press('enter');
  await terminal.sees('Run a command in');
  await terminal.until(() => {
    if (terminal.screen().includes('Run a command in')) terminal.press('y');
    return terminal.screen().includes('all with status 0');
  }, 'the answer');
  await terminal.sees(/^ {3}spoken/m);
});

test('a container that does not run says so', async () => {
  await engine.docker('create', '--name', 'idle', 'busybox');
  await using terminal = await openConsole('idle');
  terminal.press('s');
  await terminal.sees("Can't shell: it is created, not running.");
  expect(terminal.isAlternate).toBe(true);
});

test('attach: the container’s own terminal, docker’s keys and ours leave it running', async () => {
  await engine.docker('run', '-dit', '--name', 'tty', 'busybox', 'sh');
  await using terminal = await openConsole('tty');
  for (const leave of ['\x10\x11', '\x1dq']) {
    terminal.press('a');
    await terminal.sees('-- attached to');
    terminal.type('stty size; echo jo""ined\r');
    await terminal.sees('joined');
    expect(terminal.screen()).toContain('30 100');
    terminal.type(leave);
    await terminal.until(() => terminal.isAlternate, 'the console');
    await terminal.sees(leave === '\x1dq' ? /Left \S+\/tty; it goes on/ : /Detached from/);
  }
  expect(await engine.docker('inspect', '-f', '{{.State.Running}}', 'tty')).toBe('true');
});

test('attach to a container without a terminal shows lines; ctrl-c comes back and does no harm', async () => {
  const script = 'while :; do echo tick; echo tock; sleep 0.1; done';
  await engine.docker('run', '-d', '--name', 'ticker', 'busybox', 'sh', '-c', script);
  await using terminal = await openConsole('ticker');
  terminal.press('a');
  await terminal.sees(/^tick\n^tock$/m);
  terminal.press('ctrl-c');
  await isBack(terminal, 'it goes on');
  expect(await engine.docker('inspect', '-f', '{{.State.Running}}', 'ticker')).toBe('true');
  await engine.docker('rm', '-f', 'ticker');
});

test(':exec runs in all marked containers, keeps what they print, and a failure stops no other', async () => {
  for (const name of ['many-a', 'many-b', 'many-c']) {
    await engine.docker('run', '-d', '--name', name, '--hostname', name, 'busybox', 'sleep', '900');
  }
  await using terminal = await openConsole('many');
  terminal.press('*');
  terminal.type(':exec hostname; seq 1 30000; test $(hostname) != many-b');
  terminal.press('enter');
  await terminal.sees('Run a command in 3 containers?');
  await terminal.sees('3 containers');
  // Deaf in its first moments: pressed again until it is heard, each time with time to show it.
  do terminal.press('tab');
  while (
    !(await terminal.sees('[ Run in 3 ]', { timeoutMs: 1_000 }).then(
      () => true,
      () => false,
    ))
  );
  terminal.press('enter');
  await terminal.sees(/3 containers, 2 with status 0, 1 failed/);
  expect(terminal.screen()).toMatch(/o \S+\/many-a {2}status 0/);
  terminal.press('G');
  await terminal.sees(/more let go/);
  terminal.press('esc');
  await terminal.sees(/3 of \d+/);
});
