/** The list of problems: those that last and those that ended lately, filtered by the same grammar as containers, sorted. */
import type { Problem } from '../../protocol/problem.ts';
import { stateWords } from './condition.ts';
import { naturalKey } from './container-sort.ts';
import { type Filter, passes } from './filter.ts';
import { containerAt, environmentName, environmentTags, type LiveFleet } from './live-fleet.ts';
import { byUrgency, isMuted } from './open-problems.ts';
import { FRESH_ROWS, type RowList } from './row-list.ts';
import { isInScope, type Scope } from './scope.ts';

/** `times`: what came most often first. */
export type ProblemSort = 'urgency' | 'age' | 'name' | 'host' | 'times';

export interface ProblemsScreen extends RowList {
  readonly kind: 'problems';
  readonly sort: ProblemSort;
  readonly isReversed: boolean;
  /** Those that have ended are left out. */
  readonly lastingOnly: boolean;
  /** Ids of those that a person picked for the next verdict. */
  readonly marks: ReadonlySet<string>;
  /** Id of the one where the range begins that the cursor draws. */
  readonly rangeFrom: string | undefined;
  /** What the open question about acknowledging or muting is about. */
  readonly asked: readonly string[];
}

export const FRESH_PROBLEMS: ProblemsScreen = {
  ...FRESH_ROWS,
  kind: 'problems',
  sort: 'urgency',
  isReversed: false,
  lastingOnly: false,
  marks: new Set(),
  rangeFrom: undefined,
  asked: [],
};

/** The marked ones that last, in no order. */
export function markedProblems(
  fleet: LiveFleet,
  { marks }: Pick<ProblemsScreen, 'marks'>,
): readonly Problem[] {
  const marked = [...marks].flatMap((id) => fleet.problems.get(id) ?? []);
  return marked.filter(({ endedAtMs }) => endedAtMs === null);
}

/** `eu-1/web-7`, or `eu-1` for the environment itself. */
export function problemPath(fleet: LiveFleet, problem: Problem): string {
  const host = environmentName(fleet, problem.environmentId);
  return problem.containerId === null ? host : `${host}/${problem.name}`;
}

/** The problems that the list shows, in its order; what has ended comes last whatever they are sorted by. */
export function shownProblems(
  fleet: LiveFleet,
  scope: Scope,
  { filter, sort, isReversed, lastingOnly }: ProblemsScreen,
): readonly Problem[] {
  const order = { sort, isReversed, lastingOnly };
  const known = answers.get(fleet);
  const name = `${scope} ${sort} ${isReversed} ${lastingOnly}`;
  if (known?.name === name && known.filter === filter) return known.shown;
  const shown = sorted(fleet, listed(fleet, scope, filter, lastingOnly), order);
  answers.set(fleet, { name, filter, shown });
  return shown;
}

/** Those that last between the beginning of the range and the cursor; none without a range. */
export function problemsInRange(
  fleet: LiveFleet,
  scope: Scope,
  screen: ProblemsScreen,
): readonly string[] {
  const { rangeFrom, cursor } = screen;
  if (rangeFrom === undefined) return [];
  const shown = shownProblems(fleet, scope, screen);
  const from = shown.findIndex(({ id }) => id === rangeFrom);
  if (from < 0) return [];
  const [low, high] = from < cursor.at ? [from, cursor.at] : [cursor.at, from];
  const between = shown.slice(low, high + 1).filter(({ endedAtMs }) => endedAtMs === null);
  return between.map(({ id }) => id);
}

interface Answer {
  readonly name: string;
  readonly filter: Filter;
  readonly shown: readonly Problem[];
}

/** Cursor, title and rows ask for it: once made for each fleet. */
const answers = new WeakMap<LiveFleet, Answer>();

function listed(fleet: LiveFleet, scope: Scope, filter: Filter, lastingOnly: boolean): Problem[] {
  return [...fleet.problems.values()].filter(
    (problem) =>
      (!lastingOnly || problem.endedAtMs === null) &&
      isInScope(fleet, scope, problem.environmentId) &&
      isFound(fleet, filter, problem),
  );
}

function isFound(fleet: LiveFleet, filter: Filter, problem: Problem): boolean {
  if (filter.kind === 'everything') return true;
  const { environmentId, containerId, name, sentence, acknowledged, muted } = problem;
  const host = environmentName(fleet, environmentId);
  const container =
    containerId === null ? undefined : containerAt(fleet, `${environmentId}/${containerId}`);
  const notes = [acknowledged, muted].flatMap((one) => (one ? [one.by, one.note ?? ''] : []));
  const fields = [name, host, problem.kind, sentence, container?.image ?? '', ...notes];
  return passes(filter, fields, {
    ...{ name, host, image: container?.image ?? '', labels: container?.labels ?? {} },
    state: container
      ? stateWords(container)
      : (fleet.environments.get(environmentId)?.connection ?? ''),
    tags: environmentTags(fleet, environmentId),
  });
}

type Compare = (a: Problem, b: Problem) => number;
const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function compareBy(fleet: LiveFleet, sort: ProblemSort): Compare {
  const host = ({ environmentId }: Problem) => naturalKey(environmentName(fleet, environmentId));
  switch (sort) {
    case 'urgency':
      return (a, b) => Number(isMuted(a)) - Number(isMuted(b)) || byUrgency(a, b);
    case 'age':
      return (a, b) => b.sinceMs - a.sinceMs;
    case 'name':
      return (a, b) => byText(naturalKey(a.name), naturalKey(b.name));
    case 'host':
      return (a, b) => byText(host(a), host(b));
    case 'times':
      return (a, b) => b.times - a.times;
  }
}

function sorted(
  fleet: LiveFleet,
  problems: Problem[],
  { sort, isReversed }: Pick<ProblemsScreen, 'sort' | 'isReversed'>,
): readonly Problem[] {
  const compare = compareBy(fleet, sort);
  const sign = isReversed ? -1 : 1;
  const hasEnded = ({ endedAtMs }: Problem) => Number(endedAtMs !== null);
  return problems.sort(
    (a, b) => hasEnded(a) - hasEnded(b) || sign * compare(a, b) || byUrgency(a, b),
  );
}

/** How many in scope last, and how many have ended lately. */
export function countProblems(
  fleet: LiveFleet,
  scope: Scope,
): { readonly lasting: number; readonly ended: number } {
  let lasting = 0;
  let ended = 0;
  for (const { environmentId, endedAtMs } of fleet.problems.values()) {
    if (!isInScope(fleet, scope, environmentId)) continue;
    if (endedAtMs === null) lasting++;
    else ended++;
  }
  return { lasting, ended };
}
