/** Two ends of a byte connection on loopback, over TLS or a real WebSocket, and throw-away identities, for tests of the link. */
import { once } from 'node:events';
import {
  type AddressInfo,
  connect as connectTcp,
  createServer as createCable,
  type Server as NetServer,
  type Socket,
} from 'node:net';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { generate } from 'selfsigned';
import { WebSocket, WebSocketServer } from 'ws';
import type { LinkPipe } from '../../src/link/link.ts';
import { straightPipe } from '../../src/link/straight.ts';
import type { TlsIdentity } from '../../src/link/tls-pipe.ts';
import { websocketPipe } from '../../src/link/websocket-pipe.ts';

export interface PipePair extends AsyncDisposable {
  readonly server: LinkPipe;
  readonly agent: LinkPipe;
  /** Ends the TCP connection under both, as a cut cable does. */
  cut(): void;
  /** Lets nothing of the agent's through any more. */
  silence(): void;
  /** Packets or messages that have come to the server. */
  readonly heard: number;
}

/** Over what a link can travel. */
export const WAYS = ['straight', 'websocket'] as const;
export type Way = (typeof WAYS)[number];

export function pipePair(way: Way = 'straight'): Promise<PipePair> {
  return way === 'straight' ? straightPair() : websocketPair();
}

async function straightPair(): Promise<PipePair> {
  const { keyPem: key, certificatePem: cert } = await throwAwayIdentity();
  // As a web server's connections are.
  const listener = createServer({ key, cert, allowHalfOpen: true });
  const port = await listening(listener);
  const accepted = once(listener, 'secureConnection') as Promise<[TLSSocket]>;
  let heard = 0;
  const wires: Socket[] = [];
  const cable = createCable((near) => {
    const far = connectTcp(port, '127.0.0.1');
    near.on('data', () => ++heard);
    near.pipe(far).pipe(near);
    for (const wire of [near, far]) wire.on('error', () => undefined);
    wires.push(near, far);
  });
  const end = { port: await listening(cable), host: '127.0.0.1', rejectUnauthorized: false };
  const agent = connect(end);
  const [[server]] = await Promise.all([accepted, once(agent, 'secureConnect')]);
  const cut = () => {
    for (const wire of wires) wire.destroy();
  };
  return {
    server: straightPipe(server, Buffer.alloc(0)),
    agent: straightPipe(agent, Buffer.alloc(0)),
    cut,
    silence: () => wires[0]?.unpipe().pause(),
    get heard() {
      return heard;
    },
    async [Symbol.asyncDispose]() {
      cut();
      server.destroy();
      agent.destroy();
      await Promise.all([listener, cable].map((one) => new Promise((done) => one.close(done))));
    },
  };
}

async function listening(server: NetServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function websocketPair(): Promise<PipePair> {
  const listener = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  await new Promise((resolve) => listener.once('listening', resolve));
  const address = listener.address();
  if (typeof address === 'string' || address === null) throw new Error('no port');
  const accepted = new Promise<WebSocket>((resolve) => listener.once('connection', resolve));
  const dialled = new WebSocket(`ws://127.0.0.1:${address.port}`, { perMessageDeflate: false });
  const opened = new Promise((resolve) => dialled.once('open', resolve));
  const [server] = await Promise.all([accepted, opened]);
  let heard = 0;
  server.on('message', () => ++heard);
  const agent = websocketPipe(dialled);
  return {
    server: websocketPipe(server),
    agent,
    cut: () => server.terminate(),
    silence: () => agent.pause().removeAllListeners('data').cork(),
    get heard() {
      return heard;
    },
    async [Symbol.asyncDispose]() {
      server.terminate();
      dialled.terminate();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}

export async function throwAwayIdentity(): Promise<TlsIdentity> {
  const pems = await generate([{ name: 'commonName', value: 'test' }], {
    keyType: 'ec',
    curve: 'P-256',
  });
  return { keyPem: pems.private, certificatePem: pems.cert };
}
