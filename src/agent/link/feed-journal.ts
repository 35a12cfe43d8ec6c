/**
 * The newest changes of this agent's engine as lines ready to send, so that a reader who was cut off can go on where it
 * stopped. Bounded in number and bytes: who asks for what is no longer kept is told that there is a gap.
 */
import { randomUUID } from 'node:crypto';
import type { Change } from '../../protocol/feed.ts';

const COUNT_LIMIT = 10_000;
const BYTES_LIMIT = 8 << 20;

export interface JournalLimits {
  readonly count?: number;
  readonly bytes?: number;
}

export class FeedJournal {
  /** Names this journal; sequence numbers mean nothing in another one. */
  readonly id = randomUUID();
  readonly #limits: Required<JournalLimits>;
  #lines: string[] = [];
  /** Lines before this index are forgotten; they are cut off now and then. */
  #from = 0;
  #bytes = 0;
  #sequence = 0;
  readonly #listeners = new Set<() => void>();

  constructor(limits: JournalLimits = {}) {
    this.#limits = { count: COUNT_LIMIT, bytes: BYTES_LIMIT, ...limits };
  }

  /** Of the newest message; 0 before the first. */
  get sequence(): number {
    return this.#sequence;
  }

  append(changes: readonly Change[], atMs: number): void {
    this.#sequence += 1;
    const message = { kind: 'changes', sequence: this.#sequence, atMs, changes };
    const line = `${JSON.stringify(message)}\n`;
    this.#lines.push(line);
    this.#bytes += line.length;
    this.#forget();
    for (const listener of [...this.#listeners]) listener();
  }

  /** The messages after this one, oldest first, at most 100; undefined when one of them is no longer kept. */
  after(sequence: number): readonly string[] | undefined {
    const kept = this.#lines.length - this.#from;
    const missing = this.#sequence - sequence;
    if (!Number.isSafeInteger(sequence) || missing < 0 || missing > kept) return undefined;
    const start = this.#lines.length - missing;
    return this.#lines.slice(start, start + 100);
  }

  /** Calls `listener` after each append, until the function returned is called. */
  onAppend(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #forget(): void {
    const { count, bytes } = this.#limits;
    while (this.#lines.length - this.#from > count || this.#bytes > bytes) {
      this.#bytes -= this.#lines[this.#from]?.length ?? 0;
      this.#lines[this.#from] = '';
      this.#from += 1;
    }
    if (this.#from <= count) return;
    this.#lines = this.#lines.slice(this.#from);
    this.#from = 0;
  }
}
