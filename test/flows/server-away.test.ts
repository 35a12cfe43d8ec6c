/** The server goes away while a question is open: it stays, its answer is a sentence, nothing is sent twice, and all works afterwards. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Closing } from '../support/closing.ts';
import { type MadeUpEngine, startMadeUpEngine } from '../support/made-up-engine.ts';
import { pressUntil } from '../support/press-until.ts';
import { openConsole } from '../support/served-fleet.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { signedInFolder } from '../support/signed-in.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { TestTerminal } from '../support/terminal.ts';
import { until } from '../support/until.ts';

const PATIENCE = { timeoutMs: 30_000 };

const closing = new Closing();
let engine: MadeUpEngine;
let dataFolder: string;
let config: string;
let server: TestServer;

/** On the port it had before, if it ever ran. */
async function serve(): Promise<void> {
  const where = server ? ['--bind-https', `127.0.0.1:${server.port}`] : [];
  const args = ['-H', `unix://${engine.socketPath}`, ...where];
  server = closing.use(await startServer({ args, dataFolder }));
}

beforeAll(async () => {
  engine = closing.use(await startMadeUpEngine([{ name: 'web-1' }, { name: 'web-2' }]));
  dataFolder = closing.use(await temporaryFolder()).path;
  await serve();
  config = await signedInFolder(server, closing);
});
afterAll(() => closing.close());

async function confirmStop(console: TestTerminal): Promise<void> {
  console.press('ctrl-t');
  await console.sees('Stop local/web-1?');
  await pressUntil(console, 'tab', '[ Stop ]');
  console.press('enter');
  await console.seesNo('Stop local/web-1?');
}

async function killServer(): Promise<void> {
  server.kill('SIGKILL');
  await server.exit;
}

const stops = () => engine.changes.filter((one) => one.endsWith('/stop'));

test('a question outlives its server; what was confirmed meanwhile failed in a sentence, and is not done later', async () => {
  await using console = await openConsole(config, { cols: 100, rows: 30 });
  await console.sees('2 of 2', PATIENCE);
  console.press('ctrl-t');
  await console.sees('Stop local/web-1?');
  await killServer();
  await console.sees('CONNECTION LOST', PATIENCE);
  expect(console.screen()).toContain('Stop local/web-1?');
  await pressUntil(console, 'tab', '[ Stop ]');
  console.press('enter');
  await console.sees(/Stop local\/web-1 failed: .*nothing listens there/, PATIENCE);
  await serve();
  await console.sees(/live, data \d+s old/, PATIENCE);
  expect(stops()).toEqual([]);
  await confirmStop(console);
  console.press('@');
  await console.sees('local/web-1 stopped in', PATIENCE);
  expect(stops()).toHaveLength(1);
});

test('cut off while it was under way, it is said that nobody knows its end, and it is not sent again', async () => {
  await using console = await openConsole(config, { cols: 100, rows: 30 });
  await console.sees('2 of 2', PATIENCE);
  const before = stops().length;
  let letGo = () => {};
  engine.hold = new Promise((resolve) => {
    letGo = resolve;
  });
  await confirmStop(console);
  await until(() => stops().length === before + 1);
  await killServer();
  await console.sees('CONNECTION LOST', PATIENCE);
  console.press('@');
  await console.sees(
    /Stop local\/web-1 failed: [\s\S]*Whether it was\s+done is not known/,
    PATIENCE,
  );
  await serve();
  await console.sees(/live, data \d+s old/, PATIENCE);
  letGo();
  engine.hold = undefined;
  expect(stops()).toHaveLength(before + 1);
});
