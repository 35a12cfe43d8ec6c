/**
 * Keeps a link up: dials, waits for its end, dials again with full jitter, for as long as it is not disposed. The delay
 * starts small again only after the link was healthy for a while, so that a flapping peer is not hammered.
 */
import { errorCode } from '../protocol/dial-fault.ts';
import { asFault, type Fault } from '../protocol/fault.ts';
import type { Link } from './link.ts';

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;
/** On top of what a peer asked for, in whole seconds, of many at once. */
const ASKED_JITTER_MS = 1_000;
const HEALTHY_AFTER_MS = 30_000;
/** Most cuts are short: for so long after one, a dial that finds nobody is given up early, and no wait is longer than this. */
const EAGER_MS = 12_000;
const EAGER_DELAY_MS = 1_000;
/** Cuts of links that were not healthy yet; a line that goes on like that is not hammered either. */
const EAGER_CUTS = 10;
/**
 * TCP asks again after 1 s, then 3, 7 and 15: a dial that began while the line was cut would sleep through its return. On a line
 * that needs longer to connect, the later dials do.
 */
const EAGER_CONNECT_MS = 2_000;
const CONNECT_MS = 15_000;
const KEPT_ENDS = 10;
const NOBODY: ReadonlySet<string> = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT']);

export interface LinkAttemptEnd {
  readonly atMs: number;
  /** How long the link was up; 0 when the dial already failed. */
  readonly upMs: number;
  readonly sentence: string;
}

export interface RedialParts {
  /** `connectMs` is how long the connection itself may take. */
  dial(signal: AbortSignal, connectMs: number): Promise<Link>;
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

interface Attempt {
  readonly end: LinkAttemptEnd;
  /** The line broke, or led nowhere; nobody ended or refused anything. */
  readonly isCut: boolean;
  readonly fault?: Fault;
}

class RedialLoop implements Redial {
  readonly ends: LinkAttemptEnd[] = [];
  readonly #parts: Required<RedialParts>;
  readonly #stop = new AbortController();
  readonly #loop: Promise<void>;
  #wake = new AbortController();
  #failures = 0;
  #earlyCuts = 0;
  /** Undefined until there was a link: before, the name of the server may take long to resolve. */
  #lastUpMs: number | undefined;

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
      const attempt = await this.#attempt();
      const { end } = attempt;
      if (this.#stop.signal.aborted) return;
      this.ends.push(end);
      if (this.ends.length > KEPT_ENDS) this.ends.shift();
      const delayMs = this.#delayMs(attempt, this.#parts.now() - startMs);
      this.#wake = new AbortController();
      this.#parts.down(end, this.#parts.now() + delayMs);
      await this.#parts.sleep(delayMs, AbortSignal.any([this.#stop.signal, this.#wake.signal]));
    }
  }

  async #attempt(): Promise<Attempt> {
    const { dial, up, now } = this.#parts;
    try {
      const link = await dial(this.#stop.signal, this.#isEager ? EAGER_CONNECT_MS : CONNECT_MS);
      const sinceMs = now();
      const close = () => void link[Symbol.asyncDispose]();
      this.#stop.signal.addEventListener('abort', close, { once: true });
      if (this.#stop.signal.aborted) close();
      else up(link);
      const { kind, sentence } = await link.ended;
      this.#stop.signal.removeEventListener('abort', close);
      this.#lastUpMs = now();
      const end = { atMs: now(), upMs: now() - sinceMs, sentence };
      return { end, isCut: kind === 'cut' };
    } catch (thrown) {
      const fault = asFault(thrown, 'internal', 'Dialling failed for an unknown reason.');
      const end = { atMs: now(), upMs: 0, sentence: fault.message };
      return { end, isCut: isNobodyThere(fault), fault };
    }
  }

  get #isEager(): boolean {
    if (this.#lastUpMs === undefined || this.#earlyCuts > EAGER_CUTS) return false;
    return this.#parts.now() - this.#lastUpMs < EAGER_MS;
  }

  /** What a failed attempt took counts as waiting: a line that swallows everything must not add its time to ours. */
  #delayMs({ end, isCut, fault }: Attempt, tookMs: number): number {
    if (end.upMs >= HEALTHY_AFTER_MS) {
      this.#failures = 0;
      this.#earlyCuts = 0;
    } else if (end.upMs > 0) this.#earlyCuts += 1;
    const waitedMs = end.upMs > 0 ? 0 : tookMs;
    if (isCut && this.#isEager) return this.#jitterMs(EAGER_DELAY_MS, waitedMs);
    const ceilingMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#failures);
    const askedMs = (fault?.retryAfterS ?? 0) * 1000;
    // Who was told when to come need not guess: more on top would keep a large fleet away for minutes.
    if (askedMs > 0) return Math.round(askedMs + this.#parts.random() * ASKED_JITTER_MS);
    this.#failures = Math.min(this.#failures + 1, 10);
    return this.#jitterMs(ceilingMs, waitedMs);
  }

  #jitterMs(ceilingMs: number, waitedMs: number): number {
    return Math.round(Math.max(0, this.#parts.random() * ceilingMs - waitedMs));
  }
}

/** The line leads nowhere right now; a server that is there and refuses or asks for patience is another matter. */
function isNobodyThere({ code, cause }: Fault): boolean {
  return code === 'timeout' || NOBODY.has(errorCode(cause));
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
