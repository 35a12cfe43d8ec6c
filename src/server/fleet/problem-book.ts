/**
 * The problems of the whole fleet: reads the live model like a console does, tells it what it makes of that, and keeps it in the
 * store, so that a restart forgets neither since when nor who sees to it.
 */
import type { Logger } from 'pino';
import { Fault } from '../../protocol/fault.ts';
import type { FeedMessage } from '../../protocol/feed.ts';
import type { Problem } from '../../protocol/problem.ts';
import { type ProblemChange, ProblemTracker } from '../../protocol/problem-tracker.ts';
import type { ProblemVerdict } from '../../protocol/problem-verdict.ts';
import type { ProblemStore } from '../store/store.ts';
import type { LiveModel } from './live-model.ts';

const SETTLE_MS = 1_000;
/** A flapping fleet writes at most this often. */
const SAVE_AFTER_MS = 2_000;

export interface ProblemParts {
  readonly model: LiveModel;
  readonly store: ProblemStore;
  readonly log: Logger;
  readonly now: () => number;
}

/** Disposing writes down what has not been written yet. */
export class ProblemBook implements AsyncDisposable {
  readonly #parts: ProblemParts;
  readonly #tracker: ProblemTracker;
  readonly #timer: NodeJS.Timeout;
  readonly #changed = new Map<string, Problem>();
  readonly #gone = new Set<string>();
  #end: () => void = () => undefined;
  #saveTimer: NodeJS.Timeout | undefined;
  #saving: Promise<void> = Promise.resolve();

  private constructor(parts: ProblemParts, known: readonly Problem[]) {
    this.#parts = parts;
    this.#tracker = new ProblemTracker(known);
    parts.model.apply(known.map((problem) => ({ kind: 'problem', problem })));
    this.#timer = setInterval(() => {
      this.#tell(this.#tracker.settle(parts.now()));
    }, SETTLE_MS).unref();
  }

  /** Goes on from what the store has; the model must know its environments already. */
  static async open(parts: ProblemParts): Promise<ProblemBook> {
    const book = new ProblemBook(parts, await parts.store.list());
    book.#end = parts.model.subscribe((message) => book.#read(message));
    return book;
  }

  list(): Iterable<Problem> {
    return this.#tracker.problems.values();
  }

  /** Fault not-found. */
  get(id: string): Problem {
    const problem = this.#tracker.problems.get(id);
    if (problem) return problem;
    throw new Fault('not-found', 'There is no such problem', {
      details: 'It may be over, or the container or environment that had it is gone.',
    });
  }

  /** Notes what a person says of it; the problem as it is now. Fault not-found. */
  judge(id: string, verdict: ProblemVerdict, by: string): Problem {
    this.#tell(this.#tracker.judge(id, verdict, by, this.#parts.now()) ?? []);
    return this.get(id);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    this.#end();
    this.#save();
    await this.#saving;
  }

  #read(message: FeedMessage): void {
    if (message.kind === 'beat') return;
    const atMs = this.#parts.now();
    if (message.kind === 'snapshot') {
      const { environments, containers } = message;
      this.#tell(this.#tracker.begin(environments, containers, atMs));
    } else this.#tell(this.#tracker.take(message.changes, atMs));
  }

  #tell(changes: readonly ProblemChange[]): void {
    if (changes.length === 0) return;
    for (const change of changes) {
      if (change.kind === 'problem') {
        this.#changed.set(change.problem.id, change.problem);
        this.#gone.delete(change.problem.id);
      } else {
        this.#changed.delete(change.id);
        this.#gone.add(change.id);
      }
    }
    this.#parts.model.apply(changes);
    this.#saveTimer ??= setTimeout(() => this.#save(), SAVE_AFTER_MS).unref();
  }

  #save(): void {
    clearTimeout(this.#saveTimer);
    this.#saveTimer = undefined;
    if (this.#changed.size === 0 && this.#gone.size === 0) return;
    const changed = [...this.#changed.values()];
    const gone = [...this.#gone];
    this.#changed.clear();
    this.#gone.clear();
    const { store, log } = this.#parts;
    this.#saving = this.#saving
      .then(() => store.save(changed, gone))
      .catch((error: unknown) => log.error({ err: error }, 'problems could not be written down'));
  }
}
