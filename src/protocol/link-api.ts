/**
 * What a server asks of an agent over a link, beside the Docker calls and Portainer's agent API. Plain HTTP/1.1 on the
 * link's streams; the agent serves these paths to links only, never to its listener.
 */
import type { Environment } from './environment.ts';
import type { FaultCode } from './fault.ts';

/** NDJSON, one FeedMessage a line after one FeedOpening; `?feed=ID&sequence=N` resumes after that message. */
export const AGENT_FEED_PATH = '/fleet/feed';
/** GET: an AgentReport. */
export const AGENT_REPORT_PATH = '/fleet/report';
/** GET /fleet/operations/ID: an OperationOutcome. */
export const AGENT_OPERATIONS_PATH = '/fleet/operations/';
/** POST: makes the next agent key, answers a KeyOffer. POST …/commit with the same KeyOffer: dial with it from now on. */
export const AGENT_ROTATE_PATH = '/fleet/identity/next';
export const AGENT_ROTATE_COMMIT_PATH = '/fleet/identity/next/commit';
/** POST a KeyOffer: the server's next link key, to be accepted beside the present one. */
export const AGENT_SERVER_KEY_PATH = '/fleet/identity/server';

/** Of an agent's dial: the fingerprints of the server keys that it accepts, newest first, joined by commas. */
export const SERVER_KEY_HEADER = 'X-Fleet-Server-Key';

/** Names a change (any method but GET and HEAD) so that its outcome can be asked for after a cut. At most 64 characters. */
export const OPERATION_HEADER = 'X-Fleet-Operation';
/** For how long an agent remembers outcomes. */
export const OPERATION_MEMORY_MS = 600_000;

/** What became of a change. A change that never arrived is `unknown`: nothing was done. */
export type OperationOutcome =
  | { readonly state: 'unknown' }
  | { readonly state: 'running'; readonly sinceMs: number }
  | {
      readonly state: 'ended';
      readonly atMs: number;
      /** The HTTP status that the engine answered; 502 when it could not be reached. */
      readonly status: number;
      /** The answer's first 64 KiB as text. */
      readonly body: string;
    };

/** The first line of a feed. */
export interface FeedOpening {
  readonly kind: 'opening';
  /** Changes when the agent starts anew; sequence numbers are only comparable within one id. */
  readonly feedId: string;
  /** True: what follows are the messages after the sequence asked for. False: a snapshot follows. */
  readonly isResumed: boolean;
  /** True when a sequence was asked for that is not kept any more: messages are missing, and the reader says so. */
  readonly hasGap: boolean;
}

export interface KeyOffer {
  /** In the form of link/fingerprint.ts. */
  readonly fingerprint: string;
}

/** GET /api/fleet/link-key and POST /api/fleet/link-key/rotate on a server: its own link key. */
export interface ServerKeyState {
  readonly fingerprint: string;
  readonly madeAtMs: number;
  /** Still good for those who know no other; null when nobody needs it. */
  readonly previousFingerprint: string | null;
  /** Environments whose agent, or whose unused EDGE_KEY, knows the previous one only. */
  readonly waitingFor: readonly number[];
}

/** How one link, or one attempt at it, ended. */
export interface LinkEndNote {
  readonly atMs: number;
  /** How long it was up; 0 for an attempt that failed. */
  readonly upMs: number;
  readonly sentence: string;
  /** Who noticed. */
  readonly side: 'server' | 'agent';
}

export interface AgentReport {
  readonly product: string;
  readonly hostName: string;
  readonly atMs: number;
  readonly fingerprint: string;
  /** The newest ten, oldest first. */
  readonly ends: readonly LinkEndNote[];
}

/** POST /api/fleet/environments/{id}/link/accept on a server: lets the waiting agent with this key in; answers the LinkStatus. */
export interface AcceptAgent {
  readonly fingerprint: string;
}

/** GET /api/fleet/environments/{id}/link on a server: what the console's link tab shows. */
export interface LinkStatus {
  readonly environmentId: number;
  readonly name: string;
  /** `link`: mutual, pinned keys. `legacy`: Portainer's signature. `none`: a socket or Docker over TCP. */
  readonly trust: 'link' | 'legacy' | 'none';
  readonly isEdge: boolean;
  readonly state: Environment['connection'] | 'waiting';
  readonly sinceMs: number;
  /** The agent's, null until one has bound itself. */
  readonly agentFingerprint: string | null;
  readonly serverFingerprint: string;
  readonly agentProduct: string | null;
  readonly peerAddress: string | null;
  readonly roundTripMs: number | null;
  /** Agent's clock less ours. */
  readonly clockOffsetMs: number | null;
  /** When the join secret stops working; null once used or reset. */
  readonly joinExpiresAtMs: number | null;
  readonly rotatedAtMs: number | null;
  readonly ends: readonly LinkEndNote[];
  /** Agents with a right EDGE_KEY and a foreign EDGE_ID, until one is accepted; who knocked last is last. */
  readonly waiting: readonly {
    readonly fingerprint: string;
    readonly address: string;
    readonly product: string;
    readonly sinceMs: number;
    readonly lastAtMs: number;
  }[];
  /** Agents that were turned away from this environment, newest last. */
  readonly refused: readonly {
    readonly atMs: number;
    readonly address: string;
    readonly code: FaultCode;
    readonly sentence: string;
  }[];
}
