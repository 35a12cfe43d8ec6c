/** Exec and attach sessions that are recorded, through each door there is; who may read them, and what the trail says of them. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { readCast } from '../../../src/tui/commands/cast.ts';
import { startAgent } from '../../support/agent.ts';
import { Closing } from '../../support/closing.ts';
import { proxiedCli } from '../../support/docker-cli.ts';
import { startEngine, type TestEngine } from '../../support/engine.ts';
import { type InProcessServer, startInProcessServer } from '../../support/in-process-server.ts';
import { until } from '../../support/until.ts';

const PASSWORD = 'plenty of sea horses at noon';
const closing = new Closing();
let engine: TestEngine;
let server: InProcessServer;
let agentId: number;

beforeAll(async () => {
  engine = closing.use(await startEngine({ version: 'new', name: 'recorded' }));
  await engine.docker('run', '-d', '--name', 'runs', 'busybox', 'sleep', '1000');
  await engine.docker('run', '-dit', '--name', 'term', 'busybox', 'sh');
  await engine.docker('run', '-di', '--name', 'piped', 'busybox', 'sh');
  const settings = { engineUrl: `unix://${engine.socketPath}` };
  server = closing.use(await startInProcessServer({ settings }));
  const agent = closing.use(await startAgent({ socketPath: engine.socketPath }));
  const URL = `tcp://${agent.host}:${agent.port}`;
  const wish = { Name: 'agent', EndpointCreationType: 2, URL };
  agentId = (await server.api('POST', '/api/endpoints', wish)).body.Id;
}, 120_000);
afterAll(() => closing.close());
beforeEach(async () => {
  await set({ everywhere: true, environmentIds: [], maxMegabytes: 1_024 });
});

const set = (wish: object) => server.api('PUT', '/api/fleet/recording', wish);
const list = async (): Promise<readonly { id: string; bytes: number }[]> =>
  (await server.api('GET', '/api/fleet/recordings')).body.recordings;

async function createExec(environmentId: number, Cmd: string[], Tty = true): Promise<string> {
  const wish = { AttachStdin: true, AttachStdout: true, AttachStderr: true, Tty, Cmd };
  const path = `/api/endpoints/${environmentId}/docker/containers/runs/exec`;
  return (await server.api('POST', path, wish)).body.Id;
}

async function openSocket(kind: 'exec' | 'attach', environmentId: number, id: string) {
  const query = `endpointId=${environmentId}&id=${id}&token=${await server.signIn()}`;
  const url = `${server.url.replace('https:', 'wss:')}/api/websocket/${kind}?${query}`;
  const socket = new WebSocket(url, { rejectUnauthorized: false });
  await once(socket, 'open');
  return socket;
}

/** A shell over the WebSocket of an environment, in which words are said and heard. */
async function session(environmentId: number, words: string): Promise<void> {
  const id = await createExec(environmentId, ['sh']);
  const socket = await openSocket('exec', environmentId, id);
  let text = '';
  socket.on('message', (data) => {
    text += String(data);
  });
  await server.api('POST', `/api/endpoints/${environmentId}/docker/exec/${id}/resize?h=17&w=91`);
  socket.send(`echo ${words} | tr a-z A-Z\n`);
  while (!text.includes(words.toUpperCase())) await once(socket, 'message');
  socket.send('exit\n');
  await once(socket, 'close');
}

/** The recording in which this was said, once it is whole. */
async function recordingOf(words: string) {
  let found: { readonly id: string; readonly text: string } | undefined;
  await until(async () => {
    for (const { id } of await list()) {
      const text = await readFile(join(server.dataFolder, 'recordings', `${id}.cast`), 'utf8');
      if (text.includes(words)) found = { id, text };
    }
    return found !== undefined;
  });
  return found as { readonly id: string; readonly text: string };
}

const heard = (text: string) =>
  readCast(text, 'test')
    .events.filter(({ kind }) => kind === 'o')
    .map(({ data }) => data)
    .join('');

test.each([
  ['an engine of its own', () => 1],
  ['an agent', () => agentId],
])('a shell in %s: who, where, what was said and how large', async (name, id) => {
  const words = `said to ${name.replaceAll(' ', '-')}`;
  await session(id(), words);
  const { id: recording, text } = await recordingOf(words.toUpperCase());
  const cast = readCast(text, 'test');
  expect(cast.title).toMatch(/^admin in .+\/runs$/);
  expect(cast.command).toBe('sh');
  expect(cast.events).toContainEqual(expect.objectContaining({ kind: 'r', data: '91x17' }));
  const { mode } = await stat(join(server.dataFolder, 'recordings', `${recording}.cast`));
  expect(mode & 0o777).toBe(0o600);
});

test('docker exec through the proxy, with a terminal and without', async () => {
  const login = { password: 'twelve characters and more', description: 'cli' };
  const { rawAPIKey: apiKey } = (await server.api('POST', '/api/users/1/tokens', login)).body;
  const serverUrl = server.url;
  await using cli = await proxiedCli({ serverUrl, environmentId: 1, apiKey });
  const script = ['sh', '-c', 'read line; echo out-$line; echo err-$line >&2'];
  const { code } = await cli.run(['exec', '-i', 'runs', ...script], 'plain\n');
  expect(code).toBe(0);
  const { text } = await recordingOf('err-plain');
  expect(heard(text).split('\n').sort()).toEqual(['', 'err-plain', 'out-plain']);
  // The terminal's echo is written by the engine; what was typed at a hidden prompt is not.
  expect(text).not.toContain('"i"');
});

test.each([
  ['an engine of its own', () => 1],
  ['an agent', () => agentId],
])('an attach with a terminal in %s is recorded, with its size', async (name, id) => {
  const words = `attached to ${name.replaceAll(' ', '-')}`;
  const container = await engine.docker('inspect', '-f', '{{.Id}}', 'term');
  const socket = await openSocket('attach', id(), container);
  await server.api('POST', `/api/endpoints/${id()}/docker/containers/term/resize?h=18&w=92`);
  socket.send(`echo ${words} | tr a-z A-Z\n`);
  const { text: soFar } = await recordingOf(words.toUpperCase());
  expect(soFar).toContain('92x18');
  socket.close();
  await once(socket, 'close');
  const cast = readCast(soFar, 'test');
  expect([cast.title, cast.command]).toEqual([expect.stringMatching(/\/term$/), 'sh']);
});

test("an attach over the engine's own WebSocket, through the proxy, is recorded", async () => {
  const path = '/api/endpoints/1/docker/containers/term/attach/ws?stream=1&stdin=1&stdout=1';
  const headers = { Authorization: `Bearer ${await server.signIn()}` };
  const url = server.url.replace('https:', 'wss:') + path;
  const socket = new WebSocket(url, { headers, rejectUnauthorized: false });
  await once(socket, 'open');
  socket.send('echo over its socket | tr a-z A-Z\n');
  const { text } = await recordingOf('OVER ITS SOCKET');
  expect(readCast(text, 'test').title).toBe('admin in local/term');
  socket.close();
  await once(socket, 'close');
});

test('who types into a container without a terminal is recorded, who only listens is not', async () => {
  const before = (await list()).length;
  const listen = (container: string, query: string) => {
    const path = `/api/endpoints/1/docker/containers/${container}/attach?stream=1&stdout=1${query}`;
    return server.api('POST', path);
  };
  const listening = Promise.allSettled([listen('piped', '&stdin=0'), listen('runs', '&stdin=1')]);
  const login = { password: 'twelve characters and more', description: 'typing' };
  const { rawAPIKey: apiKey } = (await server.api('POST', '/api/users/1/tokens', login)).body;
  const serverUrl = server.url;
  await using cli = await proxiedCli({ serverUrl, environmentId: 1, apiKey });
  const input = 'echo typed | tr a-z A-Z\nexit\n';
  const said = await cli.run(['run', '-i', '--name', 'typed', 'busybox', 'sh'], input);
  expect(said).toMatchObject({ code: 0, stdout: 'TYPED\n' });
  const { text } = await recordingOf('TYPED');
  expect([heard(text), readCast(text, 'test').title]).toEqual(['TYPED\n', 'admin in local/typed']);
  expect(await list()).toHaveLength(before + 1);
  await engine.docker('restart', '-t', '0', 'piped', 'runs');
  await listening;
});

test('the trail has the hash of the file, and each reading of it', async () => {
  await session(1, 'to be vouched for');
  const { id, text } = await recordingOf('TO BE VOUCHED FOR');
  const sha256 = createHash('sha256').update(text).digest('hex');
  const path = `/api/fleet/recordings/${id}/sha256/${sha256}`;
  const rows = async () => (await server.api('GET', '/api/fleet/audit?limit=20')).body.rows;
  await until(async () => (await rows()).some((row: { path: string }) => row.path === path));
  expect((await server.api('GET', `/api/fleet/recordings/${id}`)).text).toBe(text);
  const [read] = await rows();
  expect(read).toMatchObject({ action: 'secrets', path: `/api/fleet/recordings/${id}` });
});

test('only administrators read and set; what is no recording is not found', async () => {
  await server.api('POST', '/api/users', { Username: 'eve', Password: PASSWORD, Role: 2 });
  const headers = { Authorization: `Bearer ${await server.signIn('eve', PASSWORD)}` };
  for (const path of ['/api/fleet/recording', '/api/fleet/recordings', '/api/fleet/recordings/x'])
    expect((await server.call(path, { headers })).status).toBe(403);
  const odd = ['x', '..%2f..%2ffleet.db', '1766000000000-0123456789ab'];
  for (const id of odd) {
    const { status } = await server.api('GET', `/api/fleet/recordings/${id}`);
    expect([400, 404]).toContain(status);
  }
  expect((await set({ keepDays: 0 })).status).toBe(400);
  expect((await set({ everything: true })).status).toBe(400);
});

test('nothing is recorded where nobody asked for it, and one environment can be named', async () => {
  await set({ everywhere: false, environmentIds: [agentId] });
  const before = (await list()).length;
  await session(1, 'unheard');
  await session(agentId, 'heard');
  await recordingOf('HEARD');
  expect(await list()).toHaveLength(before + 1);
});

test('the oldest go when there is no room', async () => {
  await set({ maxMegabytes: 1 });
  const lots = 'yes abcdefghijklmnopqrstuvwxyz | head -n 30000';
  for (const _ of [1, 2, 3]) {
    const id = await createExec(1, ['sh', '-c', lots]);
    const start = { Detach: false, Tty: true };
    await server.api('POST', `/api/endpoints/1/docker/exec/${id}/start`, start);
  }
  const sizes = async () => (await list()).reduce((sum, { bytes }) => sum + bytes, 0);
  await until(async () => (await sizes()) < 1_100_000);
  const files = await readdir(join(server.dataFolder, 'recordings'));
  expect(files).toHaveLength(1);
});
