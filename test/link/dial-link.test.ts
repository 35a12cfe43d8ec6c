/** Which way a link is dialled: straight where TLS reaches from end to end, as a WebSocket where something in between ends it. */
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect, createServer as createTls, TLSSocket } from 'node:tls';
import { expect, test } from 'vitest';
import { dialLink, EDGE_LINK_PATH } from '../../src/link/dial.ts';
import type { DialOptions } from '../../src/link/dial-attempt.ts';
import type { LinkPipe } from '../../src/link/link.ts';
import { LinkAcceptor } from '../../src/link/link-acceptor.ts';
import { END_TO_END_HEADER, STRAIGHT_PROTOCOL } from '../../src/link/straight.ts';
import { Fault } from '../../src/protocol/fault.ts';
import { certificateFor } from '../support/listeners.ts';
import { until } from '../support/until.ts';

const never = new AbortController().signal;

interface Peer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** The protocols that were asked for, in order; '' for none. */
  readonly asked: string[];
}

type Take = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** Disposing it ends what is `open`, too. */
async function opened(server: Server, open: ReadonlySet<Duplex>, asked: string[]): Promise<Peer> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${port}`,
    port,
    asked,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A web server with TLS; `take` gets the upgrades. */
async function listen(take: Take): Promise<Peer> {
  const server = createServer(await certificateFor(), (_, response: ServerResponse) =>
    response.writeHead(404).end(),
  );
  const asked: string[] = [];
  const open = new Set<Duplex>();
  server.on('upgrade', (request, socket, head) => {
    asked.push(request.headers.upgrade ?? '');
    socket.on('error', () => undefined);
    open.add(socket);
    take(request, socket, head);
  });
  return await opened(server, open, asked);
}

/** Takes links and says back what it hears. */
function echo(): Take {
  const acceptor = new LinkAcceptor();
  return (request, socket, head) =>
    void acceptor.take(request, socket, head).then((pipe) => pipe?.pipe(pipe));
}

/** Refuses whatever isn't a WebSocket in this way. */
function websocketsOnly(refuse: (socket: Duplex) => void): Take {
  const take = echo();
  return (request, socket, head) => {
    if (request.headers.upgrade === 'websocket') take(request, socket, head);
    else refuse(socket);
  };
}

/** Ends TLS and passes the bytes within on, as a reverse proxy does after an upgrade. */
async function listenBetween(target: Peer): Promise<Peer> {
  const open = new Set<Duplex>();
  const server = createTls(await certificateFor(), (near) => {
    const far = connect({ port: target.port, host: '127.0.0.1', rejectUnauthorized: false });
    for (const socket of [near, far]) open.add(socket.on('error', () => undefined));
    near.pipe(far).pipe(near);
  });
  return await opened(server, open, target.asked);
}

const dial = (peer: Peer, more: Partial<DialOptions> = {}): Promise<LinkPipe> =>
  dialLink({ url: peer.url, path: EDGE_LINK_PATH, verify: false, ...more }, never);

async function heard(pipe: LinkPipe): Promise<string> {
  pipe.write('hello');
  const [data] = (await once(pipe, 'data')) as [Buffer];
  pipe.destroy();
  return data.toString();
}

test('straight, with one request, where TLS reaches from end to end', async () => {
  await using peer = await listen(echo());
  const pipe = await dial(peer);
  expect(pipe).toBeInstanceOf(TLSSocket);
  expect(await heard(pipe)).toBe('hello');
  expect(peer.asked).toEqual([STRAIGHT_PROTOCOL]);
});

test('as a WebSocket where something in between ends TLS, and at once the next time', async () => {
  await using peer = await listen(echo());
  await using between = await listenBetween(peer);
  const pipe = await dial(between);
  expect(pipe).not.toBeInstanceOf(TLSSocket);
  expect(await heard(pipe)).toBe('hello');
  expect(await heard(await dial(between))).toBe('hello');
  expect(peer.asked).toEqual([STRAIGHT_PROTOCOL, 'websocket', 'websocket']);
  expect(await dial(peer)).toBeInstanceOf(TLSSocket);
});

test.each<[string, (socket: Duplex) => void]>([
  ['answers with an error', (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ['hangs up', (socket) => socket.destroy()],
  [
    'switches to something else',
    (socket) =>
      socket.end('HTTP/1.1 101 Fine\r\nConnection: Upgrade\r\nUpgrade: something-else\r\n\r\n'),
  ],
])('as a WebSocket where the peer %s', async (_, refuse) => {
  await using peer = await listen(websocketsOnly(refuse));
  expect(await heard(await dial(peer))).toBe('hello');
  expect(peer.asked).toEqual([STRAIGHT_PROTOCOL, 'websocket']);
});

test('silence uses up the time of one attempt, and the next one is a WebSocket', async () => {
  await using peer = await listen(websocketsOnly(() => undefined));
  await expect(dial(peer, { timeoutMs: 200 })).rejects.toMatchObject({ code: 'timeout' });
  expect(await heard(await dial(peer))).toBe('hello');
  expect(peer.asked).toEqual([STRAIGHT_PROTOCOL, 'websocket']);
});

test('who is told to come later is not asked again in another way', async () => {
  const later = 'HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n';
  await using peer = await listen((_, socket) => socket.end(later));
  await expect(dial(peer)).rejects.toMatchObject({ retryAfterS: 7 });
  expect(peer.asked).toEqual([STRAIGHT_PROTOCOL]);
});

test('where a WebSocket leads no further, the next attempt is straight again', async () => {
  let isUp = false;
  const take = echo();
  await using peer = await listen((request, socket, head) => {
    if (isUp) take(request, socket, head);
    else socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  await expect(dial(peer)).rejects.toMatchObject({ status: 502 });
  isUp = true;
  expect(await dial(peer)).toBeInstanceOf(TLSSocket);
  expect(peer.asked).toEqual([STRAIGHT_PROTOCOL, 'websocket', STRAIGHT_PROTOCOL]);
});

test('a certificate that is refused ends the attempt before a word', async () => {
  await using peer = await listen(echo());
  const refusal = new Fault('wrong-certificate', 'Not the one we know.');
  await expect(dial(peer, { checkPeer: () => refusal })).rejects.toThrow('Not the one we know.');
  expect(peer.asked).toEqual([]);
});

test('a proof of another connection does not make a request straight', async () => {
  await using peer = await listen(echo());
  const socket = connect({ port: peer.port, host: '127.0.0.1', rejectUnauthorized: false });
  const proof = `${END_TO_END_HEADER}: ${'0'.repeat(32)}`;
  socket.write(
    `GET ${EDGE_LINK_PATH} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: ${STRAIGHT_PROTOCOL}\r\n${proof}\r\n\r\n`,
  );
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 426 .*\r\nUpgrade: websocket\r\n/);
});

test('who has hung up before its turn came is no error, on either way', async () => {
  const acceptor = new LinkAcceptor();
  const taken: Promise<LinkPipe | undefined>[] = [];
  await using peer = await listen((request, socket, head) => {
    socket.destroy();
    socket.once('close', () => taken.push(acceptor.take(request, socket, head)));
  });
  await expect(dial(peer)).rejects.toBeInstanceOf(Fault);
  await until(() => taken.length === 2);
  expect(peer.asked).toEqual([STRAIGHT_PROTOCOL, 'websocket']);
  expect(await Promise.all(taken)).toEqual([undefined, undefined]);
});
