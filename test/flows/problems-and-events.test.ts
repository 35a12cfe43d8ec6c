/** A container that really turns ill and one that really loops: their problems, events and history, and the console's own log. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Closing } from '../support/closing.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { pressAway } from '../support/press-until.ts';
import { type ServedFleet, serveFleet } from '../support/served-fleet.ts';
import type { TestTerminal } from '../support/terminal.ts';

const closing = new Closing();
const PATIENCE = { timeoutMs: 60_000 };
let engine: TestEngine;
let fleet: ServedFleet;
let console: TestTerminal;

beforeAll(async () => {
  engine = closing.use(await startEngine({ version: 'new', name: 'ills' }));
  fleet = await serveFleet(closing, engine.socketPath);
  console = closing.use(await fleet.console({ cols: 120, rows: 40 }));
  await console.sees('2 CONTAINERS', PATIENCE);
  await console.sees('live', PATIENCE);
  const check = ['--health-cmd', 'test -e /tmp/well', '--health-interval', '1s'];
  const retries = ['--health-retries', '1'];
  await engine.docker(
    'run',
    '-d',
    '--name',
    'ill',
    ...check,
    ...retries,
    'busybox',
    'sleep',
    '9999',
  );
  await engine.docker('run', '-d', '--name', 'loop', '--restart', 'always', 'busybox', 'false');
}, 120_000);
afterAll(() => closing.close());

test('8 lists what is wrong; who sees to it may say why, and everybody is told', async () => {
  console.press('8');
  await console.sees(/! .* ill +its health check fails/, PATIENCE);
  await console.sees(/! .* loop +keeps restarting, last exit status 1/, PATIENCE);
  console.press('/');
  console.type('unhealthy');
  console.press('enter');
  await console.sees(/> ! .* ill /);
  console.press('a');
  console.type('a new image is on its way');
  console.press('enter');
  await console.sees(/ill .* ack admin: a new image/, PATIENCE);
  console.press('m');
  console.type('2h');
  console.press('enter');
  await console.sees('Muted for 2h: 1 problem.', PATIENCE);
  await console.sees(/> z .* ill /, PATIENCE);
});

test('b tells the history of the ill one: its engine, its problem, and what people said', async () => {
  console.press('b');
  await console.sees(/history of .*\/ill /, PATIENCE);
  await console.sees(/engine +run began/, PATIENCE);
  await console.sees(/engine +health check: unhealthy/, PATIENCE);
  await console.sees(/problem +problem began: its health check fails/);
  await console.sees(/problem +acknowledged by admin: a new image is on its way/);
  const container = '/api/endpoints/1/docker/containers/ill';
  for (const deed of ['pause', 'unpause']) await fleet.server.api('POST', `${container}/${deed}`);
  console.press('f5');
  await console.sees(/server +unpause by admin/, PATIENCE);
});

test('7 follows what happens, and tells when it gets well', async () => {
  console.press('7');
  await console.sees('7 EVENTS');
  await console.sees(/ill +feed +running unhealthy/, PATIENCE);
  await console.sees(/loop +feed +(restarting|exited 1|running)/, PATIENCE);
  await engine.docker('exec', 'ill', 'touch', '/tmp/well');
  console.press('/');
  console.type('name:ill');
  console.press('enter');
  await console.sees(/ill +feed +running healthy/, PATIENCE);
  console.press('enter');
  await console.sees('describe');
});

test('= says who works on the host and why, everybody is told, and = again ends it', async () => {
  console.press('esc');
  await console.sees('/name:ill');
  console.press('1');
  await console.sees('1 ENVIRONMENTS');
  console.press('=');
  await console.sees('maintenance of local');
  console.type('a new kernel');
  console.press('enter');
  await console.sees(/= local +maint\. /, PATIENCE);
  const { body } = await fleet.server.api('GET', '/api/fleet/audit');
  expect(JSON.stringify(body)).toContain('/api/fleet/environments/1/maintenance');
  console.press('=');
  await console.sees('End the maintenance of local?');
  expect(console.screen()).toContain('local: by admin: a new kernel');
  await pressAway(console, 'y', 'End the maintenance');
  await console.seesNo('maint. ', PATIENCE);
});

test('~ tells what went on in the console, and its file has it too', async () => {
  console.press('~');
  await console.sees(/info +snapshot \d+ of the fleet: 1 environment/);
  console.press(':');
  console.type('info');
  console.press('enter');
  await console.sees(/server +0\.1\.0/, PATIENCE);
  console.press('G');
  await console.sees(/local +\d+ streams? open, [1-9]/);
  console.press('Q');
  expect((await console.exit).code).toBe(0);
  const log = await readFile(join(fleet.config, 'state', 'console.log'), 'utf8');
  expect(log).toMatch(/^\S+Z info {2}\[\d+\] fleet-tui \d+\.\d+\.\d+ began/m);
  expect(log).toContain('said: Muted for 2h: 1 problem.');
});
