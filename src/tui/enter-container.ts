/**
 * A shell in a container, or its own terminal, for as long as the console lends it ours. A shell that is left in the
 * middle is told to end, as a terminal does that hangs up: engines leave it running for ever.
 */
import { Buffer } from 'node:buffer';
import type { Duplex } from 'node:stream';
import type { Fleet } from '../client/fleet.ts';
import { asFault, Fault } from '../protocol/fault.ts';
import { collectOutput, isMissingProgram } from './exec-output.ts';
import type { AppEvent, Effect } from './model/event.ts';
import type { ShellOutcome } from './model/guest-event.ts';
import { containerIdOf, environmentIdOf } from './model/live-fleet.ts';
import type { Size } from './screens/view.ts';
import type { Guest, LoanEnd, LoanRequest } from './widgets/loan.ts';

type Engine = ReturnType<Fleet['engine']>;
type EngineTerminal = Awaited<ReturnType<Engine['exec']>>;

/** Whichever of them is there finds the one to use. */
const PROBES = ['sh', 'bash', 'ash'];
const PROBE = 'command -v bash || command -v sh || command -v ash';
const FIRST_LINE_DEADLINE_MS = 5_000;
const HANG_UP_DEADLINE_MS = 10_000;

export interface EnterParts {
  readonly fleet: Fleet;
  readonly terminal: { lend(request: LoanRequest): Promise<LoanEnd> };
  readonly send: (event: AppEvent) => void;
  readonly now: () => number;
}

/** Lends the terminal at once and says `shell-ended` when it is back. Never rejects. */
export async function enterContainer(
  parts: EnterParts,
  effect: Extract<Effect, { kind: 'open-shell' | 'attach' }>,
  signal: AbortSignal,
): Promise<void> {
  const { fleet, terminal, send, now } = parts;
  const { key, name } = effect;
  const what = effect.kind === 'attach' ? 'attach' : 'shell';
  const visit = new Visit(() => fleet.engine(environmentIdOf(key)), containerIdOf(key), name);
  const open = what === 'shell' ? visit.openShell : visit.openAttach;
  const outcome = await terminal
    .lend({
      banner: bannerOf(what, name),
      open: (size, left) => open(size, AbortSignal.any([signal, left])),
    })
    .then(
      (end): Promise<ShellOutcome> => visit.outcome(end),
      (thrown: unknown): ShellOutcome => ({
        kind: 'failed',
        why: asFault(thrown, 'internal', `Going into ${name} failed.`).message,
      }),
    );
  send({ kind: 'shell-ended', name, what, outcome, atMs: now() });
}

function bannerOf(what: 'shell' | 'attach', name: string): string {
  return what === 'shell'
    ? `-- shell in ${name}: exit, or ctrl-] then q, comes back --`
    : `-- attached to ${name}: ctrl-] then q comes back and leaves it running --`;
}

class Visit {
  readonly #engine: () => Engine;
  readonly #id: string;
  readonly #name: string;
  #terminal: EngineTerminal | undefined;
  #shell: string | undefined;
  #pid: string | undefined;

  constructor(engine: () => Engine, id: string, name: string) {
    this.#engine = engine;
    this.#id = id;
    this.#name = name;
  }

  readonly openShell = async (size: Size, signal: AbortSignal): Promise<Guest> => {
    const engine = this.#engine();
    const shell = await findShell(engine, this.#id, signal);
    if (shell === undefined) {
      throw new Fault(
        'not-found',
        `${this.#name} has no shell: neither bash nor sh nor ash is in it.`,
      );
    }
    // The first line tells the process id in the container, which the engine's API does not.
    const cmd = [shell, '-c', `echo "$$"; exec "${shell}"`];
    const terminal = await engine.exec(this.#id, { cmd, tty: true, size: cells(size) }, signal);
    const first = await firstLine(terminal.stream);
    this.#shell = shell;
    this.#pid = first;
    this.#terminal = terminal;
    return guestOf(terminal, 'terminal');
  };

  readonly openAttach = async (size: Size, signal: AbortSignal): Promise<Guest> => {
    const engine = this.#engine();
    const { Config: config } = await engine.inspect(this.#id, signal);
    const tty = config.Tty === true;
    // Leaving a container of `run -i` without a terminal would end its input for good.
    const input = config.OpenStdin === true && (tty || config.StdinOnce !== true);
    const terminal = await engine.attach(this.#id, { tty, input }, signal);
    this.#terminal = terminal;
    if (tty) {
      // A size that changes makes a full-screen program paint itself.
      await terminal.resize(cells({ width: size.width + 1, height: size.height + 1 }));
      await terminal.resize(cells(size));
    }
    return guestOf(terminal, tty ? 'terminal' : input ? 'lines' : 'output');
  };

  async outcome(end: LoanEnd): Promise<ShellOutcome> {
    if (end === 'left') {
      void this.#hangUp();
      return { kind: 'left' };
    }
    const status = await this.#terminal?.exit().catch(() => null);
    return { kind: 'ended', status: status ?? null };
  }

  async #hangUp(): Promise<void> {
    if (this.#pid === undefined || this.#shell === undefined) return;
    const cmd = [this.#shell, '-c', `kill -HUP ${this.#pid}`];
    const signal = AbortSignal.timeout(HANG_UP_DEADLINE_MS);
    try {
      const { stream } = await this.#engine().exec(this.#id, { cmd, tty: false }, signal);
      await collectOutput(stream, { limitBytes: 0 });
    } catch {
      // The container or the connection is gone, and the shell with it.
    }
  }
}

function cells({ width, height }: Size): { readonly columns: number; readonly rows: number } {
  return { columns: width, rows: height };
}

function guestOf(terminal: EngineTerminal, kind: Guest['kind']): Guest {
  return {
    stream: terminal.stream,
    kind,
    resize: (size) => void terminal.resize(cells(size)),
  };
}

/** The path of the best shell in the container; undefined when there is none. */
async function findShell(
  engine: Engine,
  id: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  for (const shell of PROBES) {
    const run = await startProbe(engine, { id, cmd: [shell, '-c', PROBE] }, signal);
    if (!run) continue;
    const { text } = await collectOutput(run.stream, { limitBytes: 4096 });
    const status = await run.exit();
    if (status === 126 || status === 127) continue;
    const path = text.split('\n')[0]?.trim() ?? '';
    return /^[\w./+-]+$/.test(path) ? path : shell;
  }
  return undefined;
}

/** Undefined when the engine refuses to start it because there is no such file. */
async function startProbe(
  engine: Engine,
  { id, cmd }: { readonly id: string; readonly cmd: readonly string[] },
  signal: AbortSignal,
): Promise<EngineTerminal | undefined> {
  try {
    return await engine.exec(id, { cmd, tty: false }, signal);
  } catch (thrown) {
    const isMissing = thrown instanceof Fault && isMissingProgram(thrown.message);
    if (isMissing) return undefined;
    throw thrown;
  }
}

/** The digits of the first line, taken off the stream; undefined, and nothing taken, when it is another one. */
function firstLine(stream: Duplex): Promise<string | undefined> {
  return new Promise((resolve) => {
    let heard: Buffer = Buffer.alloc(0);
    const done = (digits: string | undefined, rest: Buffer): void => {
      clearTimeout(timer);
      stream.off('data', hear);
      stream.off('end', ended);
      stream.off('close', ended);
      stream.pause();
      if (rest.length > 0 && !stream.readableEnded) stream.unshift(rest);
      resolve(digits);
    };
    const hear = (chunk: Buffer): void => {
      heard = Buffer.concat([heard, chunk]);
      const line = /^(\d+)\r?\n/.exec(heard.toString('latin1', 0, 32));
      if (line) done(line[1], heard.subarray(line[0].length));
      else if (!/^\d*\r?$/.test(heard.toString('latin1'))) done(undefined, heard);
    };
    const ended = (): void => done(undefined, heard);
    const timer = setTimeout(ended, FIRST_LINE_DEADLINE_MS);
    stream.on('data', hear);
    stream.once('end', ended);
    stream.once('close', ended);
  });
}
