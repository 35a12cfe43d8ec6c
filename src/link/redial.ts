/**
 * Keeps a link up: dials, waits for its end, dials again with full jitter, for as long as it is not disposed. The delay
 * starts small again only after the link was healthy for a while, so that a flapping peer is not hammered.
 */
import { asFault, type Fault } from '../protocol/fault.ts';
import type { Link } from './link.ts';

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;
/** On top of what a peer asked for, in whole seconds, of many at once. */
const ASKED_JITTER_MS = 1_000;
const HEALTHY_AFTER_MS = 30_000;
const KEPT_ENDS = 10;

export interface LinkAttemptEnd {
  readonly atMs: number;
  /** How long the link was up; 0 when the dial already failed. */
  readonly upMs: number;
  readonly sentence: string;
}

export interface RedialParts {
  dial(signal: AbortSignal): Promise<Link>;
  up(link: Link): void;
  /** Called at each end of a link and each failed dial. */
  down(end: LinkAttemptEnd, retryAtMs: number): void;
  readonly now?: () => number;
  /** From 0 up to, not including, 1. */
  readonly random?: () => number;
  readonly sleep?: (durationMs: number, signal: AbortSignal) => Promise<void>;
}

export interface Redial extends AsyncDisposable {
  /** The newest ten, oldest first: what a diagnosis shows. */
  readonly ends: readonly LinkAttemptEnd[];
  /** Dials at once if it is waiting: the network changed, a person asked. */
  retryNow(): void;
}

/** Starts dialling at once; disposing it closes the link and ends every wait. */
export function keepLinked(parts: RedialParts): Redial {
  return new RedialLoop(parts);
}

class RedialLoop implements Redial {
  readonly ends: LinkAttemptEnd[] = [];
  readonly #parts: Required<RedialParts>;
  readonly #stop = new AbortController();
  readonly #loop: Promise<void>;
  #wake = new AbortController();
  #failures = 0;

  constructor(parts: RedialParts) {
    this.#parts = { now: Date.now, random: Math.random, sleep, ...parts };
    this.#loop = this.#run();
  }

  retryNow(): void {
    this.#wake.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const startMs = this.#parts.now();
      const { end, fault } = await this.#attempt();
      if (this.#stop.signal.aborted) return;
      this.ends.push(end);
      if (this.ends.length > KEPT_ENDS) this.ends.shift();
      const delayMs = this.#delayMs(end, fault, this.#parts.now() - startMs);
      this.#wake = new AbortController();
      this.#parts.down(end, this.#parts.now() + delayMs);
      await this.#parts.sleep(delayMs, AbortSignal.any([this.#stop.signal, this.#wake.signal]));
    }
  }

  async #attempt(): Promise<{ end: LinkAttemptEnd; fault?: Fault }> {
    const { dial, up, now } = this.#parts;
    try {
      const link = await dial(this.#stop.signal);
      const sinceMs = now();
      const close = () => void link[Symbol.asyncDispose]();
      this.#stop.signal.addEventListener('abort', close, { once: true });
      if (this.#stop.signal.aborted) close();
      else up(link);
      const { sentence } = await link.ended;
      this.#stop.signal.removeEventListener('abort', close);
      return { end: { atMs: now(), upMs: now() - sinceMs, sentence } };
    } catch (thrown) {
      const fault = asFault(thrown, 'internal', 'Dialling failed for an unknown reason.');
      return { end: { atMs: now(), upMs: 0, sentence: fault.message }, fault };
    }
  }

  /** What a failed attempt took counts as waiting: a line that swallows everything must not add its time to ours. */
  #delayMs(end: LinkAttemptEnd, fault: Fault | undefined, tookMs: number): number {
    if (end.upMs >= HEALTHY_AFTER_MS) this.#failures = 0;
    const ceilingMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#failures);
    const askedMs = (fault?.retryAfterS ?? 0) * 1000;
    // Who was told when to come need not guess: more on top would keep a large fleet away for minutes.
    if (askedMs > 0) return Math.round(askedMs + this.#parts.random() * ASKED_JITTER_MS);
    this.#failures = Math.min(this.#failures + 1, 10);
    const waitedMs = end.upMs > 0 ? 0 : tookMs;
    return Math.round(Math.max(0, this.#parts.random() * ceilingMs - waitedMs));
  }
}

function sleep(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, signal.aborted ? 0 : durationMs);
    signal.addEventListener('abort', end, { once: true });
  });
}
