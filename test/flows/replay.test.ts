/** A shell opened by a key is recorded, and fleet-tui replay shows it again, from the server and from a file. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Closing } from '../support/closing.ts';
import { startEngine } from '../support/engine.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { signedInFolder } from '../support/signed-in.ts';
import { openTestTerminal, type TestTerminal } from '../support/terminal.ts';
import { until } from '../support/until.ts';

const PATIENCE = { timeoutMs: 30_000 };
const closing = new Closing();
let server: TestServer;
let folder: string;

beforeAll(async () => {
  const engine = closing.use(await startEngine({ version: 'new', name: 'replay' }));
  await engine.docker('run', '-d', '--name', 'box', 'busybox', 'sleep', '10000');
  server = closing.use(await startServer({ args: ['-H', `unix://${engine.socketPath}`] }));
  folder = await signedInFolder(server, closing);
  const set = await server.api('PUT', '/api/fleet/recording', { everywhere: true });
  expect(set.status).toBe(200);
}, 120_000);
afterAll(() => closing.close());

async function tui(...args: string[]): Promise<TestTerminal> {
  const env = { FLEET_TUI_CONFIG_DIR: folder };
  const command = { command: process.execPath, args: ['dist/fleet-tui.js', ...args] };
  return closing.use(await openTestTerminal({ ...command, env, cols: 100, rows: 30 }));
}

const recordings = async (): Promise<readonly { readonly id: string }[]> =>
  (await server.api('GET', '/api/fleet/recordings')).body.recordings;

test('a shell is recorded; its replay shows what it showed, and is ended by q', async () => {
  const console = await tui();
  await console.sees('box', PATIENCE);
  console.press('s');
  await console.sees('# ', PATIENCE);
  console.type('echo heard | tr a-z A-Z\r');
  await console.sees('HEARD', PATIENCE);
  console.type('exit\r');
  await console.sees(/containers .* 1 of 1/, PATIENCE);
  let id = '';
  await until(async () => {
    id = (await recordings())[0]?.id ?? '';
    return (
      id !== '' && (await server.api('GET', `/api/fleet/recordings/${id}`)).text.includes('HEARD')
    );
  });

  const again = await tui('replay', id, '--speed', '8');
  await again.sees('HEARD', PATIENCE);
  expect((await again.exit).code).toBe(0);
  expect(again.screen()).toContain('admin in ');
  expect(again.screen()).toContain('The end, after ');
});

test('a file: nothing hostile in it reaches the terminal, and q ends it in the middle', async () => {
  const lines = [
    { version: 2, width: 80, height: 24, title: 'from \u001b]0;elsewhere\u0007' },
    [0, 'o', '\u001b]0;owned\u0007\u001b]52;c;b3duZWQ=\u0007\u001b[6n\u001b[31mred text\u001b[0m'],
    [3_600, 'o', 'never reached'],
  ];
  const file = join(folder, 'session.cast');
  await writeFile(file, lines.map((line) => JSON.stringify(line)).join('\n'));
  const console = await tui('replay', file);
  await console.sees('red text', PATIENCE);
  console.press('q');
  expect((await console.exit).code).toBe(0);
  expect(console.written).not.toMatch(/owned|b3duZWQ=/);
  expect(console.screen()).toContain('Ended.');
  const missing = await tui('replay', 'no-such-recording');
  expect((await missing.exit).code).not.toBe(0);
  expect(missing.screen()).toContain('has no recording no-such-recording');
});
