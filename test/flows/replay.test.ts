/** A shell opened by a key, or an attach, is recorded, and fleet-tui replay shows it again, from the server and from a file. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Closing } from '../support/closing.ts';
import { proxiedCli } from '../support/docker-cli.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { type ServedFleet, serveFleet } from '../support/served-fleet.ts';
import { openTestTerminal, type TestTerminal } from '../support/terminal.ts';
import { until } from '../support/until.ts';

const PATIENCE = { timeoutMs: 30_000 };
const closing = new Closing();
let engine: TestEngine;
let fleet: ServedFleet;

beforeAll(async () => {
  engine = closing.use(await startEngine({ version: 'new', name: 'replay' }));
  await engine.docker('run', '-d', '--name', 'box', 'busybox', 'sleep', '10000');
  fleet = await serveFleet(closing, engine.socketPath);
  const set = await fleet.server.api('PUT', '/api/fleet/recording', { everywhere: true });
  expect(set.status).toBe(200);
}, 120_000);
afterAll(() => closing.close());

const tui = async (...args: string[]): Promise<TestTerminal> =>
  closing.use(await fleet.console({ args, cols: 100, rows: 30 }));

const recordings = async (): Promise<readonly { readonly id: string }[]> =>
  (await fleet.server.api('GET', '/api/fleet/recordings')).body.recordings;

/** The newest recording, once this was said in it. */
async function recordingOf(words: string): Promise<string> {
  let id = '';
  await until(async () => {
    id = (await recordings())[0]?.id ?? '';
    return (
      id !== '' &&
      (await fleet.server.api('GET', `/api/fleet/recordings/${id}`)).text.includes(words)
    );
  });
  return id;
}

test('a shell is recorded; its replay shows what it showed, and is ended by q', async () => {
  const console = await tui();
  await console.sees('box', PATIENCE);
  console.press('s');
  await console.sees('# ', PATIENCE);
  console.type('echo heard | tr a-z A-Z\r');
  await console.sees('HEARD', PATIENCE);
  console.type('exit\r');
  await console.sees(/containers .* 1 of 1/, PATIENCE);
  const id = await recordingOf('HEARD');
  const again = await tui('replay', id, '--speed', '8');
  await again.sees('HEARD', PATIENCE);
  expect((await again.exit).code).toBe(0);
  expect(again.screen()).toContain('admin in ');
  expect(again.screen()).toContain('The end, after ');
});

test('docker attach through the proxy is recorded with its size, and replayed', async () => {
  await engine.docker('run', '-dit', '--name', 'term', 'busybox', 'sh');
  const { server } = fleet;
  const apiKey = await server.createApiKey('cli');
  await using cli = await proxiedCli({ serverUrl: server.url, environmentId: 1, apiKey });
  const size = { cols: 91, rows: 17 };
  const command = { command: 'docker', args: ['attach', 'term'], env: cli.env };
  await using attached = await openTestTerminal({ ...command, ...size });
  attached.type('stty size; echo attached | tr a-z A-Z\r');
  await attached.sees('ATTACHED', PATIENCE);
  await attached.sees('17 91', PATIENCE);
  // Detaches.
  attached.type('\u0010\u0011');
  await attached.exit;
  const id = await recordingOf('ATTACHED');
  const again = await tui('replay', id, '--speed', '8');
  await again.sees('ATTACHED', PATIENCE);
  expect((await again.exit).code).toBe(0);
  expect(again.screen()).toMatch(/admin in .+\/term/);
});

test('a file: nothing hostile in it reaches the terminal, and q ends it in the middle', async () => {
  const lines = [
    { version: 2, width: 80, height: 24, title: 'from \u001b]0;elsewhere\u0007' },
    [0, 'o', '\u001b]0;owned\u0007\u001b]52;c;b3duZWQ=\u0007\u001b[6n\u001b[31mred text\u001b[0m'],
    [3_600, 'o', 'never reached'],
  ];
  const file = join(fleet.config, 'session.cast');
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
