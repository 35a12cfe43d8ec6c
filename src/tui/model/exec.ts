/** A command run in several containers, and what each of them answered. */
import type { ContainerKey } from '../../protocol/container-key.ts';

export interface ExecTarget {
  readonly key: ContainerKey;
  readonly environmentName: string;
  readonly containerName: string;
}

export interface ExecResult {
  /** `failed`: it could not be run, or its answer broke off. */
  readonly state: 'waiting' | 'running' | 'ended' | 'failed' | 'cancelled';
  /** Its output as far as it is kept, stdout and stderr in order of arrival; control characters are gone. */
  readonly lines: readonly string[];
  /** Output beyond what is kept. */
  readonly droppedBytes: number;
  /** Null when nobody knows. */
  readonly exitCode: number | null;
  /** Why it failed, as a sentence. */
  readonly why: string | undefined;
  readonly startedAtMs: number | undefined;
  readonly endedAtMs: number | undefined;
}

export interface ExecRun {
  readonly id: number;
  readonly command: string;
  /** In the order in which they are shown. */
  readonly targets: readonly ExecTarget[];
  readonly results: ReadonlyMap<ContainerKey, ExecResult>;
}

/** A result before its turn has come. */
export const WAITING: ExecResult = {
  state: 'waiting',
  lines: [],
  droppedBytes: 0,
  exitCode: null,
  why: undefined,
  startedAtMs: undefined,
  endedAtMs: undefined,
};

export interface ExecCounts {
  /** Waiting or running. */
  readonly open: number;
  /** Ended with status 0. */
  readonly good: number;
  /** Ended with another status, or could not be run. */
  readonly bad: number;
  readonly cancelled: number;
}

/** How the containers of a run did so far. */
export function countResults(run: ExecRun): ExecCounts {
  const counts = { open: 0, good: 0, bad: 0, cancelled: 0 };
  for (const { key } of run.targets) counts[kindOf(run.results.get(key) ?? WAITING)]++;
  return counts;
}

/** How a single result counts. */
export function kindOf({ state, exitCode }: ExecResult): keyof ExecCounts {
  if (state === 'waiting' || state === 'running') return 'open';
  if (state === 'cancelled') return 'cancelled';
  return state === 'ended' && exitCode === 0 ? 'good' : 'bad';
}

/** Whether any container of the run has not answered yet. */
export function isExecOpen(run: ExecRun | undefined): boolean {
  return run !== undefined && countResults(run).open > 0;
}
