/** What a person says of many problems at once: the marks, and the question that lists them before it is said. */
import type { Problem } from '../../protocol/problem.ts';
import type { ProblemVerdict } from '../../protocol/problem-verdict.ts';
import { formatAge, formatThings } from '../format/amounts.ts';
import { openedDialog, type PlanGroup } from '../model/dialog.ts';
import type { Intent } from '../model/event.ts';
import { placeCursor } from '../model/list-cursor.ts';
import { elapsedSince, environmentName } from '../model/live-fleet.ts';
import { whyLocked } from '../model/locks.ts';
import {
  type ProblemsScreen,
  problemPath,
  problemsInRange,
  shownProblems,
} from '../model/problem-list.ts';
import { whyNotJudge } from '../model/rights.ts';
import { type AppState, type Step, shownFleet, stay, topScreen } from '../model/state.ts';
import { leftOutRemark, listed } from './plan-remarks.ts';
import { say } from './say.ts';
import { replaceTop } from './stack.ts';

/** The mark of the selected problem put or taken, and the cursor on the next one. */
export function markProblem(state: AppState): AppState {
  const screen = topScreen(state);
  if (screen.kind !== 'problems' || screen.cursor.selected === undefined) return state;
  if (screen.rangeFrom !== undefined) return endRange(state, screen);
  const marks = new Set(screen.marks);
  const { selected } = screen.cursor;
  if (!marks.delete(selected)) marks.add(selected);
  const ids = shownIds(state);
  const cursor = placeCursor(screen.cursor, ids, screen.cursor.at + 1);
  return replaceTop(state, { ...screen, marks, cursor });
}

/** A range begins at the cursor; one that was begun ends there, and all in it that last are marked. */
export function markProblemRange(state: AppState): AppState {
  const screen = topScreen(state);
  if (screen.kind !== 'problems') return state;
  if (screen.rangeFrom !== undefined) return endRange(state, screen);
  return replaceTop(state, { ...screen, rangeFrom: screen.cursor.selected });
}

function endRange(state: AppState, screen: ProblemsScreen): AppState {
  const ranged = problemsInRange(shownFleet(state), state.scope, screen);
  const marks = new Set([...screen.marks, ...ranged]);
  return replaceTop(state, { ...screen, marks, rangeFrom: undefined });
}

/** All problems that the list shows and that last marked; when they all are, unmarked. Marks outside the list stay. */
export function markAllProblems(state: AppState): AppState {
  const screen = topScreen(state);
  if (screen.kind !== 'problems') return state;
  const { problems } = shownFleet(state);
  const ids = shownIds(state).filter((id) => problems.get(id)?.endedAtMs === null);
  const marks = new Set(screen.marks);
  const areAll = ids.every((id) => marks.has(id));
  for (const id of ids) {
    if (areAll) marks.delete(id);
    else marks.add(id);
  }
  return replaceTop(state, { ...screen, marks });
}

function shownIds(state: AppState): readonly string[] {
  const screen = topScreen(state);
  if (screen.kind !== 'problems') return [];
  return shownProblems(shownFleet(state), state.scope, screen).map(({ id }) => id);
}

/** Without any mark in the list of problems, wherever that lies. */
export function withoutProblemMarks(state: AppState): AppState {
  const screens = state.screens.map((screen) =>
    screen.kind === 'problems' && screen.marks.size > 0
      ? { ...screen, marks: new Set<string>() }
      : screen,
  );
  return { ...state, screens };
}

/** The question before a verdict on many problems; those of locked environments and foreign roles are left out and named. */
export function planVerdict(
  state: AppState,
  { ids, verdict }: Extract<Intent, { kind: 'plan-verdict' }>,
): Step {
  const fleet = shownFleet(state);
  const chosen: Problem[] = [];
  const leftOut: string[] = [];
  for (const problem of ids.flatMap((id) => fleet.problems.get(id) ?? [])) {
    const why = whyLocked(state, problem.environmentId) ?? whyNotJudge(state, problem);
    if (why === undefined) chosen.push(problem);
    else leftOut.push(`${problemPath(fleet, problem)} (${why})`);
  }
  const remarks = [...leftOutRemark(leftOut), ...hiddenRemark(state, chosen)];
  if (chosen.length === 0) return say(state, 'warning', remarks[0] ?? 'None of them lasts.');
  const groups = groupsOf(state, chosen);
  const { verb, lead } = wordsOf(verdict);
  const where =
    groups.length === 1 ? 'one environment' : formatThings(groups.length, 'environment');
  const question = {
    title: `${verb} ${formatThings(chosen.length, 'problem')} on ${where}?`,
    ...{ lead, groups, remarks },
    okLabel: `${verb} ${chosen.length}`,
    onOk: { kind: 'judge', ids: chosen.map(({ id }) => id), verdict },
  } as const;
  return stay({ ...state, dialog: openedDialog(question, state.nowMs) });
}

/** What the filter does not show is marked all the same: nobody shall miss that. */
function hiddenRemark(state: AppState, problems: readonly Problem[]): readonly string[] {
  const shown = new Set(shownIds(state));
  const hidden = problems.filter(({ id }) => !shown.has(id));
  if (hidden.length === 0) return [];
  const paths = hidden.map((one) => problemPath(shownFleet(state), one));
  return [`Marked, and not in the list now: ${listed(paths)}.`];
}

function groupsOf(state: AppState, problems: readonly Problem[]): readonly PlanGroup[] {
  const groups = new Map<number, Problem[]>();
  for (const problem of problems) {
    const group = groups.get(problem.environmentId) ?? [];
    group.push(problem);
    groups.set(problem.environmentId, group);
  }
  return [...groups].map(([id, members]) => ({
    heading: `${environmentName(shownFleet(state), id)}: ${formatThings(members.length, 'problem')}`,
    items: members.map((problem) => itemOf(state, problem)),
  }));
}

/** `web-7  unhealthy for 4m: 3 probes failed`. */
function itemOf(state: AppState, { containerId, name, kind, sinceMs, sentence }: Problem): string {
  const object = containerId === null ? 'the environment' : name;
  const age = formatAge(elapsedSince(state.fleet, sinceMs, state.nowMs));
  return `${object}  ${kind} for ${age}: ${sentence}`;
}

function wordsOf(verdict: ProblemVerdict): { readonly verb: string; readonly lead: string } {
  const noted = (note: string | undefined) => (note === undefined ? '' : ` Note: ${note}`);
  switch (verdict.kind) {
    case 'acknowledge':
      return { verb: 'Acknowledge', lead: `You see to them.${noted(verdict.note)}` };
    case 'withdraw':
      return { verb: 'Take back', lead: 'Nobody sees to them any more.' };
    case 'mute': {
      const lead = `Nobody is told of them for ${formatAge(verdict.forMs)}.${noted(verdict.note)}`;
      return { verb: 'Mute', lead };
    }
    case 'unmute':
      return { verb: 'Unmute', lead: 'They speak again.' };
  }
}
