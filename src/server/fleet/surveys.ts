/**
 * Surveys of all environments, every so often: what events don't tell (images, volumes, versions) stays fresh. A fleet is surveyed
 * in the course of the interval rather than at its beginning, or thousands of hosts would fill minutes with nothing else.
 */
import type { Logger } from 'pino';
import { pause } from '../../docker/deadline.ts';

const SURVEYS_AT_ONCE = 16;
/** A small fleet is done soon all the same. */
const LONGEST_SPACING_MS = 100;
/** Of the interval; the rest is for the slow ones. */
const SPREAD = 0.8;

/** Runs `survey` for each, whatever becomes of the others; begun evenly within `spreadMs`, and some at once at most. */
export async function surveyEach(
  ids: readonly number[],
  survey: (id: number) => Promise<void>,
  { signal, spreadMs }: { readonly signal: AbortSignal; readonly spreadMs: number },
): Promise<void> {
  const waiting = [...ids];
  const spacingMs = Math.min(LONGEST_SPACING_MS, spreadMs / ids.length);
  const startMs = performance.now();
  let begun = 0;
  const surveyNext = async (): Promise<void> => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      const earlyMs = startMs + begun++ * spacingMs - performance.now();
      if (earlyMs > 0) await pause(earlyMs, signal);
      if (signal.aborted) return;
      await survey(id).catch(() => undefined);
    }
  };
  await Promise.all(Array.from({ length: SURVEYS_AT_ONCE }, surveyNext));
}

const LINE_SPACING_MS = 25;

/** Surveys that nobody waits for, in the order in which they were wished for: a fleet that comes back at once must link first. */
export class SurveyLine implements Disposable {
  readonly #survey: (id: number) => Promise<void>;
  readonly #waiting = new Set<number>();
  #underWay = 0;
  #nextMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(survey: (id: number) => Promise<void>) {
    this.#survey = survey;
  }

  /** Harmless to repeat while it waits, or after the end. */
  add(id: number): void {
    if (this.#isClosed) return;
    this.#waiting.add(id);
    this.#move();
  }

  [Symbol.dispose](): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#waiting.clear();
  }

  #move(): void {
    clearTimeout(this.#timer);
    const [first] = this.#waiting;
    if (first === undefined || this.#underWay >= SURVEYS_AT_ONCE) return;
    if (performance.now() >= this.#nextMs) this.#begin(first);
    const waitMs = Math.ceil(this.#nextMs - performance.now());
    this.#timer = setTimeout(() => this.#move(), waitMs).unref();
  }

  #begin(id: number): void {
    this.#waiting.delete(id);
    this.#underWay += 1;
    this.#nextMs = performance.now() + LINE_SPACING_MS;
    const done = () => {
      this.#underWay -= 1;
      this.#move();
    };
    this.#survey(id).then(done, done);
  }
}

interface Surveyed {
  readonly environments: { surveyAll(signal: AbortSignal, spreadMs: number): Promise<void> };
  readonly log: Logger;
}

/** Until disposed of; one that takes longer than the interval is not overtaken by the next. */
export function surveyRegularly({ environments, log }: Surveyed, intervalMs: number): Disposable {
  const stop = new AbortController();
  let isUnderWay = false;
  const survey = async (): Promise<void> => {
    if (isUnderWay) return;
    isUnderWay = true;
    try {
      await environments.surveyAll(stop.signal, SPREAD * intervalMs);
    } catch (error) {
      if (!stop.signal.aborted) log.error({ err: error }, 'a survey of the environments failed');
    } finally {
      isUnderWay = false;
    }
  };
  const timer = setInterval(() => void survey(), intervalMs).unref();
  return {
    [Symbol.dispose]() {
      clearInterval(timer);
      stop.abort();
    },
  };
}
