/**
 * An Engine by way of dockerode, over any route. dockerode gets one host, "engine", and our pool; where the bytes
 * really go is the route's business.
 */
import type { IncomingMessage } from 'node:http';
import type Docker from 'dockerode';
import type { ContainerInfo, ContainerInspectInfo } from 'dockerode';
import type { DiskUsage } from '../protocol/disk-usage.ts';
import type { EngineFacts } from '../protocol/environment.ts';
import { asFault, Fault } from '../protocol/fault.ts';
import type { ContainerAction } from '../protocol/operation.ts';
import type { ProcessList } from '../protocol/sample.ts';
import { type ContainerSpec, createFrom, specOf } from './container-spec.ts';
import { within } from './deadline.ts';
import { readDiskUsage } from './disk-words.ts';
import type {
  ActionOptions,
  AttachRequest,
  Engine,
  EngineEvent,
  EngineTerminal,
  ExecRequest,
  LogRequest,
} from './engine.ts';
import { type EventFilter, eventQuery, readEvents } from './engine-events.ts';
import { abortable, readFacts } from './engine-facts.ts';
import { changeFault, engineFault } from './engine-fault.ts';
import { openAttach, openExec } from './engine-terminal.ts';
import { type LogQuery, type RunState, readLogs } from './log-follow.ts';
import { pastEvents } from './past-events.ts';
import { ProcessLister } from './process-lister.ts';
import type { EngineRoute } from './route.ts';
import { readStats, type StatsReading } from './stats-words.ts';
import { hijack, type StreamWay } from './upgrade.ts';

const PING_DEADLINE_MS = 5_000;
const CALL_DEADLINE_MS = 30_000;
const STATS_DEADLINE_MS = 10_000;
/** It walks through all layers and volumes. */
const MEASURE_DEADLINE_MS = 120_000;
/** stop and restart wait for the container, by default 10 s, by its own setting longer. */
const ACT_DEADLINE_MS = 120_000;

const HIJACKED: StreamWay = { open: hijack, isTextOnly: false };

/** An Engine that talks over `route`; the route stays the caller's to dispose. Streams of processes are had as `way` says. */
export function dockerodeEngine(route: EngineRoute, way: StreamWay = HIJACKED): Engine {
  return new DockerodeEngine(route, way);
}

/** The form all of dockerode's container actions share; their declarations differ. */
type AbortableAction = (options: { abortSignal: AbortSignal }) => Promise<unknown>;

interface Call {
  /** Completes "ADDRESS could not …". */
  readonly what: string;
  readonly signal: AbortSignal;
  readonly deadlineMs?: number;
  /** It changes something. */
  readonly isChange?: true;
}

class DockerodeEngine implements Engine {
  readonly address: string;
  #docker: Promise<Docker> | undefined;
  readonly #route: EngineRoute;
  readonly #processes = new ProcessLister();
  readonly #way: StreamWay;

  constructor(route: EngineRoute, way: StreamWay) {
    this.#way = way;
    this.address = route.address;
    this.#route = route;
  }

  async ping(signal: AbortSignal): Promise<void> {
    const call = { what: 'answer a ping', signal, deadlineMs: PING_DEADLINE_MS };
    const answer: unknown = await this.#call(call, (docker, abortSignal) =>
      abortable(docker).ping({ abortSignal }),
    );
    if (String(answer).trim() === 'OK') return;
    throw new Fault('bad-peer', `${this.address} answers, but not as a Docker engine does.`);
  }

  facts(signal: AbortSignal): Promise<EngineFacts> {
    return this.#call({ what: 'describe itself', signal }, (docker, abortSignal) =>
      readFacts(docker, this.address, abortSignal),
    );
  }

  async list(ids: readonly string[] | undefined, signal: AbortSignal): Promise<ContainerInfo[]> {
    const filters = ids === undefined ? {} : { filters: { id: [...ids] } };
    const answer: unknown = await this.#call(
      { what: 'list its containers', signal },
      (docker, abortSignal) => docker.listContainers({ all: true, ...filters, abortSignal }),
    );
    if (Array.isArray(answer)) return answer.filter(isContainerInfo);
    throw new Fault('bad-peer', `${this.address} answers, but not as a Docker engine does.`);
  }

  events(signal: AbortSignal, onOpen?: () => void): AsyncGenerator<EngineEvent> {
    return this.#events({}, signal, onOpen);
  }

  inspect(id: string, signal: AbortSignal): Promise<ContainerInspectInfo> {
    return this.#call(
      { what: `describe container ${shortId(id)}`, signal },
      (docker, abortSignal) => docker.getContainer(id).inspect({ abortSignal }),
    );
  }

  async stats(id: string, signal: AbortSignal): Promise<StatsReading | undefined> {
    const call = {
      what: `measure container ${shortId(id)}`,
      signal,
      deadlineMs: STATS_DEADLINE_MS,
    };
    const answer = await this.#call(call, (docker, abortSignal) =>
      docker
        .getContainer(id)
        .stats({ stream: false, 'one-shot': true, abortSignal } as { stream: false }),
    );
    return readStats(answer, Date.now());
  }

  top(id: string, signal: AbortSignal): Promise<ProcessList> {
    return this.#call(
      { what: `list the processes of ${shortId(id)}`, signal },
      (docker, abortSignal) => this.#processes.list(docker, id, abortSignal),
    );
  }

  past(id: string | undefined, signal: AbortSignal): Promise<readonly EngineEvent[]> {
    return this.#call(
      {
        what: id === undefined ? 'tell its past' : `tell the past of container ${shortId(id)}`,
        signal,
      },
      (docker, abortSignal) => pastEvents(docker, id, abortSignal),
    );
  }

  diskUsage(signal: AbortSignal): Promise<DiskUsage> {
    const call = { what: 'measure its disk', signal, deadlineMs: MEASURE_DEADLINE_MS };
    return this.#call(call, async (docker, abortSignal) =>
      readDiskUsage(await abortable(docker).df({ abortSignal })),
    );
  }

  async *logs(id: string, request: LogRequest, signal: AbortSignal): ReturnType<Engine['logs']> {
    const source = {
      inspect: async () => runState(await this.inspect(id, signal)),
      open: (query: LogQuery) => this.#openLog(id, query, signal),
      events: (until: AbortSignal, onOpen: () => void) =>
        this.#events({ containerId: id }, AbortSignal.any([signal, until]), onOpen),
    };
    try {
      yield* readLogs(source, request);
    } catch (error) {
      const sentence = `Reading a log of ${this.address} was cancelled.`;
      if (signal.aborted) throw asFault(error, 'cancelled', sentence);
      throw engineFault(error, this.address, `send the log of container ${shortId(id)}`);
    }
  }

  async act(
    id: string,
    action: ContainerAction,
    options: ActionOptions,
    signal: AbortSignal,
  ): Promise<void> {
    const call = {
      what: `${action} container ${shortId(id)}`,
      signal,
      deadlineMs: ACT_DEADLINE_MS,
      isChange: true,
    } as const;
    await this.#call(call, async (docker, abortSignal) => {
      const container = docker.getContainer(id);
      try {
        if (action === 'remove') {
          await container.remove({ force: options.force ?? false, abortSignal });
        } else {
          await (container[action] as AbortableAction).call(container, { abortSignal });
        }
      } catch (error) {
        if (!isNotModified(error)) throw error;
      }
    });
  }

  async spec(id: string, signal: AbortSignal): Promise<ContainerSpec> {
    return specOf(await this.inspect(id, signal));
  }

  create(spec: ContainerSpec, signal: AbortSignal): Promise<string> {
    const what = `make the container ${spec.name} again`;
    const call = { what, signal, deadlineMs: ACT_DEADLINE_MS, isChange: true } as const;
    return this.#call(call, (docker, abortSignal) => createFrom(docker, spec, abortSignal));
  }

  exec(id: string, request: ExecRequest, signal: AbortSignal): Promise<EngineTerminal> {
    return openExec(this.#terminals(signal), id, request);
  }

  attach(id: string, request: AttachRequest, signal: AbortSignal): Promise<EngineTerminal> {
    return openAttach(this.#terminals(signal), id, request);
  }

  #terminals(signal: AbortSignal) {
    return { route: this.#route, way: this.#way, signal };
  }

  async *#events(
    filter: EventFilter,
    signal: AbortSignal,
    onOpen?: () => void,
  ): AsyncGenerator<EngineEvent> {
    try {
      const query: Docker.GetEventsOptions = { ...eventQuery(filter), abortSignal: signal };
      const docker = await this.#dockerode();
      const stream = (await docker.getEvents(query)) as IncomingMessage;
      onOpen?.();
      yield* readEvents(stream);
    } catch (error) {
      if (signal.aborted) return;
      throw engineFault(error, this.address, 'send its events');
    }
    if (signal.aborted) return;
    throw new Fault('unreachable', `${this.address} ended its event stream.`);
  }

  async #openLog(id: string, query: LogQuery, abortSignal: AbortSignal): Promise<IncomingMessage> {
    const docker = await this.#dockerode();
    // Through the modem, since dockerode's own logs() gathers a log that is not followed in memory.
    const options = {
      path: `/containers/${encodeURIComponent(id)}/logs?`,
      method: 'GET',
      options: { ...query },
      isStream: true,
      statusCodes: { 200: true, 404: 'no such container', 500: 'server error' },
      abortSignal,
    };
    return await new Promise((resolve, reject) => {
      docker.modem.dial(options, (error: unknown, result: unknown) =>
        error ? reject(error) : resolve(result as IncomingMessage),
      );
    });
  }

  /** Loaded at the first call: it takes a fifth of what a console loads otherwise. */
  #dockerode(): Promise<Docker> {
    this.#docker ??= import('./route-docker.ts').then(({ routeDocker }) =>
      routeDocker(this.#route),
    );
    return this.#docker;
  }

  async #call<T>(
    call: Call,
    work: (docker: Docker, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const { signal, deadlineMs = CALL_DEADLINE_MS, isChange } = call;
    try {
      return await within({ signal, deadlineMs, address: this.address }, async (abortSignal) =>
        work(await this.#dockerode(), abortSignal),
      );
    } catch (error) {
      throw (isChange ? changeFault : engineFault)(error, this.address, call.what);
    }
  }
}

function runState(inspected: ContainerInspectInfo): RunState {
  const { State: state, Config: config } = inspected;
  return { isTty: config.Tty, isRunning: state.Running, finishedAt: state.FinishedAt };
}

function isContainerInfo(value: unknown): value is ContainerInfo {
  return (
    typeof value === 'object' && value !== null && 'Id' in value && typeof value.Id === 'string'
  );
}

/** 304: the container is already started or stopped, which is what was asked for. */
function isNotModified(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'statusCode' in error && error.statusCode === 304
  );
}

function shortId(id: string): string {
  return id.slice(0, 12);
}
