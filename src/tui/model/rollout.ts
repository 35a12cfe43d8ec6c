/** How many operations run at once, what a failure stops, and whose turn it is: the same in the console and on the command line. */

export interface Rollout {
  /** Under way at once in the whole plan. */
  readonly width: number | 'all';
  /** After the first failure nothing more is begun. */
  readonly stopOnFailure: boolean;
}

/** What a dialog lets a person choose from. */
export const WIDTHS = [1, 2, 5, 'all'] as const;

export const USUAL_ROLLOUT: Rollout = { width: 2, stopOnFailure: false };

/** One engine is never asked for more at once, however wide the plan is. */
export const ENGINE_WIDTH = 10;

/** `not-tried`: its turn never came, since something before it failed. */
export type StepState = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled' | 'not-tried';

/** One operation of a plan, as far as turns are concerned. */
export interface Turn {
  readonly id: string;
  /** For sentences. */
  readonly name: string;
  readonly environmentId: number;
  readonly state: StepState;
  /** Ids of those that must be done first. */
  readonly needs: readonly string[];
}

export interface Turns {
  /** Ids that begin now. */
  readonly begin: readonly string[];
  /** Ids whose turn will never come, and why, as a clause. */
  readonly notTried: ReadonlyMap<string, string>;
}

const HAS_FAILED: ReadonlySet<StepState> = new Set(['failed', 'cancelled', 'not-tried']);

/** Whose turn it is in a plan, in its order; what waits behind a failure is given up. */
export function nextTurns(turns: readonly Turn[], rollout: Rollout): Turns {
  const notTried = new Map<string, string>();
  const failed = turns.find(({ state }) => state === 'failed');
  if (failed && rollout.stopOnFailure) {
    for (const { id, state } of turns)
      if (state === 'waiting') notTried.set(id, `${failed.name} failed`);
    return { begin: [], notTried };
  }
  const byId = new Map(turns.map((turn) => [turn.id, turn]));
  const under = new UnderWay(turns, rollout.width);
  const begin: string[] = [];
  for (const turn of turns) {
    if (turn.state !== 'waiting') continue;
    const lacking = turn.needs.find(
      (id) => notTried.has(id) || HAS_FAILED.has(byId.get(id)?.state ?? 'done'),
    );
    if (lacking !== undefined) {
      notTried.set(turn.id, `${byId.get(lacking)?.name ?? lacking} comes first and was not done`);
    } else if (turn.needs.every((id) => (byId.get(id)?.state ?? 'done') === 'done')) {
      if (under.take(turn.environmentId)) begin.push(turn.id);
    }
  }
  return { begin, notTried };
}

/** Counts what runs, in all and on each engine. */
class UnderWay {
  readonly #width: number;
  readonly #perEngine = new Map<number, number>();
  #all = 0;

  constructor(turns: readonly Turn[], width: Rollout['width']) {
    this.#width = width === 'all' ? Number.POSITIVE_INFINITY : width;
    for (const { state, environmentId } of turns) {
      if (state === 'running') this.#add(environmentId);
    }
  }

  /** Whether one more may run there; then it is counted. */
  take(environmentId: number): boolean {
    const isFull = (this.#perEngine.get(environmentId) ?? 0) >= ENGINE_WIDTH;
    if (this.#all >= this.#width || isFull) return false;
    this.#add(environmentId);
    return true;
  }

  #add(environmentId: number): void {
    this.#all++;
    this.#perEngine.set(environmentId, (this.#perEngine.get(environmentId) ?? 0) + 1);
  }
}
