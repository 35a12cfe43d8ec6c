/** The problems that last, by environment and in the order in which a person wants to hear of them. */
import type { Problem, Severity } from '../../protocol/problem.ts';

const known = new WeakMap<ReadonlyMap<string, Problem>, ReadonlyMap<number, readonly Problem[]>>();
const NONE: readonly Problem[] = [];

const RANK: Readonly<Record<Severity, number>> = { problem: 0, 'no-data': 1, degraded: 2 };

/** Unacknowledged before acknowledged, then by severity, then the youngest first. */
export function byUrgency(a: Problem, b: Problem): number {
  return (
    Number(a.acknowledged !== null) - Number(b.acknowledged !== null) ||
    RANK[a.severity] - RANK[b.severity] ||
    b.sinceMs - a.sinceMs ||
    (a.id < b.id ? -1 : 1)
  );
}

/** Those of one environment that last, most urgent first. */
export function openProblems(
  problems: ReadonlyMap<string, Problem>,
  environmentId: number,
): readonly Problem[] {
  const sorted = known.get(problems) ?? sortedOf(problems);
  known.set(problems, sorted);
  return sorted.get(environmentId) ?? NONE;
}

function sortedOf(problems: ReadonlyMap<string, Problem>): ReadonlyMap<number, readonly Problem[]> {
  const found = new Map<number, Problem[]>();
  for (const problem of [...problems.values()].sort(byUrgency)) {
    if (problem.endedAtMs !== null) continue;
    const own = found.get(problem.environmentId);
    if (own) own.push(problem);
    else found.set(problem.environmentId, [problem]);
  }
  return found;
}

/** Whether a person asked not to be told of it now. */
export function isMuted(problem: Problem): boolean {
  return problem.mutedUntilMs !== null;
}
