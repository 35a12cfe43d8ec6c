/** What is no agent, or lies about itself: ended in bounded time and memory, in words, and nobody else notices. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { AgentHello } from '../../../src/link/greeting.ts';
import { Closing } from '../../support/closing.ts';
import { startEdgeAgent } from '../../support/edge-agent.ts';
import { type InProcessServer, startInProcessServer } from '../../support/in-process-server.ts';
import { until } from '../../support/until.ts';

const closing = new Closing();
let server: InProcessServer;
let invited: { Id: number; EdgeKey: string; EdgeID: string };
beforeAll(async () => {
  server = closing.use(await startInProcessServer());
  const wish = { Name: 'besieged', EndpointCreationType: 4, URL: server.url };
  invited = (await server.api('POST', '/api/endpoints', wish)).body;
});
afterAll(() => closing.close());

async function knock(): Promise<WebSocket> {
  const url = `${server.url.replace('https:', 'wss:')}/api/edge/link`;
  const socket = new WebSocket(url, { rejectUnauthorized: false });
  socket.on('error', () => undefined);
  await once(socket, 'open');
  return socket;
}

/** FIN and binary; masked, and a length of 1 GiB in eight bytes. */
const GIB_FRAME = Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0x40, 0, 0, 0, 1, 2, 3, 4]);

const tcpOf = (socket: WebSocket) => (socket as unknown as { _socket: Socket })._socket;

/** One byte a frame, as fast as they are taken. */
function pourTiny(socket: WebSocket, left: number): void {
  for (let count = 0; count < 1_000 && socket.readyState === socket.OPEN; count += 1) {
    socket.send(Buffer.of(0x16));
  }
  if (left > 0 && socket.readyState === socket.OPEN) setImmediate(pourTiny, socket, left - 1_000);
}

test.each([
  ['garbage', (socket: WebSocket) => socket.send(randomBytes(10_000))],
  ['text', (socket: WebSocket) => socket.send('hello?')],
  ['a message of 8 MiB', (socket: WebSocket) => socket.send(Buffer.alloc(8 << 20))],
  ['the beginning of a frame of 1 GiB', (socket: WebSocket) => tcpOf(socket).write(GIB_FRAME)],
  ['a million tiny frames', (socket: WebSocket) => pourTiny(socket, 1_000_000)],
  ['HTTP', (socket: WebSocket) => socket.send(Buffer.from('GET / HTTP/1.1\r\n\r\n'))],
])('who sends %s is cut off', async (_what, speak) => {
  const socket = await knock();
  const closed = once(socket, 'close');
  speak(socket);
  await closed;
});

test('who says nothing is cut off after ten seconds', { timeout: 15_000 }, async () => {
  const socket = await knock();
  const startMs = performance.now();
  await once(socket, 'close');
  expect(performance.now() - startMs).toBeGreaterThan(9_000);
});

test('a request that is no WebSocket, and one in another way, are answered', async () => {
  const upgrade = { Connection: 'Upgrade', Upgrade: 'h2c' };
  expect((await server.call('/api/edge/link', { headers: upgrade })).status).toBe(400);
  expect((await server.call('/api/edge/link', { method: 'POST' })).status).toBe(426);
});

test.each<[string, (hello: AgentHello) => object, RegExp]>([
  ['another version', (hello) => ({ ...hello, versions: [99] }), /update the older one/],
  ['no versions', (hello) => ({ ...hello, versions: 'all' }), /malformed|closed the link/],
  ['no number', (hello) => ({ ...hello, environmentId: '1' }), /malformed|closed the link/],
  ['a huge number', (hello) => ({ ...hello, environmentId: 1e300 }), /no edge environment|closed/],
  ['a negative number', (hello) => ({ ...hello, environmentId: -1 }), /no edge environment -1/],
  ['a short proof', (hello) => ({ ...hello, proof: hello.proof?.slice(4) }), /is not the one/],
  ['an empty proof', (hello) => ({ ...hello, proof: '' }), /is not the one/],
  ['a numeric proof', (hello) => ({ ...hello, proof: 7 }), /malformed|closed the link/],
  ['no time', (hello) => ({ ...hello, atMs: 'now' }), /malformed|closed the link/],
  [
    'a flood',
    (hello) => ({ ...hello, product: 'x'.repeat(1 << 20) }),
    /without end|closed the link/,
  ],
])('a hello with %s is refused', async (_what, forge, words) => {
  await using agent = await startEdgeAgent({
    edgeKey: invited.EdgeKey,
    edgeId: invited.EdgeID,
    forge: (hello) => forge(hello) as AgentHello,
  });
  const { sentence } = await agent.ended(/./);
  expect(sentence).toMatch(words);
});

test('after all that the right agent is let in, whatever year its clock shows', async () => {
  await using agent = await startEdgeAgent({
    edgeKey: invited.EdgeKey,
    edgeId: invited.EdgeID,
    forge: (hello) => ({
      ...hello,
      atMs: hello.atMs - 365 * 24 * 3_600_000,
      product: 'a\u001b[31mb',
    }),
  });
  await agent.linked();
  const { body } = await server.api('GET', `/api/fleet/environments/${invited.Id}/link`);
  expect(body.clockOffsetMs).toBeLessThan(-360 * 24 * 3_600_000);
  expect(body.agentProduct).toBe('a[31mb');
  const { identity } = agent;
  await agent[Symbol.asyncDispose]();
  const YEAR_MS = 365 * 24 * 3_600_000;
  await using ahead = await startEdgeAgent({
    edgeKey: invited.EdgeKey,
    identity,
    forge: (hello) => ({ ...hello, atMs: hello.atMs + YEAR_MS }),
  });
  await ahead.linked();
  await until(async () => {
    const later = (await server.api('GET', `/api/fleet/environments/${invited.Id}/link`)).body;
    return later.clockOffsetMs > YEAR_MS - 60_000;
  });
});
