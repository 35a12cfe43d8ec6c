/** Real listeners that behave in the ways a wrong address does: silent, garbled, plain, full, or the wrong program. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createHttp, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import {
  type AddressInfo,
  connect,
  createServer as createTcp,
  type Server,
  type Socket,
} from 'node:net';
import type { Duplex } from 'node:stream';
import { generate } from 'selfsigned';

export interface Listener extends AsyncDisposable {
  readonly port: number;
  /** 127.0.0.1:PORT */
  readonly where: string;
}

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

async function listening(server: Server, wanted = 0): Promise<Listener> {
  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => undefined);
  });
  server.listen(wanted, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    where: `127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export interface CertificateWishes {
  /** Signs it; without one it signs itself and may sign others. */
  readonly ca?: Certificate;
  /** localhost (and 127.0.0.1) unless said. */
  readonly name?: string;
}

/** A P-256 certificate and its key, as PEM. */
export async function certificateFor(wishes: CertificateWishes = {}): Promise<Certificate> {
  const { ca, name = 'localhost' } = wishes;
  const addresses = name === 'localhost' ? [{ type: 7 as const, ip: '127.0.0.1' }] : [];
  const { cert, private: key } = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ...(ca ? { ca } : {}),
    extensions: [
      { name: 'basicConstraints', cA: !ca, critical: true },
      { name: 'subjectAltName', altNames: [{ type: 2, value: name }, ...addresses] },
    ],
  });
  return { cert, key };
}

/** An HTTP server with this handler. */
export async function listenHttp(handler: RequestListener): Promise<Listener> {
  return await listening(createHttp(handler));
}

/** An HTTP server that leaves upgrades to `upgrade`. */
export async function listenUpgrades(
  handler: RequestListener,
  upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void,
): Promise<Listener> {
  const server = createHttp(handler);
  server.on('upgrade', upgrade);
  return await listening(server);
}

/** An HTTPS server with this handler, on a port of its own unless one is wanted. */
export async function listenHttps(
  certificate: Certificate,
  handler: RequestListener,
  port?: number,
): Promise<Listener> {
  return await listening(createHttps({ ...certificate }, handler), port);
}

/** A raw TCP server; what to do with each connection is up to `meet`. */
export async function listenTcp(meet: (socket: Socket) => void): Promise<Listener> {
  return await listening(createTcp(meet));
}

const FULL = `
const server = require('node:net').createServer();
server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
  require('node:fs').writeSync(1, String(server.address().port));
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});`;

/** A port whose queue of connections is full and never emptied: another connection attempt gets no answer at all. */
export async function listenBlackHole(): Promise<Listener> {
  const child = spawn(process.execPath, ['-e', FULL], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
  const port = Number(chunk);
  const fillers = Array.from({ length: 4 }, () => connect(port, '127.0.0.1'));
  for (const filler of fillers) filler.on('error', () => undefined);
  await Promise.all(fillers.slice(0, 2).map((filler) => once(filler, 'connect')));
  return {
    port,
    where: `127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      for (const filler of fillers) filler.destroy();
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

/** A port of this machine on which nothing listens. */
export async function freePort(): Promise<number> {
  await using listener = await listenTcp(() => undefined);
  return listener.port;
}
