/** What passThrough and passUpgrade keep, drop and refuse, seen from both ends of a scripted engine. */
import {
  type ClientRequest,
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { expect, test } from 'vitest';
import { networkRoute } from '../../src/docker/network-route.ts';
import type { EngineRoute } from '../../src/docker/route.ts';
import { socketRoute } from '../../src/docker/socket-route.ts';
import { Fault } from '../../src/protocol/fault.ts';
import { startFront } from '../support/front.ts';

interface Scripted extends AsyncDisposable {
  readonly route: EngineRoute;
  readonly server: Server;
}

async function scriptedEngine(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Scripted> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const address = `tcp://127.0.0.1:${port}`;
  const route = networkRoute({ address, host: '127.0.0.1', port, pathPrefix: '/prefix' });
  return {
    route,
    server,
    async [Symbol.asyncDispose]() {
      await route[Symbol.asyncDispose]();
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Sends bytes as they are and gives back everything that came until the connection ended. */
function talk(port: number, ...parts: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    let got = '';
    socket.on('data', (chunk) => {
      got += chunk.toString('latin1');
      const next = parts.shift();
      if (next !== undefined) socket.write(next);
    });
    socket.on('end', () => {
      socket.end();
      resolve(got);
    });
    socket.on('error', reject);
    socket.write(parts.shift() ?? '');
  });
}

function answerTo(outgoing: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => outgoing.on('response', resolve).on('error', reject));
}

test('duplicate headers survive both ways; hop-by-hop, named and dropped ones do not', async () => {
  let seen: string[] = [];
  await using engine = await scriptedEngine((incoming, response) => {
    seen = incoming.rawHeaders;
    response.writeHead(200, ['X-A', '1', 'x-a', '2', 'Keep-Alive', 'timeout=9']).end(incoming.url);
  });
  await using front = await startFront(engine.route, {
    dropHeaders: ['x-api-key'],
    addHeaders: { 'X-Signed': 'yes' },
  });
  const got = await talk(
    front.port,
    'GET /v1.41/x?y=%2F HTTP/1.1\r\nHost: me\r\nMethod-A: 1\r\nmethod-a: 2\r\nX-API-Key: s3cret\r\n' +
      'X-Signed: forged\r\nTE: trailers\r\nX-Odd: 1\r\nConnection: close, X-Odd\r\n\r\n',
  );
  const { host } = new URL(engine.route.address.replace('tcp:', 'http:'));
  expect(seen).toEqual([
    ...['Method-A', '1', 'method-a', '2', 'Host', host, 'X-Signed', 'yes'],
    ...['Connection', 'keep-alive'],
  ]);
  expect(got).toContain('X-A: 1\r\nx-a: 2\r\n');
  expect(got).not.toContain('timeout=9');
  expect(got).toContain('/prefix/v1.41/x?y=%2F');
});

test('HEAD keeps its length and has no body; POST without a body says so', async () => {
  const lengths: (string | undefined)[] = [];
  await using engine = await scriptedEngine((incoming, response) => {
    lengths.push(incoming.headers['content-length'], incoming.headers['transfer-encoding']);
    response.writeHead(200, { 'Content-Length': '12' });
    response.end(incoming.method === 'HEAD' ? undefined : 'twelve bytes');
  });
  await using front = await startFront(engine.route);
  const head = await talk(front.port, 'HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  expect(head).toContain('Content-Length: 12');
  expect(head.endsWith('\r\n\r\n')).toBe(true);
  const post = await talk(front.port, 'POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  expect(post.endsWith('twelve bytes')).toBe(true);
  expect(lengths).toEqual([undefined, undefined, '0', undefined]);
});

test('an answer that breaks off upstream breaks off for the client too', async () => {
  await using engine = await scriptedEngine((_, response) => {
    response.writeHead(200, { 'Content-Length': '1000' });
    response.write('half', () => response.destroy());
  });
  await using front = await startFront(engine.route);
  const incoming = await answerTo(request({ port: front.port, host: '127.0.0.1' }).end());
  await expect(incoming.toArray()).rejects.toThrow('aborted');
});

test('each chunk comes at once, and a client that leaves ends the upstream request', async () => {
  let ended = false;
  await using engine = await scriptedEngine((incoming, response) => {
    response.flushHeaders();
    incoming.on('close', () => {
      ended = true;
    });
    response.write('first');
  });
  await using front = await startFront(engine.route);
  const outgoing = request({ port: front.port, host: '127.0.0.1' }).end();
  const incoming = await answerTo(outgoing);
  const chunk = await new Promise((resolve) => incoming.once('data', resolve));
  expect(String(chunk)).toBe('first');
  incoming.on('error', () => undefined);
  outgoing.destroy();
  await expect.poll(() => ended).toBe(true);
  await expect.poll(() => front.open).toBe(0);
});

test('an engine that is not there, and a path that may not be sent, are told to the caller', async () => {
  await using nothing = socketRoute('/nonexistent/docker.sock');
  await using front = await startFront(nothing);
  const gone = await answerTo(request({ port: front.port, host: '127.0.0.1' }).end());
  expect(gone.statusCode).toBe(502);
  expect(front.faults[0]?.message).toContain('no such socket');
  await using bad = await startFront(nothing, { path: '/a b\r\nX: 1' });
  const refused = await answerTo(request({ port: bad.port, host: '127.0.0.1' }).end());
  expect(refused.statusCode).toBe(400);
});

test('a signal ends what waits for an answer with its own fault', async () => {
  await using engine = await scriptedEngine(() => undefined);
  const down = new AbortController();
  await using front = await startFront(engine.route, { signal: down.signal });
  const pending = answerTo(request({ port: front.port, host: '127.0.0.1' }).end());
  const upgrading = talk(
    front.port,
    'POST /x HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n',
  );
  await expect.poll(() => front.open).toBe(2);
  down.abort(new Fault('environment-down', 'It is gone.'));
  expect((await pending).statusCode).toBe(502);
  expect(await upgrading).toContain('It is gone.');
});

test('after a refused upgrade nothing else on the connection reaches the engine', async () => {
  const paths: (string | undefined)[] = [];
  await using engine = await scriptedEngine((incoming, response) => {
    paths.push(incoming.url);
    response.end('plain answer');
  });
  await using front = await startFront(engine.route);
  const smuggled = 'DELETE /containers/x HTTP/1.1\r\nHost: x\r\n\r\n';
  const got = await talk(
    front.port,
    `POST /exec/1/start HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 2\r\n\r\n{}${smuggled}`,
    smuggled,
  );
  expect(got).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(got).toContain('Connection: close');
  expect(got.match(/plain answer/g)).toHaveLength(1);
  expect(paths).toEqual(['/prefix/exec/1/start']);
});

test('an upgrade carries its body first, then both directions until each has ended', async () => {
  await using engine = await scriptedEngine(() => undefined);
  engine.server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    const body = head.subarray(0, Number(incoming.headers['content-length'])).toString();
    socket.write(
      `HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nX-B: ${body}\r\n\r\nhi,`,
    );
    const heard: Buffer[] = [head.subarray(2)];
    socket.on('data', (chunk: Buffer) => heard.push(chunk));
    socket.on('end', () => socket.end(`heard ${Buffer.concat(heard)}`));
  });
  await using front = await startFront(engine.route);
  const socket = connect({ port: front.port, host: '127.0.0.1', allowHalfOpen: true });
  socket.end(
    'POST /x HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 2\r\n\r\n{}early',
  );
  const got = Buffer.concat(await socket.toArray()).toString();
  expect(got).toContain('101 UPGRADED');
  expect(got).toContain('X-B: {}');
  expect(got.endsWith('hi,heard early')).toBe(true);
  await expect.poll(() => front.open).toBe(0);
});

test.each([
  ['Transfer-Encoding: chunked', 400],
  ['Content-Length: 1048577', 413],
])('an upgrade with %s is refused with %i', async (header, status) => {
  await using engine = await scriptedEngine(() => undefined);
  await using front = await startFront(engine.route);
  const head = `POST /x HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n${header}\r\n\r\n`;
  expect(await talk(front.port, head)).toContain(`HTTP/1.1 ${status}`);
});

test('an early refusal reaches a client that is still sending a large body', async () => {
  await using engine = await scriptedEngine((_, response) => {
    response.writeHead(413).end('too much');
  });
  await using front = await startFront(engine.route);
  const outgoing = request({ port: front.port, host: '127.0.0.1', method: 'POST' });
  outgoing.on('error', () => undefined);
  const answered = answerTo(outgoing);
  const chunk = Buffer.alloc(1 << 16);
  const send = () => {
    while (!outgoing.destroyed && outgoing.write(chunk));
  };
  outgoing.on('drain', send);
  send();
  expect((await answered).statusCode).toBe(413);
  await expect.poll(() => outgoing.destroyed, { timeout: 5_000 }).toBe(true);
});
