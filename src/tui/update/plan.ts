/** The question before a change: a plan, environment by environment and in its order, of finished operations, and who is left out and why. */
import type { Container } from '../../protocol/container.ts';
import { containerKey } from '../../protocol/container-key.ts';
import type { ContainerAction } from '../../protocol/operation.ts';
import { formatThings } from '../format/amounts.ts';
import { containerWords } from '../format/container-words.ts';
import { isProduction, PHRASE_FROM } from '../model/confirm-level.ts';
import { type ConfirmLevel, type Dialog, openedDialog, type PlanGroup } from '../model/dialog.ts';
import { ACTION_WORDS, HOLD_MS, type PlannedOperation, type RunHow } from '../model/job.ts';
import { environmentName, environmentTags } from '../model/live-fleet.ts';
import { orderPlan, type Plan } from '../model/plan-order.ts';
import { USUAL_ROLLOUT } from '../model/rollout.ts';
import { type AppState, shownFleet } from '../model/state.ts';
import { INVERSES } from '../model/undo.ts';
import { scopeWords } from '../screens/chrome.ts';
import { whyNotTarget } from '../screens/keys-changes.ts';
import { planRemarks } from './plan-remarks.ts';

/** More at once would be no plan that a person can read. */
export const MOST_IN_PLAN = 5_000;

/** The dialog for an action on containers, holding the operations it will send; undefined when none is possible. */
export function planDialog(
  state: AppState,
  action: ContainerAction,
  targets: Iterable<Container>,
): Dialog | undefined {
  const plan = makePlan(state, action, targets);
  const { containers } = plan;
  if (containers.length === 0) return undefined;
  const { verb } = ACTION_WORDS[action];
  const level = levelOf(state, plan);
  const question = {
    title: titleOf(state, plan),
    lead: leadOf(state, plan),
    groups: containers.length === 1 ? [] : groupsOf(state, plan),
    remarks: planRemarks(state, plan),
    level,
    okLabel: containers.length === 1 ? verb : `${verb} ${containers.length}`,
    phrase: level === 'phrase' ? phraseOf(state, containers) : '',
    onOk: { kind: 'run', action, planned: plannedOf(state, plan), how: howOf(action) },
  } as const;
  return openedDialog(question, state.nowMs);
}

/** What has no inverse waits a moment before it is sent, so that it can be called back. */
function howOf(action: ContainerAction): RunHow {
  return { ...USUAL_ROLLOUT, holdMs: INVERSES[action] === undefined ? HOLD_MS : 0 };
}

/** Those that can be changed now, in order, and those that can't. */
export function makePlan(
  state: AppState,
  action: ContainerAction,
  targets: Iterable<Container>,
): Plan {
  const fleet = shownFleet(state);
  const chosen: Container[] = [];
  const leftOut: string[] = [];
  for (const container of targets) {
    const why = whyNotTarget(state, action, container);
    if (why === undefined) chosen.push(container);
    else leftOut.push(`${fullNameOf(state, container)} (${why})`);
  }
  return { action, leftOut, ...orderPlan(fleet, action, chosen) };
}

/** `eu-1/web` */
export function fullNameOf(state: AppState, { environmentId, name }: Container): string {
  return `${environmentName(shownFleet(state), environmentId)}/${name}`;
}

function levelOf(state: AppState, { action, containers }: Plan): ConfirmLevel {
  if (containers.length >= PHRASE_FROM || isInProduction(state, containers)) return 'phrase';
  return containers.length > 1 || action === 'kill' || action === 'remove' ? 'button' : 'yes';
}

/** Whether one of them is in an environment that is tagged as production. */
export function isInProduction(state: AppState, containers: readonly Container[]): boolean {
  const fleet = shownFleet(state);
  return containers.some(({ environmentId }) =>
    isProduction(environmentTags(fleet, environmentId)),
  );
}

/** The scope of the plan: the one environment that it touches, else what the list shows. */
function phraseOf(state: AppState, containers: readonly Container[]): string {
  const [first, ...rest] = new Set(containers.map(({ environmentId }) => environmentId));
  if (first === undefined || rest.length > 0) return scopeWords(state);
  return scopeWords({ ...state, scope: first });
}

function byEnvironment(containers: readonly Container[]): Map<number, Container[]> {
  const groups = new Map<number, Container[]>();
  for (const container of containers) {
    const group = groups.get(container.environmentId);
    if (group) group.push(container);
    else groups.set(container.environmentId, [container]);
  }
  return groups;
}

function titleOf(state: AppState, { action, containers }: Plan): string {
  const { verb } = ACTION_WORDS[action];
  const [first] = containers;
  if (containers.length === 1 && first) return `${verb} ${fullNameOf(state, first)}?`;
  const { size } = byEnvironment(containers);
  const where = size === 1 ? 'one environment' : formatThings(size, 'environment');
  return `${verb} ${formatThings(containers.length, 'container')} on ${where}?`;
}

function leadOf(state: AppState, { action, containers }: Plan): string {
  const { consequence } = ACTION_WORDS[action];
  const [first] = containers;
  if (containers.length > 1 || !first) return `Each of them ${consequence}.`;
  const killed = isKilledFirst(action, first) ? ', after being killed' : '';
  return `It is ${wordsOf(state, first)}. It ${consequence}${killed}.`;
}

function wordsOf(state: AppState, container: Container): string {
  const context = { fleet: shownFleet(state), nowMs: state.nowMs, pending: undefined };
  return containerWords(container, context).words;
}

function groupsOf(state: AppState, plan: Plan): readonly PlanGroup[] {
  const { action, containers } = plan;
  const fleet = shownFleet(state);
  const names = new Map(containers.map((container) => [containerKey(container), container.name]));
  return [...byEnvironment(containers)].map(([id, members]) => ({
    heading: `${environmentName(fleet, id)}: ${formatThings(members.length, 'container')}`,
    items: members.map((container) => {
      const killed = isKilledFirst(action, container) ? ', killed first' : '';
      const needs = plan.needs.get(containerKey(container)) ?? [];
      const after = needs.map((key) => names.get(key) ?? '').join(', ');
      const order = after === '' ? '' : `, after ${after}`;
      return `${container.name}  ${wordsOf(state, container)}${killed}${order}`;
    }),
  }));
}

function isKilledFirst(action: ContainerAction, { state }: Container): boolean {
  const runs = state === 'running' || state === 'paused' || state === 'restarting';
  return action === 'remove' && runs;
}

/** The operations of a plan, in order; their ids go on from the state's next one. */
export function plannedOf(state: AppState, plan: Plan): readonly PlannedOperation[] {
  const { action, containers, needs } = plan;
  const ids = new Map(
    containers.map((container, at) => [containerKey(container), `op-${state.nextId + at}`]),
  );
  return containers.map((container) => ({
    operation: {
      operationId: ids.get(containerKey(container)) ?? '',
      action,
      environmentId: container.environmentId,
      containerId: container.id,
      containerName: container.name,
    },
    force: isKilledFirst(action, container),
    needs: (needs.get(containerKey(container)) ?? []).flatMap((key) => ids.get(key) ?? []),
  }));
}
