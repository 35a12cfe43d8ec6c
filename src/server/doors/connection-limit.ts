/**
 * How many connections strangers may hold open. One that has carried a valid credential, or is an agent's link, is no stranger's
 * any more: a fleet behind one address is not a flood.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import { networkOf } from '../fleet/network-of.ts';

export interface ConnectionBounds {
  /** Of one IPv4 address, or one IPv6 network. */
  readonly perNetwork: number;
  readonly inAll: number;
}

export const CONNECTION_BOUNDS: ConnectionBounds = { perNetwork: 2_048, inAll: 16_384 };

const TELL_EVERY_MS = 60_000;

type Peer = Pick<Socket, 'remoteAddress' | 'remotePort'>;

/** Both the raw socket and the TLS around it have it. */
const nameOf = ({ remoteAddress, remotePort }: Peer): string => `${remoteAddress} ${remotePort}`;

/** Counts unproven connections; what comes above the bounds is closed at once. */
export class ConnectionLimit {
  readonly #bounds: ConnectionBounds;
  readonly #log: Logger;
  readonly #perNetwork = new Map<string, number>();
  readonly #unproven = new Map<string, string>();
  #toldAtMs = Number.NEGATIVE_INFINITY;

  constructor(log: Logger, bounds: ConnectionBounds = CONNECTION_BOUNDS) {
    this.#log = log;
    this.#bounds = bounds;
  }

  /** Judges every connection of a server before anybody reads from it; called before the others listen for them. */
  guard(server: Server): void {
    server.prependListener('connection', (socket: Socket) => {
      if (!this.#admit(socket)) socket.destroy();
    });
  }

  /** Says that the connection belongs to somebody we know. */
  prove(peer: Peer): void {
    this.#forget(nameOf(peer));
  }

  #admit(socket: Socket): boolean {
    const network = networkOf(socket.remoteAddress ?? '');
    const count = this.#perNetwork.get(network) ?? 0;
    const { perNetwork, inAll } = this.#bounds;
    if (count >= perNetwork || this.#unproven.size >= inAll) {
      this.#tell(network, count);
      return false;
    }
    const name = nameOf(socket);
    this.#forget(name);
    this.#perNetwork.set(network, (this.#perNetwork.get(network) ?? 0) + 1);
    this.#unproven.set(name, network);
    socket.once('close', () => this.#forget(name));
    return true;
  }

  #forget(name: string): void {
    const network = this.#unproven.get(name);
    if (network === undefined) return;
    this.#unproven.delete(name);
    const left = (this.#perNetwork.get(network) ?? 0) - 1;
    if (left > 0) this.#perNetwork.set(network, left);
    else this.#perNetwork.delete(network);
  }

  #tell(network: string, count: number): void {
    const nowMs = performance.now();
    if (nowMs - this.#toldAtMs < TELL_EVERY_MS) return;
    this.#toldAtMs = nowMs;
    this.#log.warn({ network, count, inAll: this.#unproven.size }, 'too many open connections');
  }
}
