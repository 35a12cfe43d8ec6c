/** A path that switches protocols: what it gets, and how it is found. All but the open ones need a sign-in. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Grant } from '../fleet/grant.ts';
import type { RequestTarget } from './request-target.ts';

export interface OpenUpgradeExchange {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly target: RequestTarget;
}

export interface UpgradeExchange extends OpenUpgradeExchange {
  readonly grant: Grant;
}

export interface UpgradeRoute {
  readonly path: string;
  /** Whether what goes over it is a shell, which the audit trail notes. */
  readonly isShell?: boolean;
  /** Takes the socket over; what it throws is answered on the socket. */
  handle(exchange: UpgradeExchange): Promise<void>;
}

/** A path that strangers may open, too; who they are is decided behind it. */
export interface OpenUpgradeRoute {
  readonly path: string;
  /** Takes the socket over; what it throws is answered on the socket. */
  handle(exchange: OpenUpgradeExchange): Promise<void>;
}
