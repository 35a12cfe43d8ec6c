/** One request as the routes of the API see it, and the parts of the agent that they may use. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { LinkEndNote } from '../../protocol/link-api.ts';
import type { DockerHealth } from '../docker-health.ts';
import type { AgentFeed } from '../link/agent-feed.ts';
import type { AgentIdentity } from '../link/identity.ts';
import type { OperationMemory } from '../link/operation-memory.ts';
import type { LinkPeer } from '../link/served-link.ts';
import type { Log } from '../log.ts';

/** What a server reaches over a link only. */
export interface FleetParts {
  readonly identity: AgentIdentity;
  readonly operations: OperationMemory;
  /** Opened by the first reader, and then there until the agent ends. */
  feed(): Promise<AgentFeed>;
  ends(): readonly LinkEndNote[];
  /** The server's next link key, by its fingerprint: to be trusted beside the present one. */
  announceServerKey(fingerprint: string): void;
}

/** What lies under the API, whoever opened it. */
export interface AgentParts {
  readonly docker: DockerHealth;
  readonly log: Log;
  /** The folder that browsing calls /host, if any. */
  readonly hostRoot: string | undefined;
  /** A folder of the agent's own, for uploads whose destination is not known yet. */
  readonly dataFolder: string;
  /** Fires when the agent stops; its reason is a Fault. */
  readonly stopping: AbortSignal;
  readonly fleet: FleetParts;
}

/** The connection of a request that asks for another protocol, and what was read of it after the request. */
export interface UpgradeSide {
  readonly socket: Duplex;
  readonly head: Buffer;
}

export interface ApiCall {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Path and query for the engine, as the client wrote them. */
  readonly target: string;
  readonly query: URLSearchParams;
  /** Decoded {names} of the route's path. */
  readonly params: Readonly<Record<string, string>>;
  readonly upgrade: UpgradeSide | undefined;
  /** Who sent it, when it came over a link. */
  readonly peer: LinkPeer | undefined;
}
