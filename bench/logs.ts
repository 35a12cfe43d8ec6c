/**
 * Logs on real engines, the console in a pty of 120x40: one log of 2,000 lines/s, fifty logs on five hosts merged, and
 * the memory of a full view. Needs root, a built dist/ and the rig's engines.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startAgent } from '../test/support/agent.ts';
import { Closing } from '../test/support/closing.ts';
import { startEngine, type TestEngine } from '../test/support/engine.ts';
import { startServer, type TestServer } from '../test/support/server.ts';
import { openTestTerminal, type TestTerminal } from '../test/support/terminal.ts';
import { cpuMs, residentMiB } from './support/process-cost.ts';

const LINES_PER_SECOND = 2_000;
const HOSTS = 5;
const LOGS_EACH = 10;
const BURST = 60_000;
const SETTLE_MS = 5_000;
const MEASURE_MS = 10_000;
const PATIENT = { timeoutMs: 60_000 };
const TEXT = 'INFO GET /cart/7f3a 200 31ms upstream=pay-2 bytes=18231';

/** Writes so many lines, no two alike, in tenths of a second, as near to it as a shell comes. */
const writer = (perSecond: number) =>
  `i=0; while true; do i=$((i+1)); seq ${Math.round(perSecond / 10)} | sed "s,^,INFO GET /cart/$i-,"; sleep 0.1; done`;

async function run(engine: TestEngine, name: string, script: string): Promise<void> {
  await engine.docker('run', '-d', '--init', '--name', name, 'busybox', 'sh', '-c', script);
}

/** What the console costs while it shows the view, and what that view says of itself. */
async function measure(what: string, console_: TestTerminal): Promise<void> {
  await sleep(SETTLE_MS);
  const { pid } = console_;
  const lines = () => held(console_) + letGo(console_);
  const before = { cpu: cpuMs(pid), bytes: console_.written.length, lines: lines() };
  await sleep(MEASURE_MS);
  const seconds = MEASURE_MS / 1_000;
  const share = (100 * (cpuMs(pid) - before.cpu)) / MEASURE_MS;
  const rate = (console_.written.length - before.bytes) / seconds / 1_024;
  const figures = [
    `${Math.round((lines() - before.lines) / seconds)} lines/s`,
    `${share.toFixed(1)} % of a core`,
    `${rate.toFixed(1)} KiB/s to the terminal`,
    `${residentMiB(pid).toFixed(0)} MiB`,
    `${letGo(console_)} let go`,
  ];
  console.log(`  ${what.padEnd(44)} ${figures.join('  ')}`);
}

const numberIn = (console_: TestTerminal, pattern: RegExp) =>
  Number((pattern.exec(console_.screen())?.[1] ?? '0').replaceAll(',', ''));
const held = (console_: TestTerminal) => numberIn(console_, /([\d,]+) lines/);
const letGo = (console_: TestTerminal) => numberIn(console_, /([\d,]+) older let go/);

async function openConsole(config: string, args: readonly string[]): Promise<TestTerminal> {
  return await openTestTerminal({
    command: process.execPath,
    args: ['dist/fleet-tui.js', ...args],
    env: { FLEET_TUI_CONFIG_DIR: config, SSH_TTY: undefined, SSH_CONNECTION: undefined },
    cols: 120,
    rows: 40,
  });
}

async function openView(console_: TestTerminal, filter: string, key: string): Promise<void> {
  await console_.sees(filter, PATIENT);
  console_.type(`/${filter}`);
  console_.press('enter', key);
  await console_.sees(/ logs .* follow/, PATIENT);
}

async function benchOne(engine: TestEngine, config: string): Promise<void> {
  await run(engine, 'fast', writer(LINES_PER_SECOND));
  await using console_ = await openConsole(config, ['--docker', `unix://${engine.socketPath}`]);
  await openView(console_, 'fast', 'l');
  await measure(`one log of about ${LINES_PER_SECOND} lines/s`, console_);
  await engine.docker('rm', '-f', 'fast');
}

async function benchBurst(engine: TestEngine, config: string): Promise<void> {
  const script = `until [ -e /go ]; do sleep 0.1; done; yes "${TEXT}" | head -n ${BURST}; sleep 10000`;
  await run(engine, 'bursts', script);
  await using console_ = await openConsole(config, ['--docker', `unix://${engine.socketPath}`]);
  await openView(console_, 'bursts', 'l');
  const startedAt = performance.now();
  await engine.docker('exec', 'bursts', 'touch', '/go');
  const isAll = () => held(console_) + letGo(console_) === BURST;
  await console_.until(isAll, 'the burst', PATIENT);
  const ms = Math.round(performance.now() - startedAt);
  const words = `${ms} ms  ${held(console_)} held + ${letGo(console_)} let go`;
  const memory = `${residentMiB(console_.pid).toFixed(0)} MiB`;
  console.log(`  ${`a burst of ${BURST} lines`.padEnd(44)} ${words}  ${memory}`);
  await engine.docker('rm', '-f', 'bursts');
}

async function addHost(server: TestServer, engine: TestEngine, closing: Closing): Promise<void> {
  const agent = closing.use(await startAgent({ socketPath: engine.socketPath }));
  const answer = await server.api('POST', '/api/endpoints', {
    Name: engine.name,
    EndpointCreationType: 2,
    URL: `tcp://${agent.host}:${agent.port}`,
    TLS: false,
    GroupID: 1,
  });
  if (answer.status !== 200) throw new Error(`The server refuses ${engine.name}.`);
}

async function signIn(server: TestServer, config: string): Promise<void> {
  const passwordFile = join(config, 'password');
  await writeFile(passwordFile, server.adminPassword, { mode: 0o600 });
  const credentials = ['--username', 'admin', '--password-file', passwordFile];
  const args = ['login', server.url, ...credentials, '--trust', server.fingerprint];
  await using terminal = await openConsole(config, args);
  await terminal.exit;
}

async function benchMany(first: TestEngine, config: string, closing: Closing): Promise<void> {
  const names = Array.from({ length: HOSTS - 1 }, (_, at) => `lg${at}`);
  const others: TestEngine[] = [];
  for (const name of names) others.push(closing.use(await startEngine({ version: 'new', name })));
  const server = closing.use(await startServer({ args: ['-H', `unix://${first.socketPath}`] }));
  for (const engine of others) await addHost(server, engine, closing);
  const perLog = LINES_PER_SECOND / (HOSTS * LOGS_EACH);
  for (const engine of [first, ...others]) {
    for (let log = 0; log < LOGS_EACH; log++) await run(engine, `many-${log}`, writer(perLog));
  }
  await signIn(server, config);
  await using console_ = await openConsole(config, []);
  await console_.sees(`${HOSTS * LOGS_EACH} `, PATIENT);
  await openView(console_, 'many', 'L');
  const what = `${HOSTS * LOGS_EACH} logs on ${HOSTS} hosts, ${LINES_PER_SECOND} lines/s together`;
  await measure(what, console_);
}

const closing = new Closing();
try {
  const config = await mkdtemp(join(tmpdir(), 'fleet-bench-'));
  closing.defer(() => rm(config, { recursive: true, force: true }));
  const engine = closing.use(await startEngine({ version: 'new', name: 'lg' }));
  await benchOne(engine, config);
  await benchBurst(engine, config);
  await benchMany(engine, config, closing);
} finally {
  await closing.close();
}
