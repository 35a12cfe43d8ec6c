/** The few things we ask of a Docker engine ourselves; bytes that only pass through never come here. */
import type { Duplex } from 'node:stream';
import type { ContainerInfo, ContainerInspectInfo } from 'dockerode';
import type { DiskUsage } from '../protocol/disk-usage.ts';
import type { EngineFacts } from '../protocol/environment.ts';
import type { LogLine } from '../protocol/log-line.ts';
import type { ContainerAction } from '../protocol/operation.ts';
import type { ProcessList } from '../protocol/sample.ts';
import type { ContainerSpec } from './container-spec.ts';
import type { StatsReading } from './stats-words.ts';

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
  /** Only lines at or before this millisecond; an engine that counts whole seconds gives up to one more. */
  readonly untilMs?: number;
  /** Called when the engine begins to answer, before the first line; again for each run of the container. */
  readonly onOpen?: (head: LogHead) => void;
}

/** The beginning of an engine's answer; times of this machine's clock but the first. */
export interface LogHead {
  /** The engine's Date header, whole seconds of its own clock; undefined when it sent none. */
  readonly dateMs: number | undefined;
  readonly askedAtMs: number;
  readonly answeredAtMs: number;
}

export interface ActionOptions {
  /** For remove: kill it first if it runs. */
  readonly force?: boolean;
}

/** In cells. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

export interface ExecRequest {
  readonly cmd: readonly string[];
  readonly tty: boolean;
  /** Whether what is written to the stream reaches the command; as `tty` unless said. */
  readonly input?: boolean;
  readonly size?: TerminalSize;
}

/** As the container was created: an engine frames the output of one without a terminal. */
export interface AttachRequest {
  readonly tty: boolean;
  readonly input: boolean;
  readonly size?: TerminalSize;
}

/** A process whose input and output are ours. Destroying the stream leaves it running. */
export interface EngineTerminal {
  /** A terminal's raw bytes, or stdout and stderr merged; ends with the process, and closes when the signal fires. */
  readonly stream: Duplex;
  /** Resolves when the engine has the size; one that it refuses changes nothing. Never rejects. */
  resize(size: TerminalSize): Promise<void>;
  /** After the stream's end: the exit status; null when it still runs or nobody knows. */
  exit(): Promise<number | null>;
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
  /** What the engine remembers of a container's life, or of all containers', oldest first; within 2 s what has come by then. */
  past(id: string | undefined, signal: AbortSignal): Promise<readonly EngineEvent[]>;
  /** GET /system/df, which the engine measures anew; up to 120 s. */
  diskUsage(signal: AbortSignal): Promise<DiskUsage>;
  /** The container's counters now (GET …/stats, one reading); undefined when it does not run. Within 10 s. */
  stats(id: string, signal: AbortSignal): Promise<StatsReading | undefined>;
  /** GET /containers/{id}/top, with CPU and memory where the engine's ps tells them; rejects when it does not run. */
  top(id: string, signal: AbortSignal): Promise<ProcessList>;
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
  /** What makes this container again; it may hold secrets. */
  spec(id: string, signal: AbortSignal): Promise<ContainerSpec>;
  /** Makes a container from a spec, starts it if it ran, and resolves to its id; a half-made one is removed. Up to 120 s. */
  create(spec: ContainerSpec, signal: AbortSignal): Promise<string>;
  /** POST /containers/{id}/exec and its start; the signal ends the stream too. */
  exec(id: string, request: ExecRequest, signal: AbortSignal): Promise<EngineTerminal>;
  /** POST /containers/{id}/attach; the signal ends the stream too. */
  attach(id: string, request: AttachRequest, signal: AbortSignal): Promise<EngineTerminal>;
}
