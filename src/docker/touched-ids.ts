/** The containers whose row may have changed since they were last listed; past a limit, simply all of them. */
import { pause } from './deadline.ts';

/** 100 ids make a query of 7 KB, well under the 16 KiB that servers accept, and listing all is no dearer. */
const LIMIT = 100;

export class TouchedIds {
  #ids = new Set<string>();
  #isAll = false;
  #wake: () => void = () => {};

  add(id: string): void {
    if (!this.#isAll) this.#ids.add(id);
    if (this.#ids.size > LIMIT) this.addAll();
    this.#wake();
  }

  addAll(): void {
    this.#isAll = true;
    this.#ids.clear();
    this.#wake();
  }

  /** Resolves when something is touched, after `ms`, or when the signal fires. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (this.#isAll || this.#ids.size > 0) return;
    const woken = new AbortController();
    const wake = () => woken.abort();
    this.#wake = wake;
    signal.addEventListener('abort', wake, { once: true });
    if (signal.aborted) wake();
    try {
      await pause(Math.max(0, ms), woken.signal);
    } finally {
      this.#wake = () => {};
      signal.removeEventListener('abort', wake);
    }
  }

  /** What is touched, and nothing is any more; undefined means all. */
  take(): readonly string[] | undefined {
    const ids = this.#isAll ? undefined : [...this.#ids];
    this.#ids = new Set();
    this.#isAll = false;
    return ids;
  }
}
