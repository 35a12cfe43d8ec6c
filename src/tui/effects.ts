/**
 * The only place where the console's wishes meet the world: operations, logs, inspections, and the terminal itself.
 * Each effect answers with events that name what they answer; nothing here decides anything.
 */
import type { Fleet } from '../client/fleet.ts';
import { asFault } from '../protocol/fault.ts';
import { AuditQuestions } from './audit-questions.ts';
import { changeAccount } from './change-account.ts';
import type { EffectOf, EffectRows } from './effect-rows.ts';
import { EngineQuestions } from './engine-questions.ts';
import { enterContainer } from './enter-container.ts';
import { HistoryQuestions } from './history-questions.ts';
import { InfoQuestions } from './info-questions.ts';
import { judgeProblems } from './judge-problems.ts';
import { LogReads } from './log-reads.ts';
import { machineEffects } from './machine-effects.ts';
import { maintainEnvironments } from './maintain-environments.ts';
import type { AppEvent, CopyOutcome, Effect } from './model/event.ts';
import type { HostTraffic } from './model/info-view.ts';
import { readInspection } from './model/inspection.ts';
import { containerIdOf, environmentIdOf } from './model/live-fleet.ts';
import { OperationRuns } from './operation-runs.ts';
import type { OwnLogFile } from './own-log-file.ts';
import { PeopleQuestions } from './people-questions.ts';
import { runExec } from './run-exec.ts';
import { saveFile } from './save-file.ts';
import { ServerQuestions } from './server-questions.ts';
import { SignInQuestions } from './sign-in-questions.ts';
import { StatsQuestions } from './stats-questions.ts';
import type { LoanEnd, LoanRequest } from './widgets/loan.ts';
import type { PaintStats } from './widgets/terminal-contract.ts';

/** The part of the terminal that effects need. */
export interface EffectTerminal {
  suspend(): void;
  redraw(): void;
  copy(text: string): CopyOutcome;
  lend(request: LoanRequest): Promise<LoanEnd>;
  /** Runs a program on the terminal; its status as a shell would give it. */
  handOver(child: { file: string; args: readonly string[] }): Promise<number>;
  stats(): PaintStats;
}

export interface EffectParts {
  readonly fleet: Fleet;
  readonly terminal: EffectTerminal;
  readonly send: (event: AppEvent) => void;
  readonly now: () => number;
  readonly quit: () => void;
  /** Where it keeps what it remembers; without one it remembers nothing. */
  readonly folder?: string | undefined;
  /** Takes what goes into the console's own log; without one it is only shown. */
  readonly ownLog?: Pick<OwnLogFile, 'write'> | undefined;
  /** Where that log is written. */
  readonly logFolder?: string | undefined;
  /** What each host was asked. */
  readonly traffic?: (() => readonly HostTraffic[]) | undefined;
}

/** Runs effects; disposing of it stops all streams and drops all operations that wait. */
export class Effects implements Disposable {
  readonly #parts: EffectParts;
  readonly #runs: OperationRuns;
  readonly #logs: LogReads;
  readonly #history: HistoryQuestions;
  readonly #info: InfoQuestions;
  readonly #questions: ServerQuestions;
  readonly #signIn: SignInQuestions;
  readonly #engines: EngineQuestions;
  readonly #stats: StatsQuestions;
  readonly #audit: AuditQuestions;
  readonly #people: PeopleQuestions;
  readonly #over = new AbortController();
  #inspect: AbortController | undefined;
  #exec: AbortController | undefined;
  readonly #rows: EffectRows<Effect['kind']>;

  constructor(parts: EffectParts) {
    this.#parts = parts;
    this.#runs = new OperationRuns(parts);
    this.#questions = new ServerQuestions(parts);
    this.#signIn = new SignInQuestions(parts);
    this.#engines = new EngineQuestions(parts);
    this.#stats = new StatsQuestions(parts);
    this.#audit = new AuditQuestions(parts);
    this.#people = new PeopleQuestions(parts);
    this.#logs = new LogReads(parts);
    this.#history = new HistoryQuestions(parts);
    this.#info = new InfoQuestions(parts);
    this.#rows = this.#allRows();
  }

  /** Starts an effect; returns at once and never throws. */
  run(effect: Effect): void {
    const row = this.#rows[effect.kind] as (effect: Effect) => void;
    row(effect);
  }

  #allRows(): EffectRows<Effect['kind']> {
    const { fleet, terminal, send, now, quit } = this.#parts;
    return {
      ...this.#questions.rows,
      ...this.#signIn.rows,
      ...this.#engines.rows,
      ...this.#stats.rows,
      ...this.#audit.rows,
      ...this.#people.rows,
      ...this.#logs.rows,
      ...this.#history.rows,
      ...this.#info.rows,
      ...this.#guestRows(),
      ...machineEffects(this.#parts),
      resync: () => fleet.resync(),
      'run-operations': ({ planned }) => this.#runs.run(planned),
      'cancel-operations': ({ operationIds }) => this.#runs.cancel(operationIds),
      'fetch-inspect': (effect) => this.#fetchInspect(effect),
      'stop-inspect': () => this.#inspect?.abort(),
      'save-file': (effect) =>
        void saveFile(effect).then((outcome) => send({ kind: 'saved', outcome, atMs: now() })),
      judge: (effect) => void judgeProblems(this.#parts, effect, this.#over.signal),
      maintain: (effect) => void maintainEnvironments(this.#parts, effect, this.#over.signal),
      'write-own-log': ({ lines }) => this.#parts.ownLog?.write(lines),
      copy: ({ text }) => send({ kind: 'copied', outcome: terminal.copy(text), atMs: now() }),
      'change-account': ({ deed }) => void changeAccount(this.#parts, deed),
      suspend: () => terminal.suspend(),
      redraw: () => terminal.redraw(),
      quit,
    };
  }

  #guestRows(): EffectRows<'open-shell' | 'attach' | 'run-exec' | 'cancel-exec'> {
    return {
      'open-shell': (effect) => void enterContainer(this.#parts, effect, this.#over.signal),
      attach: (effect) => void enterContainer(this.#parts, effect, this.#over.signal),
      'run-exec': (effect) => {
        this.#exec = new AbortController();
        void runExec(this.#parts, effect, this.#exec.signal);
      },
      'cancel-exec': () => this.#exec?.abort(),
    };
  }

  [Symbol.dispose](): void {
    this.#runs[Symbol.dispose]();
    this.#inspect?.abort();
    this.#questions[Symbol.dispose]();
    this.#signIn[Symbol.dispose]();
    this.#engines[Symbol.dispose]();
    this.#stats[Symbol.dispose]();
    this.#audit[Symbol.dispose]();
    this.#people[Symbol.dispose]();
    this.#exec?.abort();
    this.#over.abort();
    this.#logs[Symbol.dispose]();
    this.#history[Symbol.dispose]();
    this.#info[Symbol.dispose]();
  }

  #fetchInspect({ key, requestId }: EffectOf<'fetch-inspect'>): void {
    this.#inspect?.abort();
    const abort = new AbortController();
    this.#inspect = abort;
    void this.#tellPast({ key, requestId }, abort.signal);
    void this.#inspected(key, abort.signal).then((answer) => {
      if (abort.signal.aborted) return;
      const { send, now } = this.#parts;
      send({ kind: 'inspected', requestId, answer, atMs: now() });
    });
  }

  /** Beside the description: an engine that does not tell it takes nothing from the rest. */
  async #tellPast(
    { key, requestId }: Pick<EffectOf<'fetch-inspect'>, 'key' | 'requestId'>,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const { fleet, send, now } = this.#parts;
      const past = await fleet.engine(environmentIdOf(key)).past(containerIdOf(key), signal);
      const events = past.map(({ atMs, action, attributes }) => {
        const exitCode = /^die/u.test(action) ? Number(attributes.exitCode ?? Number.NaN) : null;
        return { atMs, action, exitCode: Number.isNaN(exitCode) ? null : exitCode };
      });
      if (!signal.aborted) send({ kind: 'past-read', requestId, events, atMs: now() });
    } catch {
      // Told nowhere: a container that goes away meanwhile has no past to tell.
    }
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
