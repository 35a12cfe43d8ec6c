/** What stands under a plan: who is left out, what hangs on it from outside, and what can be taken back until when. */
import { formatAge } from '../format/amounts.ts';
import { ACTION_WORDS, HOLD_MS } from '../model/job.ts';
import { environmentName } from '../model/live-fleet.ts';
import type { Dependency, Plan } from '../model/plan-order.ts';
import { type AppState, shownFleet } from '../model/state.ts';
import { INVERSES, UNDO_FOR_MS } from '../model/undo.ts';

const NAMED = 3;

/** The remarks under a plan, as sentences. */
export function planRemarks(state: AppState, plan: Plan): readonly string[] {
  return [
    ...leftOutRemark(plan.leftOut),
    ...outsideRemarks(state, plan),
    ...(plan.action === 'remove'
      ? [
          'What it wrote outside its volumes is lost; the volumes stay. :recreate makes it again from its settings, with new anonymous volumes.',
        ]
      : []),
    undoRemark(plan),
  ];
}

/** The first of them, and how many more there are. */
export function listed(names: readonly string[]): string {
  const more = names.length - NAMED;
  return `${names.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Who is left out, each with why; none when nobody is. */
export function leftOutRemark(leftOut: readonly string[]): readonly string[] {
  return leftOut.length > 0 ? [`Left out: ${listed(leftOut)}.`] : [];
}

/** Dependencies that cross the edge of the plan and matter to what it does. */
function outsideRemarks(
  state: AppState,
  { action, fromOutside, toOutside }: Plan,
): readonly string[] {
  const name = ({ from, on, why }: Dependency) => {
    const host = environmentName(shownFleet(state), from.environmentId);
    return `${host}/${from.name} ${why === 'network' ? 'lives in the network of' : 'depends on'} ${on.name}`;
  };
  const isTaken = action !== 'start' && action !== 'unpause';
  const left = isTaken
    ? fromOutside.filter(({ from }) => from.state === 'running' || from.state === 'paused')
    : [];
  const lacking =
    action === 'start' || action === 'restart'
      ? toOutside.filter(({ on }) => on.state !== 'running')
      : [];
  return [
    ...(left.length > 0 ? [`Not in the plan: ${listed(left.map(name))}.`] : []),
    ...(lacking.length > 0
      ? [`Does not run and is not in the plan: ${listed(lacking.map(({ on }) => on.name))}.`]
      : []),
  ];
}

function undoRemark({ action }: Plan): string {
  const inverse = INVERSES[action];
  if (inverse !== undefined) {
    const verb = ACTION_WORDS[inverse].verb.toLowerCase();
    return `u takes it back (${verb}) until ${formatAge(UNDO_FOR_MS)} after its end.`;
  }
  return `Nothing is sent for ${formatAge(HOLD_MS)}, and u calls it back; after that there is no undo.`;
}
