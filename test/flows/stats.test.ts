/** A busy container on a real screen: its CPU in the list, its chart that moves, its processes; and what that asks of the engine. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startAgent } from '../support/agent.ts';
import { Closing } from '../support/closing.ts';
import { type CountingSocket, countingSocket } from '../support/counting-socket.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { type TuiHome, tuiHome } from '../support/fleet-tui.ts';
import { startServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openTestTerminal, type TestTerminal } from '../support/terminal.ts';
import { until } from '../support/until.ts';

const closing = new Closing();
const PATIENCE = { timeoutMs: 60_000 };
const STATS = /\/stats\?/;
const TOP = /\/top\?/;
const DOTS = /[\u2801-\u28ff]/;
let engine: TestEngine;
let wire: CountingSocket;
let home: TuiHome;

beforeAll(async () => {
  engine = closing.use(await startEngine({ version: 'new', name: 'use' }));
  const folder = closing.use(await temporaryFolder());
  wire = closing.use(await countingSocket(engine.socketPath, join(folder.path, 'docker.sock')));
  home = closing.use(await tuiHome());
  const work = 'while :; do i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; sleep 0.1; done';
  await engine.docker('run', '-d', '--name', 'busy', 'busybox', 'sh', '-c', work);
  await engine.docker('run', '-d', '--name', 'calm', 'busybox', 'sleep', '10000');
}, 60_000);
afterAll(() => closing.close());

const openConsole = (...args: string[]) =>
  openTestTerminal({
    command: process.execPath,
    args: ['dist/fleet-tui.js', ...args],
    env: home.env as Record<string, string>,
    cols: 120,
    rows: 40,
  });

const BUSY_ROW = /busy +running +(?!0%)[\d.]+[%c] +[\d.]+[KM]/;

/** The rows of the charts, without the words around them. */
const dots = (console_: TestTerminal) => console_.screen().replaceAll(/[^\u2800-\u28ff\n]/g, ' ');

test('on a socket: CPU in the list, a chart that moves, processes; each asked only while it is seen', async () => {
  await using console_ = await openConsole('--docker', `unix://${wire.path}`);
  await console_.sees(BUSY_ROW, PATIENCE);
  expect(console_.screen()).toMatch(/calm +running +[\d.]+% +[\d.]+[KM]/);

  console_.press('t');
  await console_.sees(/root .* sh -c while :/, PATIENCE);
  const stats = wire.asked(STATS);
  const tops = wire.asked(TOP);
  // While the processes are read three times, in some nine seconds, nobody looks at the list.
  await until(() => wire.asked(TOP) >= tops + 3, 60_000);
  expect(wire.asked(STATS)).toBe(stats);

  console_.press('m');
  await console_.sees(DOTS, PATIENCE);
  await console_.sees(/cpu [\d.]+% of one core/, PATIENCE);
  const before = dots(console_);
  const asked = wire.asked(TOP);
  await console_.until(
    () => dots(console_) !== before && DOTS.test(dots(console_)),
    'the chart to move',
    PATIENCE,
  );
  expect(wire.asked(TOP)).toBe(asked);
  expect(wire.mostStats).toBeLessThanOrEqual(4);
  console_.press('Q');
  expect((await console_.exit).code).toBe(0);
}, 240_000);

test('behind a server and an agent: the list sorts by CPU, the chart begins with what the server has', async () => {
  const agent = closing.use(await startAgent({ socketPath: engine.socketPath }));
  const args = ['--stats-interval', '1s'];
  const server = closing.use(await startServer({ args }));
  const created = await server.api('POST', '/api/endpoints', {
    Name: 'linked',
    EndpointCreationType: 2,
    URL: `tcp://${agent.host}:${agent.port}`,
  });
  expect(created.status).toBe(200);
  const { Id: id } = created.body as { Id: number };
  const busy = await engine.docker('inspect', '-f', '{{.Id}}', 'busy');
  const history = async () =>
    (await server.api('GET', `/api/fleet/environments/${id}/stats/${busy}/history`)).body;
  await until(async () => ((await history()) as unknown[]).length >= 5, 60_000);
  const passwordFile = join(home.config, 'password');
  await writeFile(passwordFile, server.adminPassword, { mode: 0o600 });
  const credentials = ['--password-file', passwordFile, '--trust', server.fingerprint];
  const login = await home.run('login', server.url, '--username', 'admin', ...credentials);
  expect(login).toMatchObject({ code: 0 });

  await using console_ = await openConsole('--server', server.url);
  await console_.sees(BUSY_ROW, PATIENCE);
  console_.press('C');
  await console_.sees(/CPU↑/, PATIENCE);
  console_.press('1');
  await console_.sees(/linked +up +2\/2 +[\d.]+% +[\d.]+M/, PATIENCE);
  console_.press('2', '/');
  console_.type('busy');
  console_.press('enter', 'm');
  await console_.sees(/last [1-9]\d*[sm] +measured/, PATIENCE);
  await console_.sees(DOTS, PATIENCE);
  console_.press('Q');
  expect((await console_.exit).code).toBe(0);
}, 240_000);
