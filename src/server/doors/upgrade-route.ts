/** A path that switches protocols: what it gets, and how it is found. All of them need a sign-in. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Grant } from '../fleet/grant.ts';
import type { RequestTarget } from './request-target.ts';

export interface UpgradeExchange {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly target: RequestTarget;
  readonly grant: Grant;
}

export interface UpgradeRoute {
  readonly path: string;
  /** Takes the socket over; what it throws is answered on the socket. */
  handle(exchange: UpgradeExchange): Promise<void>;
}
