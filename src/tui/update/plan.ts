/** The question before a change: a plan, environment by environment, of finished operations, and who is left out and why. */
import type { Container } from '../../protocol/container.ts';
import type { ContainerAction } from '../../protocol/operation.ts';
import { formatThings } from '../format/amounts.ts';
import { containerWords } from '../format/container-words.ts';
import type { ConfirmLevel, Dialog, PlanGroup } from '../model/dialog.ts';
import { ACTION_WORDS, type PlannedOperation } from '../model/job.ts';
import { environmentName } from '../model/live-fleet.ts';
import { type AppState, shownFleet } from '../model/state.ts';
import { targets } from '../model/subject.ts';
import { scopeWords } from '../screens/chrome.ts';
import { whyNotTarget } from '../screens/keys-changes.ts';

/** From so many objects on, a button is not enough: the name of the scope must be typed. */
const PHRASE_FROM = 20;
const NAMED_LEFT_OUT = 3;

interface Plan {
  readonly action: ContainerAction;
  readonly containers: readonly Container[];
  readonly leftOut: readonly string[];
}

/** The dialog for an action on the targets, holding the operations it will send; undefined when none is possible. */
export function planDialog(state: AppState, action: ContainerAction): Dialog | undefined {
  const plan = makePlan(state, action);
  const { containers } = plan;
  if (containers.length === 0) return undefined;
  const { verb } = ACTION_WORDS[action];
  const level = levelOf(plan);
  return {
    title: titleOf(state, plan),
    lead: leadOf(state, plan),
    groups: containers.length === 1 ? [] : groupsOf(state, plan),
    remarks: remarksOf(plan),
    level,
    okLabel: containers.length === 1 ? verb : `${verb} ${containers.length}`,
    phrase: level === 'phrase' ? scopeWords(state) : '',
    typed: '',
    focus: 'cancel',
    openedAtMs: state.nowMs,
    onOk: { kind: 'run', action, planned: plannedOf(state, plan) },
  };
}

function makePlan(state: AppState, action: ContainerAction): Plan {
  const fleet = shownFleet(state);
  const containers: Container[] = [];
  const leftOut: string[] = [];
  for (const container of targets(state)) {
    const why = whyNotTarget(state, action, container);
    const name = `${environmentName(fleet, container.environmentId)}/${container.name}`;
    if (why === undefined) containers.push(container);
    else leftOut.push(`${name} (${why})`);
  }
  return { action, containers, leftOut };
}

function levelOf({ action, containers }: Plan): ConfirmLevel {
  if (containers.length >= PHRASE_FROM) return 'phrase';
  return containers.length > 1 || action === 'kill' || action === 'remove' ? 'button' : 'yes';
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
  const fleet = shownFleet(state);
  if (containers.length === 1 && first) {
    return `${verb} ${environmentName(fleet, first.environmentId)}/${first.name}?`;
  }
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

function groupsOf(state: AppState, { action, containers }: Plan): readonly PlanGroup[] {
  const fleet = shownFleet(state);
  return [...byEnvironment(containers)].map(([id, members]) => ({
    heading: `${environmentName(fleet, id)}: ${formatThings(members.length, 'container')}`,
    items: members.map((container) => {
      const killed = isKilledFirst(action, container) ? ', killed first' : '';
      return `${container.name}  ${wordsOf(state, container)}${killed}`;
    }),
  }));
}

function remarksOf({ action, containers, leftOut }: Plan): readonly string[] {
  const named = leftOut.slice(0, NAMED_LEFT_OUT).join(', ');
  const more = leftOut.length - NAMED_LEFT_OUT;
  const tail = more > 0 ? ` and ${more} more` : '';
  return [
    ...(leftOut.length > 0 ? [`Left out: ${named}${tail}.`] : []),
    ...(action === 'remove'
      ? ['What it wrote outside its volumes is lost; the volumes stay.']
      : []),
    ...(containers.length > 2 ? ['Two at a time in each environment.'] : []),
  ];
}

function isKilledFirst(action: ContainerAction, { state }: Container): boolean {
  const runs = state === 'running' || state === 'paused' || state === 'restarting';
  return action === 'remove' && runs;
}

function plannedOf(state: AppState, { action, containers }: Plan): readonly PlannedOperation[] {
  return containers.map((container, index) => ({
    operation: {
      operationId: `op-${state.nextId + index}`,
      action,
      environmentId: container.environmentId,
      containerId: container.id,
      containerName: container.name,
    },
    force: isKilledFirst(action, container),
  }));
}
