/**
 * Folds what a feed tells of containers and environments into problems. One that comes and goes quickly stays one problem with
 * a count, and ends only after a quiet minute. No I/O: time is handed in.
 */
import type { Container } from './container.ts';
import type { Environment } from './environment.ts';
import type { Change } from './feed.ts';
import type { Problem } from './problem.ts';
import { LONGEST_MUTE_MS, LONGEST_NOTE, type ProblemVerdict } from './problem-verdict.ts';
import {
  containerProblemId,
  noDataId,
  type Wrong,
  wrongWithContainer,
  wrongWithEnvironment,
} from './problem-words.ts';

/** From so many beginnings on it flaps. */
const FLAPS_FROM = 3;
const QUIET_MS = 60_000;
/** For how long a problem that has ended is remembered, so that the same one again is counted on. */
const REMEMBERED_MS = 30 * 60_000;
const MOST_PROBLEMS = 10_000;

export type ProblemChange = Extract<Change, { kind: 'problem' | 'problem-gone' }>;

/** The problems of one fleet. */
export class ProblemTracker {
  readonly #problems = new Map<string, Problem>();
  /** Since when one that flaps has been well. */
  readonly #quietSinceMs = new Map<string, number>();
  #told: ProblemChange[] = [];

  /** `known` are those of an earlier life. */
  constructor(known: Iterable<Problem> = []) {
    for (const problem of known) this.#problems.set(problem.id, problem);
  }

  /** Those that last, and for a while those that have ended. */
  get problems(): ReadonlyMap<string, Problem> {
    return this.#problems;
  }

  /** Takes in what a feed tells; what became of problems by it. */
  take(changes: readonly Change[], nowMs: number): readonly ProblemChange[] {
    for (const change of changes) this.#fold(change, nowMs);
    return this.#tell();
  }

  /** Starts over from a whole fleet: problems of what is not in it are gone. */
  begin(
    environments: readonly Environment[],
    containers: readonly Container[],
    nowMs: number,
  ): readonly ProblemChange[] {
    const ids = new Set(environments.map(({ id }) => id));
    this.#forget(({ environmentId }) => !ids.has(environmentId));
    for (const environment of environments) this.#environment(environment, nowMs);
    const listed = new Map<number, Container[]>();
    // What an environment that does not answer has not told yet may still be as it was.
    for (const { id, connection } of environments) if (connection === 'up') listed.set(id, []);
    for (const container of containers) listed.get(container.environmentId)?.push(container);
    for (const [id, its] of listed) this.#all(id, its, nowMs);
    return this.#tell();
  }

  /** Lets time pass: quiet ones end, mutes run out, old ones are forgotten. */
  settle(nowMs: number): readonly ProblemChange[] {
    for (const [id, sinceMs] of this.#quietSinceMs) {
      // The clock was put back: the quiet minute begins again.
      if (nowMs < sinceMs) this.#quietSinceMs.set(id, nowMs);
      else if (nowMs - sinceMs >= QUIET_MS) this.#end(id, sinceMs);
    }
    for (const problem of this.#problems.values()) {
      const { id, mutedUntilMs, endedAtMs } = problem;
      if (endedAtMs !== null && nowMs - endedAtMs > REMEMBERED_MS) this.#drop(id);
      else if (mutedUntilMs !== null && mutedUntilMs <= nowMs)
        this.#set({ ...problem, mutedUntilMs: null, muted: null });
    }
    return this.#tell();
  }

  /** Notes what a person says of a problem; undefined when there is none of this id. */
  judge(
    id: string,
    verdict: ProblemVerdict,
    by: string,
    nowMs: number,
  ): readonly ProblemChange[] | undefined {
    const problem = this.#problems.get(id);
    if (!problem) return undefined;
    this.#set({ ...problem, ...judged(verdict, by, nowMs) });
    return this.#tell();
  }

  #tell(): readonly ProblemChange[] {
    const told = this.#told;
    this.#told = [];
    return told;
  }

  #fold(change: Change, nowMs: number): void {
    switch (change.kind) {
      case 'environment':
        this.#environment(change.environment, nowMs);
        return;
      case 'environment-gone':
        this.#forget(({ environmentId }) => environmentId === change.environmentId);
        return;
      case 'container':
        this.#container(change.container, nowMs);
        return;
      case 'container-gone':
        this.#drop(containerProblemId(change.environmentId, change.id));
        return;
      case 'containers':
        this.#all(change.environmentId, change.containers, nowMs);
    }
  }

  #environment(environment: Environment, nowMs: number): void {
    const wrong = wrongWithEnvironment(environment);
    if (wrong) this.#found(wrong, environment.sinceMs, nowMs);
    else if (environment.connection === 'up') this.#well(noDataId(environment.id), nowMs);
  }

  #container(container: Container, nowMs: number): void {
    const wrong = wrongWithContainer(container);
    if (wrong) this.#found(wrong, container.finishedAtMs ?? nowMs, nowMs);
    else this.#well(containerProblemId(container.environmentId, container.id), nowMs);
  }

  #all(environmentId: number, containers: readonly Container[], nowMs: number): void {
    const ids = new Set(containers.map(({ id }) => id));
    this.#forget(
      (problem) =>
        problem.environmentId === environmentId &&
        problem.containerId !== null &&
        !ids.has(problem.containerId),
    );
    for (const container of containers) this.#container(container, nowMs);
  }

  #found(wrong: Wrong, sinceMs: number, nowMs: number): void {
    const known = this.#problems.get(wrong.id);
    const isAgain = this.#quietSinceMs.delete(wrong.id);
    if (known && known.endedAtMs === null) {
      const isSame = known.sentence === wrong.sentence && known.name === wrong.name;
      if (isSame && !isAgain) return;
      const times = known.times + (isAgain ? 1 : 0);
      this.#set({ ...known, ...wrong, times, lastSeenMs: nowMs });
      return;
    }
    if (!known && !this.#hasRoom()) return;
    this.#set({
      ...wrong,
      sinceMs: Math.min(sinceMs, nowMs),
      times: (known?.times ?? 0) + 1,
      lastSeenMs: nowMs,
      acknowledged: null,
      mutedUntilMs: known?.mutedUntilMs ?? null,
      muted: known?.muted ?? null,
      endedAtMs: null,
    });
  }

  #well(id: string, nowMs: number): void {
    const problem = this.#problems.get(id);
    if (!problem || problem.endedAtMs !== null || this.#quietSinceMs.has(id)) return;
    if (problem.times < FLAPS_FROM) this.#end(id, nowMs);
    else this.#quietSinceMs.set(id, nowMs);
  }

  #end(id: string, atMs: number): void {
    this.#quietSinceMs.delete(id);
    const problem = this.#problems.get(id);
    if (problem) this.#set({ ...problem, endedAtMs: atMs });
  }

  /** When there are too many, those that ended first make room. */
  #hasRoom(): boolean {
    if (this.#problems.size < MOST_PROBLEMS) return true;
    for (const { id, endedAtMs } of this.#problems.values()) {
      if (endedAtMs === null) continue;
      this.#drop(id);
      return true;
    }
    return false;
  }

  #forget(isGone: (problem: Problem) => boolean): void {
    for (const problem of this.#problems.values()) if (isGone(problem)) this.#drop(problem.id);
  }

  #drop(id: string): void {
    this.#quietSinceMs.delete(id);
    if (this.#problems.delete(id)) this.#told.push({ kind: 'problem-gone', id });
  }

  #set(problem: Problem): void {
    this.#problems.set(problem.id, problem);
    this.#told.push({ kind: 'problem', problem });
  }
}

function judged(verdict: ProblemVerdict, by: string, nowMs: number): Partial<Problem> {
  switch (verdict.kind) {
    case 'acknowledge':
      return { acknowledged: { by, atMs: nowMs, ...noted(verdict.note) } };
    case 'withdraw':
      return { acknowledged: null };
    case 'mute':
      return {
        mutedUntilMs: nowMs + Math.min(LONGEST_MUTE_MS, Math.max(0, verdict.forMs)),
        muted: { by, ...noted(verdict.note) },
      };
    case 'unmute':
      return { mutedUntilMs: null, muted: null };
  }
}

const noted = (note: string | undefined) =>
  note === undefined || note === '' ? {} : { note: note.slice(0, LONGEST_NOTE) };
