/** Every way in which dialling a link can fail, each told in one sentence, against real listeners and a real proxy. */
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, expect, test, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import { EDGE_LINK_PATH } from '../../src/link/dial.ts';
import type { DialOptions } from '../../src/link/dial-attempt.ts';
import { dialWebsocket } from '../../src/link/dial-websocket.ts';
import type { Fault } from '../../src/protocol/fault.ts';
import {
  certificateFor,
  freePort,
  listenBlackHole,
  listenHttp,
  listenHttps,
  listenTcp,
  listenUpgrades,
} from '../support/listeners.ts';

afterEach(() => vi.unstubAllEnvs());

const never = new AbortController().signal;

async function failure(url: string, more: Partial<DialOptions> = {}) {
  const dial = { url, path: EDGE_LINK_PATH, verify: true, ...more } as const;
  const outcome = await dialWebsocket(dial, never).catch((fault: Fault) => fault);
  if ('terminate' in outcome) throw new Error('the link was opened');
  return outcome;
}

async function answering(status: number, body = '', headers: Record<string, string> = {}) {
  return await listenHttp((_, response) => response.writeHead(status, headers).end(body));
}

/** Takes any WebSocket and echoes. */
async function listenEcho() {
  const acceptor = new WebSocketServer({ noServer: true });
  acceptor.on('connection', (socket) => socket.on('message', (data) => socket.send(data)));
  return await listenUpgrades(notFound, (request, socket, head) =>
    acceptor.handleUpgrade(request, socket, head, (open) => acceptor.emit('connection', open)),
  );
}

function notFound(_: IncomingMessage, response: ServerResponse): void {
  response.writeHead(404).end();
}

/** A proxy for CONNECT that asks for these credentials, if any; remembers what it was asked for. */
async function listenProxy(credentials?: string, refusal?: number) {
  const targets: string[] = [];
  const wanted = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
  const listener = await listenTcp((socket) => {
    socket.once('data', (head: Buffer) => {
      const target = /^CONNECT (\S+)/.exec(head.toString())?.[1] ?? '';
      targets.push(target);
      if (refusal) return socket.end(`HTTP/1.1 ${refusal} No\r\n\r\n`);
      if (wanted && !head.toString().includes(`Proxy-Authorization: ${wanted}`)) {
        return socket.end('HTTP/1.1 407 Who are you\r\nProxy-Authenticate: Basic\r\n\r\n');
      }
      const [host, port] = target.split(':');
      const upstream = connect(Number(port), host);
      upstream.on('error', () => socket.end('HTTP/1.1 502 No way\r\n\r\n'));
      upstream.once('connect', () => {
        socket.write('HTTP/1.1 200 Go on\r\n\r\n');
        socket.pipe(upstream).pipe(socket);
      });
    });
  });
  return Object.assign(listener, { targets });
}

async function echoed(url: string, verify = true): Promise<string> {
  const socket = await dialWebsocket({ url, path: EDGE_LINK_PATH, verify }, never);
  socket.resume();
  socket.send('hello');
  const [data] = (await once(socket, 'message')) as [Buffer];
  socket.terminate();
  return data.toString();
}

test.each<[number, Record<string, string>, string, RegExp]>([
  [404, {}, '', /answers, but knows no \/api\/edge\/link \(404\)/],
  [502, {}, '<html>bad gateway', /answers 502: a proxy is up, the server behind it is not/],
  [503, { 'Retry-After': '7' }, '', /answers 503: a proxy is up/],
  [200, { 'Content-Type': 'text/html' }, '<html>', /answers with a web page/],
  [302, { Location: 'https://elsewhere' }, '', /answers 302 in place of opening the link/],
  [403, {}, '{"message":"This environment is gone."}', /^This environment is gone\.$/],
])('status %i in place of a WebSocket', async (status, headers, body, sentence) => {
  await using listener = await answering(status, body, headers);
  const fault = await failure(`http://${listener.where}`);
  expect(fault.message).toMatch(sentence);
  expect(fault.status).toBe(status);
  expect(fault.retryAfterS).toBe(status === 503 ? 7 : undefined);
});

test('an answer without end is cut off, and its beginning is enough', async () => {
  await using listener = await listenHttp((_, response) => {
    response.writeHead(500);
    const more = () => response.write('x'.repeat(1000), () => setImmediate(more));
    more();
  });
  expect((await failure(`http://${listener.where}`)).message).toMatch(/answers 500/);
});

test('nothing listens, nothing answers, nothing is said, the name is unknown', async () => {
  const refused = await failure(`https://127.0.0.1:${await freePort()}`);
  expect(refused).toMatchObject({ code: 'unreachable', message: /nothing listens there/ });
  await using hole = await listenBlackHole();
  const dropped = await failure(`http://${hole.where}`, { timeoutMs: 300 });
  expect(dropped).toMatchObject({ code: 'timeout', message: /no answer in time/ });
  expect(await failure(`http://${hole.where}`, { connectMs: 300 })).toMatchObject(dropped);
  await using mute = await listenTcp(() => undefined);
  const silent = await failure(`http://${mute.where}`, { timeoutMs: 300 });
  expect(silent).toMatchObject({ code: 'timeout', message: /connection stands, and then nothing/ });
  const unknown = await failure('https://no-such-host.invalid');
  expect(unknown).toMatchObject({
    code: 'unreachable',
    message: /host name is unknown|name server/,
  });
});

test('what answers speaks no HTTP, no TLS, or a broken handshake', async () => {
  await using garbled = await listenTcp((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
  expect((await failure(`http://${garbled.where}`)).message).toMatch(/does not speak HTTP/);
  expect((await failure(`https://${garbled.where}`)).message).toMatch(/does not speak TLS/);
  await using wrong = await listenUpgrades(notFound, (_, socket: Duplex) => {
    socket.write('HTTP/1.1 101 Go\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
  });
  expect(await failure(`http://${wrong.where}`)).toMatchObject({
    code: 'bad-peer',
    message: /no fleet server or agent/,
  });
});

test('a self-signed certificate is refused unless only the inner TLS counts', async () => {
  await using listener = await listenHttps(await certificateFor(), notFound);
  const strict = await failure(`https://${listener.where}`);
  expect(strict).toMatchObject({ code: 'wrong-certificate', message: /self-signed/ });
  const lax = await failure(`https://${listener.where}`, { verify: false });
  expect(lax.message).toMatch(/knows no \/api\/edge\/link/);
});

test('through a proxy, with credentials, and past it where NO_PROXY says so', async () => {
  await using server = await listenEcho();
  await using proxy = await listenProxy('fleet:s p@ce');
  vi.stubEnv('HTTP_PROXY', `http://fleet:${encodeURIComponent('s p@ce')}@${proxy.where}`);
  vi.stubEnv('NO_PROXY', '');
  expect(await echoed(`http://${server.where}`)).toBe('hello');
  expect(proxy.targets).toEqual([server.where]);
  vi.stubEnv('NO_PROXY', '127.0.0.1');
  expect(await echoed(`http://${server.where}`)).toBe('hello');
  expect(proxy.targets).toHaveLength(1);
});

test('a proxy that refuses, is away, hangs up or is no proxy is named as the culprit', async () => {
  vi.stubEnv('NO_PROXY', '');
  await using server = await listenEcho();
  const through = async (proxy: string, more = {}) => {
    vi.stubEnv('HTTP_PROXY', `http://${proxy}`);
    return (await failure(`http://${server.where}`, more)).message;
  };
  await using picky = await listenProxy('fleet:secret');
  const wrong = await through(`fleet:guess@${picky.where}`);
  expect(wrong).toBe(
    `The proxy ${picky.where} wants other credentials (407): put them into the proxy's address, http://user:password@host:port.`,
  );
  await using closed = await listenProxy(undefined, 403);
  expect(await through(closed.where)).toMatch(/^The proxy .* doesn't allow connections/);
  await using lost = await listenProxy(undefined, 504);
  expect(await through(lost.where)).toMatch(
    /^The proxy .* can't reach the server \(it answers 504/,
  );
  expect(await through(`127.0.0.1:${await freePort()}`)).toMatch(/^The proxy .*: nothing listens/);
  await using rude = await listenTcp((socket) => socket.end());
  expect(await through(rude.where)).toMatch(/^The proxy .* hung up/);
  await using mute = await listenTcp(() => undefined);
  expect(await through(mute.where, { timeoutMs: 300 })).toMatch(/^The proxy .*nothing is said/);
  expect(await through('')).toBe('HTTP_PROXY must look like http://proxy.example:3128.');
});

test('dialling ends when it is cancelled, before and in the middle', async () => {
  await using mute = await listenTcp(() => undefined);
  const dial = { url: `http://${mute.where}`, path: EDGE_LINK_PATH, verify: true } as const;
  await expect(dialWebsocket(dial, AbortSignal.abort())).rejects.toMatchObject({
    code: 'cancelled',
  });
  const stop = new AbortController();
  const dialling = dialWebsocket(dial, stop.signal);
  setTimeout(() => stop.abort(), 50);
  await expect(dialling).rejects.toMatchObject({ code: 'cancelled' });
});
