/** Keys of the list of problems. */
import type { Problem } from '../../protocol/problem.ts';
import type { Binding, Command } from '../model/binding.ts';
import type { Intent } from '../model/event.ts';
import { isMuted } from '../model/open-problems.ts';
import type { ProblemSort } from '../model/problem-list.ts';
import { type AppState, shownFleet, topScreen } from '../model/state.ts';
import { chosenProblems, isVerdictAsked, selectedProblem } from '../model/subject.ts';
import { allowedJudgeIntent } from './judging.ts';
import { searchKey } from './keys-global.ts';
import { SCOPE_ALL_KEY, sortKey } from './keys-rows.ts';
import { problemText } from './problems.ts';

const NOTHING = 'no problem is selected';
const GONE = 'its container is gone';

const onProblem =
  (make: (problem: Problem, state: AppState) => Intent | string) => (state: AppState) => {
    const problem = selectedProblem(state);
    return problem ? make(problem, state) : NOTHING;
  };

/** The container of a problem as somebody may look at it; the environment itself by its view. */
function goTo({ environmentId, containerId }: Problem, state: AppState): Intent | string {
  if (containerId === null) return { kind: 'open-environment', environmentId };
  const key = `${environmentId}/${containerId}` as const;
  const isThere = shownFleet(state).containers.get(environmentId)?.has(key);
  return isThere ? { kind: 'open-describe', key } : GONE;
}

function logsOf({ environmentId, containerId }: Problem): Intent | string {
  if (containerId === null) return 'the problem is of an environment, which has no log';
  return { kind: 'open-logs', key: `${environmentId}/${containerId}` };
}

/**
 * Of the marked ones, else of the selected one: asks for a note first; where all are acknowledged or muted already, that is
 * taken back. Of many a plan is shown.
 */
function judge(what: 'acknowledge' | 'mute') {
  return (state: AppState): Intent | string => {
    const problems = chosenProblems(state);
    if (problems.length === 0) return NOTHING;
    const isBack = problems.every((one) =>
      what === 'mute' ? isMuted(one) : one.acknowledged !== null,
    );
    const intent = allowedJudgeIntent(state, problems, isBack && what === 'mute' ? 'unmute' : what);
    if (typeof intent === 'string') return intent;
    const { ids, verdict } = intent;
    if (!isBack) return { kind: 'ask-judge', what, ids };
    return isVerdictAsked(state, ids) ? { kind: 'plan-verdict', ids, verdict } : intent;
  };
}

const sort = (key: string, by: ProblemSort, label: string) =>
  sortKey(key, by, label, { kind: 'sort-rows', by });

export const PROBLEM_KEYS: readonly Binding[] = [
  {
    action: 'open',
    keys: ['enter', 'd'],
    label: 'go to the container or environment that has the problem',
    hint: 'open',
    group: 'look',
    press: onProblem(goTo),
  },
  {
    action: 'logs',
    keys: ['l'],
    label: 'logs of the container',
    hint: 'logs',
    group: 'look',
    needs: 'logs',
    press: onProblem(logsOf),
  },
  {
    action: 'acknowledge',
    keys: ['a'],
    label: 'acknowledge the marked ones or this one, with a note if you like; again takes it back',
    hint: 'acknowledge',
    group: 'list',
    needs: 'lifecycle',
    press: judge('acknowledge'),
  },
  {
    action: 'mute',
    keys: ['m'],
    label:
      'mute the marked ones or this one for a time, with a note if you like; again takes it back',
    hint: 'mute',
    group: 'list',
    needs: 'lifecycle',
    press: judge('mute'),
  },
  {
    action: 'mark',
    keys: ['space'],
    label: 'mark or unmark, and go down',
    hint: 'mark',
    group: 'list',
    press: onProblem(({ endedAtMs }, state) => {
      const screen = topScreen(state);
      const isInRange = screen.kind === 'problems' && screen.rangeFrom !== undefined;
      return endedAtMs === null || isInRange ? { kind: 'mark' } : 'it has ended';
    }),
  },
  {
    action: 'mark-range',
    keys: ['v'],
    label: 'begin a range here; v or space again marks all between that last',
    group: 'list',
    press: onProblem(() => ({ kind: 'mark-range' })),
  },
  {
    action: 'mark-all',
    keys: ['*'],
    label: 'mark all that the filter shows and that last, or unmark them',
    group: 'list',
    press: onProblem(() => ({ kind: 'mark-all' })),
  },
  {
    action: 'copy',
    keys: ['c'],
    label: 'copy what is known of the problem (OSC 52)',
    group: 'look',
    press: onProblem((problem, state) => ({
      kind: 'copy-text',
      text: problemText(state, problem),
    })),
  },
  searchKey(
    'filter',
    'filter: words, host:eu-1, state:unhealthy, tag:production, !word, /expression/',
  ),
  {
    action: 'problems-only',
    keys: ['!'],
    label: 'without those that have ended, and back',
    group: 'list',
    press: () => ({ kind: 'switch', what: 'problems' }),
  },
  {
    action: 'freeze',
    keys: ['r'],
    label: 'freeze live updates, and go on',
    group: 'list',
    press: () => ({ kind: 'switch', what: 'freeze' }),
  },
  SCOPE_ALL_KEY,
  sort('S', 'urgency', 'urgency: what nobody sees to first, then by severity'),
  sort('A', 'age', 'when it began, the youngest first'),
  sort('N', 'name', 'name'),
  sort('H', 'host', 'environment'),
  sort('R', 'times', 'how often it began'),
];

export const PROBLEM_COMMANDS: readonly Command[] = [
  {
    names: ['problems', 'p'],
    label: 'problems: what is wrong in the fleet, since when, and who sees to it',
    run: () => ({ kind: 'open-problems' }),
  },
];
