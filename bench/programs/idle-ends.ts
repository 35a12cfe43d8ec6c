/**
 * The server's end of many idle connections in a process of its own, each built as far up as RUNG says, out of what the server
 * builds it with. Tells its port over IPC, and what it holds after a collection when it is asked.
 */
import { once } from 'node:events';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import type { Duplex } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { selfSigned } from '../../src/link/certificate.ts';
import { type LinkPipe, linkFromServer } from '../../src/link/link.ts';
import { LinkAcceptor } from '../../src/link/link-acceptor.ts';
import { tlsClient } from '../../src/link/tls-pipe.ts';
import { paceHandshakes } from '../../src/server/doors/handshake-pace.ts';
import { readAgentFeed } from '../../src/server/fleet/agent-feed.ts';

/** How far up: each stands on those before it, but for the last, which is a link in a WebSocket. */
export type Rung = 'tcp' | 'tls' | 'inner tls' | 'link' | 'feed' | 'websocket';

export interface IdleEnds {
  readonly count: number;
  readonly heapBytes: number;
  readonly residentBytes: number;
}

/** Nothing is given up while it is measured. */
const PATIENCE_MS = 600_000;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const rung = process.env.RUNG as Rung;
const own = await selfSigned({ commonName: 'idle ends', names: [], addresses: [] });
const pair = { key: own.keyPem, cert: own.certificatePem };
/** What stands. */
const standing = new Set<unknown>();

async function build(pipe: LinkPipe): Promise<unknown> {
  if (rung === 'inner tls') {
    const { stream } = await tlsClient(pipe, own, AbortSignal.timeout(PATIENCE_MS));
    return stream.resume();
  }
  const link = await linkFromServer(pipe, { identity: own, checkPeer: () => undefined });
  if (rung !== 'feed') return link;
  const { signal } = new AbortController();
  const wish = { after: undefined, silenceMs: PATIENCE_MS, signal };
  await new Promise<void>((resolve, reject) => {
    readAgentFeed(link, wish, () => resolve()).catch(reject);
  });
  return link;
}

function linkServer(): Server {
  const ALPNCallback = ({ protocols }: { protocols: string[] }) => protocols[0];
  const server = createHttpsServer({ ...pair, allowHalfOpen: true, ALPNCallback });
  paceHandshakes(server);
  const acceptor = new LinkAcceptor();
  server.on('upgrade', async (request, socket, head) => {
    const pipe = await acceptor.take(request, socket, head);
    if (pipe === undefined) return;
    pipe.on('error', () => undefined);
    standing.add(await build(pipe));
  });
  return server;
}

function serverOf(): Server {
  const stand = (socket: Duplex) => standing.add(socket.resume());
  if (rung === 'tcp') return createTcpServer(stand);
  return rung === 'tls' ? linkServer().on('secureConnection', stand) : linkServer();
}

function look(): IdleEnds {
  collect();
  // Gives back what the first one freed.
  collect();
  const { heapUsed: heapBytes, rss: residentBytes } = process.memoryUsage();
  return { count: standing.size, heapBytes, residentBytes };
}

const server = serverOf().listen(0, '127.0.0.1');
await once(server, 'listening');
process.on('message', () => process.send?.(look()));
process.on('disconnect', () => process.exit(0));
process.send?.((server.address() as AddressInfo).port);
