/**
 * The only place where the console's wishes meet the world: operations, logs, inspections, and the terminal itself.
 * Each effect answers with events that name what they answer; nothing here decides anything.
 */
import type { Fleet } from '../client/fleet.ts';
import { asFault } from '../protocol/fault.ts';
import { enterContainer } from './enter-container.ts';
import { followLogs } from './follow-logs.ts';
import type { AppEvent, CopyOutcome, Effect } from './model/event.ts';
import { readInspection } from './model/inspection.ts';
import { containerIdOf, environmentIdOf } from './model/live-fleet.ts';
import { OperationLanes } from './operation-lanes.ts';
import { runExec } from './run-exec.ts';
import { ServerQuestions } from './server-questions.ts';
import type { LoanEnd, LoanRequest } from './widgets/loan.ts';

/** The part of the terminal that effects need. */
export interface EffectTerminal {
  suspend(): void;
  redraw(): void;
  copy(text: string): CopyOutcome;
  lend(request: LoanRequest): Promise<LoanEnd>;
}

export interface EffectParts {
  readonly fleet: Fleet;
  readonly terminal: EffectTerminal;
  readonly send: (event: AppEvent) => void;
  readonly now: () => number;
  readonly quit: () => void;
}

type EffectOf<Kind extends Effect['kind']> = Extract<Effect, { kind: Kind }>;
type TerminalEffect = EffectOf<'copy' | 'suspend' | 'redraw' | 'quit'>;
type GuestEffect = EffectOf<'open-shell' | 'attach' | 'run-exec' | 'cancel-exec'>;
type HostEffect = EffectOf<
  | 'run-operations'
  | 'cancel-operations'
  | 'follow-logs'
  | 'stop-logs'
  | 'fetch-inspect'
  | 'stop-inspect'
>;

/** Runs effects; disposing of it stops all streams and drops all operations that wait. */
export class Effects implements Disposable {
  readonly #parts: EffectParts;
  readonly #lanes: OperationLanes;
  readonly #logs = new Map<number, AbortController>();
  readonly #questions: ServerQuestions;
  readonly #over = new AbortController();
  #inspect: AbortController | undefined;
  #exec: AbortController | undefined;

  constructor(parts: EffectParts) {
    this.#parts = parts;
    this.#lanes = new OperationLanes(parts);
    this.#questions = new ServerQuestions(parts);
  }

  /** Starts an effect; returns at once and never throws. */
  run(effect: Effect): void {
    switch (effect.kind) {
      case 'fetch-link':
      case 'stop-link':
      case 'add-environment':
      case 'stop-adding':
        this.#questions.run(effect);
        break;
      case 'resync':
        this.#parts.fleet.resync();
        break;
      case 'open-shell':
      case 'attach':
      case 'run-exec':
      case 'cancel-exec':
        this.#runInContainers(effect);
        break;
      case 'copy':
      case 'suspend':
      case 'redraw':
      case 'quit':
        this.#runOnTerminal(effect);
        break;
      default:
        this.#runOnHosts(effect);
    }
  }

  #runOnHosts(effect: HostEffect): void {
    switch (effect.kind) {
      case 'run-operations':
        this.#lanes.add(effect.planned);
        break;
      case 'cancel-operations':
        this.#lanes.cancel();
        break;
      case 'follow-logs':
        this.#followLogs(effect);
        break;
      case 'stop-logs':
        this.#stopLogs(effect.viewId);
        break;
      case 'fetch-inspect':
        this.#fetchInspect(effect);
        break;
      case 'stop-inspect':
        this.#inspect?.abort();
        break;
    }
  }

  #runInContainers(effect: GuestEffect): void {
    switch (effect.kind) {
      case 'open-shell':
      case 'attach':
        void enterContainer(this.#parts, effect, this.#over.signal);
        break;
      case 'run-exec':
        this.#exec = new AbortController();
        void runExec(this.#parts, effect, this.#exec.signal);
        break;
      case 'cancel-exec':
        this.#exec?.abort();
        break;
    }
  }

  #runOnTerminal(effect: TerminalEffect): void {
    const { terminal, send, now, quit } = this.#parts;
    switch (effect.kind) {
      case 'copy':
        send({ kind: 'copied', outcome: terminal.copy(effect.text), atMs: now() });
        break;
      case 'suspend':
        terminal.suspend();
        break;
      case 'redraw':
        terminal.redraw();
        break;
      case 'quit':
        quit();
        break;
    }
  }

  [Symbol.dispose](): void {
    this.#lanes.cancel();
    this.#inspect?.abort();
    this.#questions[Symbol.dispose]();
    this.#exec?.abort();
    this.#over.abort();
    for (const viewId of [...this.#logs.keys()]) this.#stopLogs(viewId);
  }

  #followLogs(effect: EffectOf<'follow-logs'>): void {
    const abort = new AbortController();
    this.#logs.set(effect.viewId, abort);
    void followLogs(this.#parts, effect, abort.signal).finally(() => {
      this.#logs.delete(effect.viewId);
    });
  }

  #stopLogs(viewId: number): void {
    this.#logs.get(viewId)?.abort();
    this.#logs.delete(viewId);
  }

  #fetchInspect({ key, requestId }: EffectOf<'fetch-inspect'>): void {
    this.#inspect?.abort();
    const abort = new AbortController();
    this.#inspect = abort;
    void this.#inspected(key, abort.signal).then((answer) => {
      if (abort.signal.aborted) return;
      const { send, now } = this.#parts;
      send({ kind: 'inspected', requestId, answer, atMs: now() });
    });
  }

  async #inspected(key: EffectOf<'fetch-inspect'>['key'], signal: AbortSignal) {
    try {
      const engine = this.#parts.fleet.engine(environmentIdOf(key));
      return readInspection(await engine.inspect(containerIdOf(key), signal));
    } catch (thrown) {
      return { why: asFault(thrown, 'internal', 'Inspecting the container failed.').message };
    }
  }
}
