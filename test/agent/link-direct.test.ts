/** The door for links of an agent that listens: pairing and secrets decide, and /fleet exists for links only. */
import { connect as connectTls } from 'node:tls';
import { expect, test } from 'vitest';
import { AGENT_LINK_PATH, dialLink } from '../../src/link/dial.ts';
import { linkFingerprint } from '../../src/link/fingerprint.ts';
import { loadOrCreateKey } from '../../src/link/identity.ts';
import { signatureHeaders } from '../../src/link/signature.ts';
import type { TlsIdentity } from '../../src/link/tls-pipe.ts';
import { httpsCall } from '../support/https-call.ts';
import { type InProcessAgent, startDirectAgent } from '../support/link-agent.ts';
import { throwAwayIdentity } from '../support/link-pair.ts';
import { greet, keyOf, type ServerEnd } from '../support/link-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function dial(agent: InProcessAgent, identity: TlsIdentity, secret?: string) {
  const url = `https://127.0.0.1:${agent.port}`;
  const options = { url, path: AGENT_LINK_PATH, verify: false } as const;
  const pipe = await dialLink(options, new AbortController().signal);
  const end = await greet(pipe, identity, secret === undefined ? {} : { secret });
  return Object.assign(end, {
    [Symbol.asyncDispose]: async () => await end.link[Symbol.asyncDispose](),
  });
}

const reportOf = async (end: ServerEnd) => JSON.parse((await end.call('/fleet/report')).body);

test('without a secret the first server owns the agent, by either door, and others are told so', async () => {
  await using folder = await temporaryFolder();
  await using agent = await startDirectAgent({ DATA_PATH: folder.path });
  const owner = await throwAwayIdentity();
  await using end = await dial(agent, owner);
  expect((await end.call('/ping')).status).toBe(204);
  expect(await reportOf(end)).toMatchObject({ fingerprint: end.fingerprint });
  await expect(dial(agent, await throwAwayIdentity())).rejects.toMatchObject({
    code: 'forbidden',
    message: expect.stringContaining(linkFingerprint(keyOf(owner))),
  });
  const stranger = signatureHeaders(await loadOrCreateKey(folder.path));
  const refused = await httpsCall(`https://127.0.0.1:${agent.port}`, '/version', {
    headers: stranger,
  });
  expect(refused.status).toBe(403);
});

test('the owner announces its next key, which then owns the agent alone', async () => {
  await using folder = await temporaryFolder();
  await using agent = await startDirectAgent({ DATA_PATH: folder.path });
  const [first, second] = [await throwAwayIdentity(), await throwAwayIdentity()];
  await using end = await dial(agent, first);
  const body = JSON.stringify({ fingerprint: linkFingerprint(keyOf(second)) });
  expect((await end.call('/fleet/identity/server', { method: 'POST', body })).status).toBe(204);
  await using again = await dial(agent, first);
  expect((await again.call('/ping')).status).toBe(204);
  await using next = await dial(agent, second);
  expect((await next.call('/ping')).status).toBe(204);
  // The links of the old key stay open and are no longer obeyed.
  expect((await end.call('/ping')).status).toBe(403);
  await expect(dial(agent, first)).rejects.toMatchObject({ code: 'forbidden' });
});

test('with a secret both sides prove it, whatever their keys', async () => {
  await using folder = await temporaryFolder();
  await using agent = await startDirectAgent({ DATA_PATH: folder.path, AGENT_SECRET: 'open up' });
  await using one = await dial(agent, await throwAwayIdentity(), 'open up');
  await using two = await dial(agent, await throwAwayIdentity(), 'open up');
  expect(one.hello.proof).not.toBe(two.hello.proof);
  expect((await two.call('/ping')).status).toBe(204);
  await expect(dial(agent, await throwAwayIdentity(), 'wrong')).rejects.toMatchObject({
    code: 'forbidden',
    message: 'The AGENT_SECRET of this agent and that of the server differ.',
  });
  await expect(dial(agent, await throwAwayIdentity())).rejects.toThrow(
    'This agent has an AGENT_SECRET and the server has none',
  );
});

test('what links may ask for does not exist for signed requests', async () => {
  await using folder = await temporaryFolder();
  await using agent = await startDirectAgent({ DATA_PATH: folder.path });
  const headers = signatureHeaders(await loadOrCreateKey(folder.path));
  for (const path of ['/fleet/report', '/fleet/feed', '/fleet/operations/1', '/fleet/link']) {
    expect((await httpsCall(`https://127.0.0.1:${agent.port}`, path, { headers })).status).toBe(
      404,
    );
  }
  expect((await httpsCall(`https://127.0.0.1:${agent.port}`, '/fleet/report', {})).status).toBe(
    403,
  );
});

/** Opens a WebSocket by hand and writes the bytes; resolves when the agent ends the connection. */
async function endsAfter(port: number, write: (socket: ReturnType<typeof connectTls>) => void) {
  const socket = connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false });
  const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => socket.destroy());
  socket.on('data', (data: Buffer) => {
    if (data.toString('latin1').startsWith('HTTP/1.1 101')) write(socket);
  });
  socket.write(
    `GET ${AGENT_LINK_PATH} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
  );
  await ended;
}

test('a frame of 1 GiB, a million tiny ones and noise end the connection and cost nothing', async () => {
  await using folder = await temporaryFolder();
  await using agent = await startDirectAgent({ DATA_PATH: folder.path });
  const before = process.memoryUsage().rss;
  const gigabyte = Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0]);
  await endsAfter(agent.port, (socket) => {
    socket.write(gigabyte);
    const flood = () => {
      while (!socket.destroyed && socket.write(Buffer.alloc(65_536)));
      socket.once('drain', flood);
    };
    flood();
  });
  const tiny = Buffer.from([0x82, 0x81, 0, 0, 0, 0, 0x16]);
  const million = Buffer.concat(Array.from({ length: 10_000 }, () => tiny));
  await endsAfter(agent.port, (socket) => {
    for (let count = 0; count < 100; count += 1) socket.write(million);
  });
  const empty = Buffer.from([0x82, 0x80, 0, 0, 0, 0]);
  const nothing = Buffer.concat(Array.from({ length: 100_000 }, () => empty));
  await endsAfter(agent.port, (socket) => {
    socket.write(nothing);
    socket.end();
  });
  expect(process.memoryUsage().rss - before).toBeLessThan(200 << 20);
  await using end = await dial(agent, await throwAwayIdentity());
  expect((await end.call('/ping')).status).toBe(204);
});

test('headers without end and a storm of resets over a link leave the agent as it was', async () => {
  await using folder = await temporaryFolder();
  await using agent = await startDirectAgent({ DATA_PATH: folder.path });
  const owner = await throwAwayIdentity();
  await using end = await dial(agent, owner);
  const endless = end.link.open();
  endless.write('GET /ping HTTP/1.1\r\nHost: x\r\n');
  const line = `X-More: ${'x'.repeat(1_000)}\r\n`;
  for (let count = 0; count < 100; count += 1) endless.write(line);
  let answer = '';
  for await (const chunk of endless) answer += String(chunk);
  expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  for (let count = 0; count < 3_000; count += 1) end.link.open().destroy();
  await using again = await dial(agent, owner);
  expect((await again.call('/ping')).status).toBe(204);
});
