/** A unix socket of this person's alone, whose every request passes to an engine byte for byte. */
import { chmod, lstat, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve as resolvePath } from 'node:path';
import type { Duplex } from 'node:stream';
import { type PassOptions, passThrough, passUpgrade } from '../../docker/pass-through.ts';
import { asFault, Fault } from '../../protocol/fault.ts';
import type { ProxyJudge } from './proxy-judge.ts';

export interface ProxySocket extends AsyncDisposable {
  readonly path: string;
  /** unix:///… */
  readonly address: string;
}

type Route = PassOptions['route'];

/** sockaddr_un holds 108 bytes, the last of them zero. */
const MAX_PATH_BYTES = 107;
/** Longer than Go's clients keep an idle connection (90 s), so that none is closed under a request. */
const KEEP_ALIVE_MS = 95_000;

/** As the Engine API tells its errors. */
const errorBody = (fault: Fault) => JSON.stringify({ message: fault.message });

function answerFault(response: ServerResponse, fault: Fault): void {
  const body = errorBody(fault);
  const headers = {
    'Content-Type': 'application/json',
    'Content-Length': String(Buffer.byteLength(body)),
  };
  response.writeHead(fault.status, headers).end(body);
}

function answerFaultRaw(socket: Duplex, fault: Fault): void {
  const body = errorBody(fault);
  const head = [
    `HTTP/1.1 ${fault.status} Error`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

function serve(route: () => Route, judge: ProxyJudge): Server {
  // Node keeps the half of a plain connection that a client has not closed; hijacked streams need that.
  const server = createServer({
    requestTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
    noDelay: true,
  });
  const pass = (request: IncomingMessage, response: ServerResponse) => {
    const refused = judge(request);
    if (refused) return answerFault(response, refused);
    void passThrough(request, response, {
      route: route(),
      path: request.url ?? '/',
      onError: (fault) => answerFault(response, fault),
    });
  };
  server.on('request', pass);
  server.on('checkContinue', pass);
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refused = judge(request);
    if (refused) return answerFaultRaw(socket, refused);
    void passUpgrade(request, socket, head, {
      route: route(),
      path: request.url ?? '/',
      onError: (fault) => answerFaultRaw(socket, fault),
    });
  });
  return server;
}

async function listen(server: Server, path: string): Promise<void> {
  const before = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, resolve);
    });
  } catch (error) {
    throw asFault(error, 'bad-settings', `No socket can be made at ${path}.`);
  } finally {
    process.umask(before);
  }
  await chmod(path, 0o600);
}

async function checkFree(path: string): Promise<void> {
  const known = await lstat(path).catch(() => undefined);
  if (known) throw new Fault('bad-settings', `${path} exists already; say another --socket.`);
}

/**
 * Listens at `path`, which must not exist yet, or in a folder of its own (0700); disposing ends every connection and
 * removes both. `route` is asked anew for each request, since a fleet may find another way to its engines; `judge` may refuse it.
 */
export async function openProxySocket(
  route: () => Route,
  path: string | undefined,
  judge: ProxyJudge = () => undefined,
): Promise<ProxySocket> {
  const runtime = process.env.XDG_RUNTIME_DIR;
  const folder =
    path === undefined
      ? await mkdtemp(join(runtime ? runtime : tmpdir(), 'fleet-tui-')).catch(() =>
          mkdtemp(join(tmpdir(), 'fleet-tui-')),
        )
      : undefined;
  const place = folder === undefined ? resolvePath(path ?? '') : join(folder, 'docker.sock');
  const sockets = new Set<Duplex>();
  const server = serve(route, judge);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  };
  try {
    if (Buffer.byteLength(place) > MAX_PATH_BYTES)
      throw new Fault('bad-settings', `${place} is too long for the path of a socket.`);
    if (folder === undefined) await checkFree(place);
    await listen(server, place);
  } catch (error) {
    await close();
    throw error;
  }
  return { path: place, address: `unix://${place}`, [Symbol.asyncDispose]: close };
}
