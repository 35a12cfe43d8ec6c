/**
 * A process in a container, or its first one, with its input and output joined to us (Engine API "Exec" and "Attach").
 * An engine has no way to end an exec: closing the stream leaves the process to itself.
 */
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Fault } from '../protocol/fault.ts';
import { pause } from './deadline.ts';
import type { AttachRequest, EngineTerminal, ExecRequest, TerminalSize } from './engine.ts';
import { engineFault } from './engine-fault.ts';
import type { EngineRoute } from './route.ts';
import { callRoute } from './route-call.ts';
import { unframed } from './unframed.ts';
import type { StreamWay } from './upgrade.ts';
import { withoutReturns } from './without-returns.ts';

const CALL_DEADLINE_MS = 30_000;
const KEEP_ALIVE_MS = 30_000;
/** The first resize may come before the engine has a terminal for the process. */
const RESIZE_TRIES = 5;
const RESIZE_PAUSE_MS = 40;
/** The stream ends a moment before the engine knows the exit status. */
const EXIT_TRIES = 40;
const EXIT_PAUSE_MS = 50;

interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  /** Completes "ADDRESS could not …". */
  readonly what: string;
  readonly signal: AbortSignal;
}

type Fields = Readonly<Record<string, unknown>>;

/** Where terminals come from; the signal ends their streams too. */
export interface TerminalSource {
  readonly route: EngineRoute;
  readonly way: StreamWay;
  readonly signal: AbortSignal;
}

/** Runs a command in a running container; its stream has stdout and stderr merged when there is no terminal. */
export async function openExec(
  { route, way, signal }: TerminalSource,
  id: string,
  request: ExecRequest,
): Promise<EngineTerminal> {
  const { cmd, size } = request;
  const tty = request.tty || way.isTextOnly;
  const hasInput = request.input ?? request.tty;
  const created = await callJson(route, {
    method: 'POST',
    path: `/containers/${encodeURIComponent(id)}/exec`,
    body: {
      Cmd: cmd,
      Tty: tty,
      AttachStdin: hasInput,
      AttachStdout: true,
      AttachStderr: true,
      // Docker's own ctrl-p ctrl-q would hold back every ctrl-p, which shells use.
      ...(hasInput && { DetachKeys: 'ctrl-],q' }),
      ...(size && { ConsoleSize: [size.rows, size.columns] }),
    },
    what: `run a command in container ${id.slice(0, 12)}`,
    signal,
  });
  const path = `/exec/${encodeURIComponent(String(created.Id))}`;
  const body = { Detach: false, Tty: tty };
  const raw = await way.open(route, { path: `${path}/start`, body, signal });
  const plain = request.tty ? raw : tty ? withoutReturns(raw) : unframed(raw);
  const terminal = new OpenTerminal(route, path, plain, {
    signal,
    statusOf: (state) => (state.Running === true ? undefined : numberOrNull(state.ExitCode)),
  });
  if (size && tty) await terminal.resize(size);
  return terminal;
}

/** Joins the container's own input and output; refuses nothing that runs, with or without a terminal. */
export async function openAttach(
  { route, way, signal }: TerminalSource,
  id: string,
  request: AttachRequest,
): Promise<EngineTerminal> {
  const path = `/containers/${encodeURIComponent(id)}`;
  const { tty, input, size } = request;
  if (way.isTextOnly && !tty) {
    throw new Fault(
      'engine-refused',
      `${route.address} passes on only containers that have a terminal; this one has none, read its log instead.`,
    );
  }
  const query = `stream=1&stdin=${input ? 1 : 0}&stdout=1&stderr=1`;
  const raw = await way.open(route, { path: `${path}/attach?${query}`, body: {}, signal });
  const terminal = new OpenTerminal(route, path, tty ? raw : unframed(raw), {
    signal,
    statusOf: ({ State: state }) => {
      const { Running: isRunning, ExitCode: code } = (state ?? {}) as Fields;
      return isRunning === true ? null : numberOrNull(code);
    },
  });
  if (size && tty) await terminal.resize(size);
  return terminal;
}

interface Watch {
  readonly signal: AbortSignal;
  /** The exit status in an inspect answer: undefined when it is not known yet, null when it never will be. */
  readonly statusOf: (answer: Fields) => number | null | undefined;
}

class OpenTerminal implements EngineTerminal {
  readonly stream: Duplex;
  readonly #route: EngineRoute;
  readonly #path: string;
  readonly #watch: Watch;
  readonly #over = new AbortController();
  #wanted: TerminalSize | undefined;
  #resizing: Promise<void> | undefined;

  constructor(route: EngineRoute, path: string, stream: Duplex, watch: Watch) {
    this.#route = route;
    this.#path = path;
    this.#watch = watch;
    this.stream = stream;
    if (stream instanceof Socket) stream.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE_MS);
    const { signal } = watch;
    const end = () => stream.destroy();
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    stream.on('error', end);
    stream.once('close', () => {
      signal.removeEventListener('abort', end);
      this.#over.abort();
    });
  }

  async resize(size: TerminalSize): Promise<void> {
    this.#wanted = size;
    this.#resizing ??= this.#resizeAll().finally(() => {
      this.#resizing = undefined;
    });
    await this.#resizing;
  }

  async exit(): Promise<number | null> {
    for (let tries = 0; tries < EXIT_TRIES; tries += 1) {
      const status = await this.#status();
      if (status !== undefined) return status;
      await pause(EXIT_PAUSE_MS, this.#watch.signal);
    }
    return null;
  }

  async #status(): Promise<number | null | undefined> {
    const { signal, statusOf } = this.#watch;
    const call = { path: `${this.#path}/json`, what: 'tell an exit status', signal };
    try {
      return statusOf(await callJson(this.#route, { ...call, method: 'GET' }));
    } catch (thrown) {
      // A container that is removed when it ends takes the answer with it.
      if (thrown instanceof Fault) return null;
      throw thrown;
    }
  }

  /** One at a time, and of those that came meanwhile only the last: sizes must not overtake each other. */
  async #resizeAll(): Promise<void> {
    for (let size = this.#wanted; size; size = this.#wanted) {
      this.#wanted = undefined;
      await this.#resizeOnce(size);
    }
  }

  /** A size that can't be set is no reason to end a shell. */
  async #resizeOnce({ columns, rows }: TerminalSize): Promise<void> {
    const path = `${this.#path}/resize?h=${rows}&w=${columns}`;
    for (let tries = 0; tries < RESIZE_TRIES && !this.#over.signal.aborted; tries += 1) {
      const call = { method: 'POST', path, what: 'resize a terminal' } as const;
      const isDone = await callJson(this.#route, { ...call, signal: this.#over.signal }).then(
        () => true,
        () => false,
      );
      if (isDone) return;
      await pause(RESIZE_PAUSE_MS, this.#over.signal);
    }
  }
}

async function callJson(route: EngineRoute, call: Call): Promise<Fields> {
  const { method, path, body, what, signal } = call;
  const answer = await callRoute(route, {
    method,
    path,
    signal,
    deadlineMs: CALL_DEADLINE_MS,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const json = parsed(answer.body);
  if (answer.status >= 300) {
    throw engineFault({ statusCode: answer.status, json }, route.address, what);
  }
  return typeof json === 'object' && json !== null ? (json as Fields) : {};
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString()) as unknown;
  } catch {
    return body.toString();
  }
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
