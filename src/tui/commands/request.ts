/** What a person asked for behind `fleet-tui COMMAND`, as data: checked, so that running it needs no second look. */
import type { ContainerAction } from '../../protocol/operation.ts';
import type { Filter } from '../model/filter.ts';

/** Which fleet to open; at most one of the first three and `context` is there. */
export interface Opening {
  readonly server?: string;
  readonly agent?: string;
  readonly docker?: string;
  readonly context?: string;
  /** File with the AGENT_SECRET of `agent`. */
  readonly secretFile?: string;
  /** A certificate fingerprint to accept. */
  readonly trust?: string;
}

/** `table` has headings and lines up, `plain` has tabs between its fields, `json` is one document or one object a line. */
export type OutputForm = 'table' | 'plain' | 'json';

export interface LookRequest {
  readonly name: 'ls' | 'containers' | 'problems' | 'stats' | 'wall';
  readonly filter: Filter;
  readonly form: OutputForm;
}

/** The wall on a screen; `look` is what to print instead where there is none. */
export interface WallRequest {
  readonly scopeText: string;
  readonly pageMs: number;
  readonly ascii: boolean;
  readonly color: boolean;
  readonly look: LookRequest;
}

export interface ReplayRequest {
  /** A file, or the id of a recording on the server. */
  readonly name: string;
  /** 2 is twice as fast. */
  readonly speed: number;
  readonly idleLimitS: number | undefined;
}

export interface LogsRequest {
  readonly name: 'logs';
  readonly filter: Filter;
  readonly form: OutputForm;
  readonly follow: boolean;
  /** Lines from the end of each log; undefined means all. */
  readonly tail: number | undefined;
  /** How far back, or from when on. */
  readonly since: { readonly agoMs: number } | { readonly atMs: number } | undefined;
  readonly timestamps: boolean;
}

export interface ChangeRequest {
  readonly name: 'change';
  readonly action: ContainerAction;
  readonly filter: Filter;
  readonly form: OutputForm;
  /** Don't ask. */
  readonly yes: boolean;
  /** Only show the plan. */
  readonly dryRun: boolean;
  /** How many at once. */
  readonly width: number | 'all';
  /** For remove: containers that run, too. */
  readonly force: boolean;
  readonly stopOnFailure: boolean;
  /** Why what is locked is open to this command; undefined leaves it locked. */
  readonly unlock: string | undefined;
}

export interface ProxyRequest {
  readonly name: 'proxy';
  /** Name or id. */
  readonly environment: string;
  /** Where the socket shall be; undefined for a folder of its own. */
  readonly socket: string | undefined;
  /** As of ChangeRequest. */
  readonly unlock: string | undefined;
  readonly command: readonly string[];
}

/** A command that needs a fleet. */
export type FleetRequest = LookRequest | LogsRequest | ChangeRequest | ProxyRequest;

export const SHELLS = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof SHELLS)[number];
