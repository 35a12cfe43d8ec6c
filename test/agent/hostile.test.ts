/** Whatever comes over the wire gets a clear answer in bounded time, and the agent serves on. */
import { once } from 'node:events';
import { connect as connectPlain } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startAgent, type TestAgent } from '../support/agent.ts';
import { AgentClient } from '../support/agent-client.ts';

let agent: TestAgent;
let client: AgentClient;
beforeAll(async () => {
  agent = await startAgent({ socketPath: '/nowhere/docker.sock' });
  client = new AgentClient(agent);
});
afterAll(async () => {
  await agent[Symbol.asyncDispose]();
});
afterEach(async () => {
  expect((await client.call('/ping', { isUnsigned: true })).status).toBe(204);
  expect(agent.log()).not.toContain('"level":"error"');
});

/** Sends and gives back all that comes until the agent ends the connection. */
async function talk(...parts: (string | Buffer)[]): Promise<string> {
  const socket = await client.connect();
  const got = collect(socket);
  for (const part of parts) if (!socket.destroyed) socket.write(part);
  return await got;
}

function collect(socket: Duplex): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
    });
    socket.on('error', () => undefined);
    socket.on('end', () => socket.end());
    socket.on('close', () => resolve(text));
  });
}

test.each([
  ['no HTTP at all', '\x16\x03\x01garbage\r\n\r\n', 400],
  [
    'a header over 16 KiB',
    `GET /ping HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
    431,
  ],
  [
    'two lengths',
    'POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
    400,
  ],
  [
    'a length and chunks',
    'POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    400,
  ],
  ['no host', 'GET /ping HTTP/1.1\r\n\r\n', 400],
])('%s', async (_, bytes, status) => {
  const answer = await talk(bytes);
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
});

test('a target that is a URL, and a path that climbs, are no way around the signature', async () => {
  const options = 'Host: a\r\nConnection: close\r\n\r\n';
  expect(await talk(`GET https://a/ping HTTP/1.1\r\n${options}`)).toMatch(/^HTTP\/1.1 400 /);
  for (const path of ['/ping/../info', '/v2/../info', '/%70ing', '//ping', '/health/', '/PING']) {
    expect(await talk(`GET ${path} HTTP/1.1\r\n${options}`)).toMatch(/^HTTP\/1.1 403 /);
  }
});

test('a body on a route that takes none is refused and ends the connection', async () => {
  const answer = await talk('GET /ping HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello');
  expect(answer).toMatch(/^HTTP\/1.1 400 .*Connection: close.*This route takes no body\./s);
});

test('a gigabyte that nobody asked for is refused before it has come', async () => {
  const head = 'POST /images/load HTTP/1.1\r\nHost: a\r\nContent-Length: 1073741824\r\n\r\n';
  const startedAt = performance.now();
  const answer = await talk(head, Buffer.alloc(1 << 20));
  expect(answer).toMatch(/^HTTP\/1.1 403 .*Missing request signature headers/s);
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});

test('who waits for 100 Continue learns of a refusal at once', async () => {
  const head =
    'POST /images/load HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n';
  expect(await talk(head)).toMatch(/^HTTP\/1.1 403 /);
});

test('headers that dribble in and connections that say nothing are given up', async () => {
  const { host, port } = agent;
  const [slow, secure] = await Promise.all([client.connect(), client.connect()]);
  const silent = connectPlain({ host, port });
  const [answer] = [collect(slow), collect(secure), collect(silent)];
  slow.write('GET /ping HTTP/1.1\r\nHost: a\r\n');
  const drip = setInterval(() => slow.write('X: y\r\n'), 500);
  const closed = [secure, silent].map((socket) => once(socket, 'close'));
  expect(await answer).toMatch(/^HTTP\/1.1 408 /);
  clearInterval(drip);
  await Promise.all(closed);
}, 30_000);

test('old TLS is refused', async () => {
  const { host, port } = agent;
  const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', rejectUnauthorized: false } as const;
  const socket = connectTls({ host, port, ...old, ciphers: 'DEFAULT@SECLEVEL=0' });
  await expect(once(socket, 'secureConnect')).rejects.toThrow();
});

test('plain HTTP on the TLS port ends', async () => {
  const { host, port } = agent;
  const socket = connectPlain({ host, port });
  socket.on('error', () => undefined);
  socket.write('GET /ping HTTP/1.1\r\nHost: a\r\n\r\n');
  socket.resume();
  await once(socket, 'close');
});

test('an upgrade is refused without a signature and where there is nothing to upgrade to', async () => {
  const upgrade = 'Host: a\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n';
  const length = 'Content-Length: 2\r\n\r\n{}GET /ping HTTP/1.1\r\nHost: a\r\n\r\n';
  const refused = await talk(`POST /exec/a/start HTTP/1.1\r\n${upgrade}${length}`);
  expect(refused).toMatch(/^HTTP\/1.1 403 /);
  // What follows on such a connection is never taken for a second request.
  expect(refused.match(/HTTP\/1.1/g)).toHaveLength(1);
  expect(await talk(`GET /ping HTTP/1.1\r\n${upgrade}\r\n`)).toMatch(/^HTTP\/1.1 400 /);
});

test('malformed and oversized JSON', async () => {
  const put = (body: string) => client.call('/browse/rename?volumeID=v', { method: 'PUT', body });
  const malformed = await put('{"CurrentFilePath":');
  expect([malformed.status, malformed.json()]).toMatchObject([
    400,
    { message: 'Invalid request payload' },
  ]);
  expect((await put('[]')).status).toBe(400);
  expect((await put('{}')).status).toBe(400);
  expect((await put(`{"a":"${'x'.repeat(100_000)}"}`)).status).toBe(413);
});

test('paths of the agent’s own that do not exist never reach the engine', async () => {
  const found = await Promise.all(
    ['/browse', '/browse/nope', '/v1/browse/v/nope', '/host', '/v2/kubernetes/stack'].map((path) =>
      client.call(path),
    ),
  );
  for (const { status, text } of found)
    expect([status, text]).toEqual([404, '404 page not found\n']);
  expect((await client.call('/browse/ls', { method: 'POST' })).status).toBe(405);
  expect((await client.call('/v1.41/agents')).status).toBe(503);
  expect((await client.call('/v1/agents')).json()).toMatchObject({
    message: 'Agent management is not available when running the agent on a standalone engine',
  });
});

test('what needs no engine is told without one', async () => {
  expect((await client.call('/v1/host/info')).json()).toEqual({
    PCIDevices: expect.any(Array),
    PhysicalDisks: expect.any(Array),
  });
  const hub = await client.call('/v2/dockerhub', { method: 'POST', body: '[]' });
  expect([hub.status, (await client.call('/v2/dockerhub')).status]).toEqual([400, 405]);
});
