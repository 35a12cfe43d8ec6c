/** What the account of this console may do, as its server tells; where nobody tells, everything is tried and may be refused. */
import { ACTIONS, type Action } from '../../protocol/permission.ts';
import type { Problem } from '../../protocol/problem.ts';
import type { Need } from './binding.ts';
import { environmentIdOf, environmentName } from './live-fleet.ts';
import { type AppState, shownFleet, topScreen } from './state.ts';
import { chosenProblems, selectedEnvironment, subjectKey, targets } from './subject.ts';

/** Why the account may not do this in an environment, as a clause; undefined when it may. */
export function whyNotIn(
  state: AppState,
  environmentId: number,
  action: Action,
): string | undefined {
  const fleet = shownFleet(state);
  const may = fleet.environments.get(environmentId)?.may;
  if (may === undefined || may.includes(action)) return undefined;
  const name = environmentName(fleet, environmentId);
  return `your role in ${name} does not include ${action} (${ACTIONS[action]})`;
}

/** As whyNotIn, of the environment itself, which is no object that somebody owns. */
export function whyNotOf(
  state: AppState,
  environmentId: number,
  action: Action,
): string | undefined {
  const fleet = shownFleet(state);
  const inCommon = fleet.environments.get(environmentId)?.mayInCommon;
  const why = whyNotIn(state, environmentId, action);
  if (why !== undefined || inCommon === undefined || inCommon.includes(action)) return why;
  const name = environmentName(fleet, environmentId);
  return `your role in ${name} reaches only what is yours or shared with you, and this is of the environment itself`;
}

/** Why the account may not judge a problem, as a clause; undefined when it may. */
export function whyNotJudge(
  state: AppState,
  { environmentId, containerId }: Problem,
): string | undefined {
  const whyNot = containerId === null ? whyNotOf : whyNotIn;
  return whyNot(state, environmentId, 'lifecycle');
}

/** Why nobody but an administrator may, as a clause; undefined for administrators and where nobody tells. */
export function whyNoAdministrator(state: AppState): string | undefined {
  const { account } = shownFleet(state);
  if (account === undefined || account.isAdministrator) return undefined;
  return `only administrators may, and ${account.name} is none`;
}

/** Why the account may not say who is in a team, as a clause; undefined when it may, and where nobody tells. */
export function whyNoLeader(state: AppState): string | undefined {
  const { account } = shownFleet(state);
  if (account === undefined || account.isAdministrator || account.leadsTeams === true)
    return undefined;
  return `only administrators and leaders of a team may, and ${account.name} leads none`;
}

/** The environments that keys are about now; all of them where they are about none in particular. */
function* environmentsNow(state: AppState): Generator<number> {
  const screen = topScreen(state);
  if ('environmentId' in screen) yield screen.environmentId;
  const selected = screen.kind === 'environments' ? selectedEnvironment(state)?.id : undefined;
  if (selected !== undefined) yield selected;
  let isAny = 'environmentId' in screen || selected !== undefined;
  for (const { environmentId } of targets(state)) {
    isAny = true;
    yield environmentId;
  }
  const key = subjectKey(state);
  if (!isAny && key !== undefined) yield environmentIdOf(key);
  else if (!isAny) yield* shownFleet(state).environments.keys();
}

/**
 * Why the account may not, in any of the environments that keys are about or in all of the fleet, as a clause; undefined
 * when it may in one of them.
 */
export function whyNotAllowed(
  state: AppState,
  need: Need,
  where: 'now' | 'anywhere' = 'now',
): string | undefined {
  if (need === 'administrator') return whyNoAdministrator(state);
  if (need === 'team-leader') return whyNoLeader(state);
  const problems = where === 'now' ? chosenProblems(state) : [];
  if (problems.length > 0 && problems.every(({ containerId }) => containerId === null)) {
    const whys = problems.map(({ environmentId }) => whyNotOf(state, environmentId, need));
    return whys.includes(undefined) ? undefined : whys[0];
  }
  const ids = where === 'now' ? environmentsNow(state) : shownFleet(state).environments.keys();
  let first: string | undefined;
  for (const id of ids) {
    const why = whyNotIn(state, id, need);
    if (why === undefined) return undefined;
    first ??= why;
  }
  return first;
}
