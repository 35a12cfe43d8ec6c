/** The route to an engine on this machine: its unix socket. */
import { connect, type Socket } from 'node:net';
import { dialFault } from '../protocol/dial-fault.ts';
import { Fault } from '../protocol/fault.ts';
import { DialAgent } from './dial-agent.ts';
import type { EngineRoute } from './route.ts';

/** Time after which a connection attempt has failed, on every route. */
const DIAL_TIMEOUT_MS = 5_000;
/** A peer that vanished without a word is noticed on connections over which nothing is said, too. */
const KEEP_ALIVE_MS = 30_000;

/** The engine behind the unix socket at `path` (absolute). */
export function socketRoute(path: string): EngineRoute {
  const address = `unix://${path}`;
  const agent = new DialAgent(() => dialSocket(path, address));
  return {
    address,
    agent,
    pathPrefix: '',
    headers: () => ({ Host: 'docker' }),
    [Symbol.asyncDispose]: async () => agent.destroy(),
  };
}

function dialSocket(path: string, address: string): Promise<Socket> {
  return opened(connect({ path, allowHalfOpen: true }), 'connect', address);
}

/** Resolves with `socket` at its `event`; after 5 s or an error destroys it and rejects with a Fault about `address`. */
export function opened(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  address: string,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      socket.destroy(new Fault('timeout', `${address}: no connection within 5 seconds.`));
    }, DIAL_TIMEOUT_MS);
    const failed = (error: Error) => {
      clearTimeout(timer);
      reject(dialFault(error, address));
    };
    const closed = () =>
      failed(new Fault('unreachable', `${address}: the peer closed the connection at once.`));
    socket.once('error', failed);
    socket.once('close', closed);
    socket.once(event, () => {
      clearTimeout(timer);
      socket.off('error', failed);
      socket.off('close', closed);
      socket.setNoDelay(true);
      socket.setKeepAlive(true, KEEP_ALIVE_MS);
      resolve(socket);
    });
  });
}
