/** The few things we ask of a Docker engine ourselves; bytes that only pass through never come here. */
import type { ContainerInfo, ContainerInspectInfo } from 'dockerode';
import type { EngineFacts } from '../protocol/environment.ts';
import type { LogLine } from '../protocol/log-line.ts';
import type { ContainerAction } from '../protocol/operation.ts';

/** One event of the Engine API's GET /events, reduced to what a watcher needs. */
export interface EngineEvent {
  readonly containerId: string;
  /** `start`, `die`, `health_status: healthy`, … */
  readonly action: string;
  readonly atMs: number;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface LogRequest {
  readonly follow: boolean;
  /** Lines from the end; undefined means all. */
  readonly tail?: number;
  /** Only lines at or after this time. */
  readonly sinceMs?: number;
}

export interface ActionOptions {
  /** For remove: kill it first if it runs. */
  readonly force?: boolean;
}

/** Every method rejects with a Fault, and with `cancelled` when its signal fires. Deadlines of 30 s unless said. */
export interface Engine {
  readonly address: string;
  /** GET /_ping within 5 s. */
  ping(signal: AbortSignal): Promise<void>;
  facts(signal: AbortSignal): Promise<EngineFacts>;
  /** All containers, stopped ones too, or just those with these ids. */
  list(ids: readonly string[] | undefined, signal: AbortSignal): Promise<ContainerInfo[]>;
  /**
   * Container life events from now on, without exec noise; ends when the signal fires, rejects when the stream breaks.
   * `onOpen` is called when the engine has subscribed us: whatever is listed after that misses nothing.
   */
  events(signal: AbortSignal, onOpen?: () => void): AsyncIterable<EngineEvent>;
  inspect(id: string, signal: AbortSignal): Promise<ContainerInspectInfo>;
  /**
   * Log lines in batches (one per chunk read, at most 64 KiB or 50 ms worth); pulls no faster than it is read.
   * Ends when the log does (no follow, or the container was removed).
   */
  logs(id: string, request: LogRequest, signal: AbortSignal): AsyncIterable<readonly LogLine[]>;
  /** Up to 120 s, since stop and restart wait for the container. */
  act(
    id: string,
    action: ContainerAction,
    options: ActionOptions,
    signal: AbortSignal,
  ): Promise<void>;
}
