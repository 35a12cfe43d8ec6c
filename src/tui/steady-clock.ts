/**
 * Time that nobody sets. It begins as the clock of the day and passes as time does, sleep of the machine included: ages, deadlines and
 * waits stay right when the clock of the day is put forward or back. How far that one has gone astray since is told beside it.
 */
import { uptime } from 'node:os';

/** The machine's own count of seconds goes on while it sleeps, but is coarse and dear: it is looked at so often. */
const LOOK_EVERY_MS = 500;
const SLEPT_FROM_MS = 1_000;

export interface ClockSources {
  /** Milliseconds since 1970 by the clock of the day. */
  readonly day: () => number;
  /** Milliseconds from any moment, standing still while the machine sleeps. */
  readonly awake: () => number;
  /** Milliseconds from any moment, going on while the machine sleeps. */
  readonly running: () => number;
}

const REAL: ClockSources = {
  day: () => Date.now(),
  awake: () => performance.now(),
  running: () => uptime() * 1_000,
};

export class SteadyClock {
  readonly #sources: ClockSources;
  readonly #dayAtStart: number;
  readonly #awakeAtStart: number;
  readonly #runningAtStart: number;
  #lookedAtMs: number;
  #sleptMs = 0;

  constructor(sources: ClockSources = REAL) {
    this.#sources = sources;
    this.#dayAtStart = sources.day();
    this.#awakeAtStart = sources.awake();
    this.#runningAtStart = sources.running();
    this.#lookedAtMs = this.#awakeAtStart;
  }

  /** Milliseconds since 1970, as the clock of the day would show had nobody set it. */
  now(): number {
    const awake = this.#sources.awake();
    if (awake - this.#lookedAtMs >= LOOK_EVERY_MS) this.#look(awake);
    return this.#dayAtStart + (awake - this.#awakeAtStart) + this.#sleptMs;
  }

  /** By how much the clock of the day was put forward since the start; negative when it was put back. */
  setByMs(): number {
    return this.#sources.day() - this.now();
  }

  #look(awake: number): void {
    this.#lookedAtMs = awake;
    const ran = this.#sources.running() - this.#runningAtStart;
    const slept = ran - (awake - this.#awakeAtStart);
    if (slept > this.#sleptMs + SLEPT_FROM_MS) this.#sleptMs = slept;
  }
}
