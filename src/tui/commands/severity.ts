/** How bad what was shown is, as an exit status that cron and monitoring understand; docs/exit-status.md explains it. */
import type { Environment } from '../../protocol/environment.ts';
import { conditionOf } from '../model/condition.ts';
import type { Selected } from './selection.ts';

export const SEVERITY = { ok: 0, degraded: 1, problem: 2, noData: 3 } as const;

/** An ill container that is known to be so; what a silent environment said last proves nothing. */
export function isIll({ environment, container }: Selected): boolean {
  return environment.connection === 'up' && conditionOf(container) === 'problem';
}

function isChanging({ environment, container }: Selected): boolean {
  return environment.connection === 'up' && conditionOf(container) === 'changing';
}

export interface Looked {
  /** Those that may hold what was asked for. */
  readonly environments: readonly Environment[];
  readonly containers: readonly Selected[];
  /** Whether an environment that is down is itself a problem, or just keeps something from being known. */
  readonly isDownProblem: boolean;
}

/** Whether nobody works on it: what goes on elsewhere is expected. */
export const isWatched = ({ maintenance }: Environment): boolean => maintenance === undefined;

/** The exit status: no data when no environment answers, problem, degraded, or ok; what is worked on does not count. */
export function severityOf({ isDownProblem, ...looked }: Looked): number {
  const environments = looked.environments.filter(isWatched);
  const containers = looked.containers.filter(({ environment }) => isWatched(environment));
  if (environments.length === 0 && looked.environments.length > 0) return SEVERITY.ok;
  if (!environments.some(({ connection }) => connection === 'up')) return SEVERITY.noData;
  const isAnyDown = environments.some(({ connection }) => connection === 'down');
  if ((isDownProblem && isAnyDown) || containers.some(isIll)) return SEVERITY.problem;
  const isAnySilent = environments.some(({ connection }) => connection !== 'up');
  return isAnySilent || containers.some(isChanging) ? SEVERITY.degraded : SEVERITY.ok;
}
