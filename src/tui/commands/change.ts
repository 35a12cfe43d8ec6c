/** `fleet-tui restart|stop|start|kill|pause|unpause|rm`: a plan first, then a few at a time, one line per container. */
import { containerKey } from '../../protocol/container-key.ts';
import { asFault, Fault } from '../../protocol/fault.ts';
import { whyNotNow } from '../../protocol/operation.ts';
import { formatDuration, formatThings } from '../format/amounts.ts';
import { statusWords } from '../format/status-words.ts';
import { printable } from '../format/width.ts';
import { ACTION_WORDS } from '../model/job.ts';
import type { LiveFleet } from '../model/live-fleet.ts';
import { orderPlan } from '../model/plan-order.ts';
import { nextTurns, type StepState, type Turn } from '../model/rollout.ts';
import { confirm } from './confirm.ts';
import { gather } from './gather.ts';
import { noteUnlocked, wayOut, whyClosed } from './locks.ts';
import { plainLine } from './output.ts';
import type { ChangeRequest } from './request.ts';
import { type Selected, selectContainers } from './selection.ts';
import { SEVERITY } from './severity.ts';
import type { CommandTools } from './tools.ts';

/** Why one is left out; `isWanting` when the wish stays unfulfilled, not when it is fulfilled already. */
interface Refusal {
  readonly why: string;
  readonly isWanting: boolean;
}

interface Plan {
  /** In the order in which they have their turn. */
  readonly chosen: readonly Selected[];
  /** For each, the keys of those that must be done first. */
  readonly needs: ReadonlyMap<string, readonly string[]>;
  readonly leftOut: readonly (Refusal & { readonly selected: Selected })[];
}

type Outcome = 'planned' | 'done' | 'failed' | 'left-out' | 'not-tried';

interface Told {
  readonly outcome: Outcome;
  readonly why?: string;
  readonly tookMs?: number;
}

const placeOf = ({ environment, container }: Selected) =>
  printable(`${environment.name}/${container.name}`);

const runs = ({ container }: Selected) =>
  ['running', 'paused', 'restarting'].includes(container.state);

function refusalOf(request: ChangeRequest, selected: Selected): Refusal | undefined {
  const { action, force } = request;
  if (selected.environment.connection !== 'up')
    return { why: 'its environment does not answer', isWanting: true };
  if (action === 'remove' && runs(selected) && !force)
    return { why: 'it runs; --force kills it first', isWanting: true };
  const why = whyNotNow(action, selected.container);
  return why === undefined ? undefined : { why, isWanting: false };
}

function planOf(request: ChangeRequest, fleet: LiveFleet): Plan {
  const all = selectContainers(fleet, request.filter);
  const judged = all.map((selected) => ({ selected, refusal: refusalOf(request, selected) }));
  const fitting = new Map(
    judged.filter(({ refusal }) => !refusal).map(({ selected }) => [keyOf(selected), selected]),
  );
  const members = [...fitting.values()].map(({ container }) => container);
  const { containers, needs } = orderPlan(fleet, request.action, members);
  return {
    chosen: containers.flatMap((container) => fitting.get(containerKey(container)) ?? []),
    needs,
    leftOut: judged.flatMap(({ selected, refusal }) => (refusal ? [{ selected, ...refusal }] : [])),
  };
}

/** The plan as a person reads it, environment by environment. */
function planText({ chosen }: Plan, { action }: ChangeRequest, nowMs: number): string {
  const environments = [...new Set(chosen.map(({ environment }) => environment))];
  const groups = environments.map((environment) => ({
    environment,
    members: chosen.filter((selected) => selected.environment === environment),
  }));
  const lines = groups.flatMap(({ environment, members }) => [
    `${printable(environment.name)}: ${formatThings(members.length, 'container')}`,
    ...members.map(({ container }) => {
      const status = statusWords(container, nowMs);
      return `  ${printable(container.name)}  ${printable(container.image)}  ${status}`;
    }),
  ]);
  const { verb } = ACTION_WORDS[action];
  return [`${verb} ${formatThings(chosen.length, 'container')}:`, ...lines, ''].join('\n');
}

/** One line about one container, in the form that was asked for. */
function toldText(request: ChangeRequest, selected: Selected, told: Told): string {
  const { environment, container } = selected;
  const { outcome, why, tookMs } = told;
  if (request.form === 'json') {
    const { id, name } = container;
    const where = { environment: { id: environment.id, name: environment.name } };
    const facts = { action: request.action, outcome, ...where, id, name };
    return `${JSON.stringify({ ...facts, why: why ?? null, tookMs: tookMs ?? null })}\n`;
  }
  if (request.form === 'plain')
    return plainLine([outcome, environment.name, container.name, why ?? '']);
  const words = {
    planned: 'planned',
    done: `${ACTION_WORDS[request.action].done} in ${formatDuration(tookMs ?? 0)}`,
    failed: `failed: ${why}`,
    'left-out': `left out: ${why}`,
    'not-tried': `not tried: ${why}`,
  };
  return `${placeOf(selected)}  ${words[outcome]}\n`;
}

/** Runs the plan in its order, `width` at once; resolves to how every one of them ended. */
async function roll(
  tools: CommandTools,
  request: ChangeRequest,
  plan: Plan,
): Promise<readonly Turn[]> {
  const { width, stopOnFailure } = request;
  const turns = new Map(plan.chosen.map((one) => [keyOf(one), turnOf(plan, one)]));
  const byKey = new Map(plan.chosen.map((one) => [keyOf(one), one]));
  const next = async (): Promise<void> => {
    const { begin, notTried } = nextTurns([...turns.values()], { width, stopOnFailure });
    for (const id of notTried.keys()) setState(turns, id, 'not-tried');
    for (const id of begin) setState(turns, id, 'running');
    for (const [id, why] of notTried) await tell(id, { outcome: 'not-tried', why });
    await Promise.all(begin.map(run));
  };
  const tell = async (id: string, told: Told): Promise<void> => {
    const selected = byKey.get(id);
    if (selected) await tools.write(toldText(request, selected, told));
  };
  const run = async (id: string): Promise<void> => {
    const selected = byKey.get(id);
    if (!selected) return;
    const told = await actOn(tools, request, selected);
    setState(turns, id, told.outcome === 'done' ? 'done' : 'failed');
    await tell(id, told);
    await next();
  };
  await next();
  return [...turns.values()];
}

const keyOf = ({ container }: Selected): string => `${container.environmentId}/${container.id}`;

function setState(turns: Map<string, Turn>, id: string, state: StepState): void {
  const turn = turns.get(id);
  if (turn) turns.set(id, { ...turn, state });
}

function turnOf({ needs }: Plan, selected: Selected): Turn {
  const id = keyOf(selected);
  const { environmentId } = selected.container;
  return {
    id,
    name: placeOf(selected),
    environmentId,
    state: 'waiting',
    needs: needs.get(id) ?? [],
  };
}

async function actOn(
  tools: CommandTools,
  request: ChangeRequest,
  selected: Selected,
): Promise<Told> {
  const { action } = request;
  const startedAt = performance.now();
  const tookMs = () => Math.round(performance.now() - startedAt);
  try {
    const engine = tools.fleet.engine(selected.environment.id);
    const force = action === 'remove' && runs(selected);
    await engine.act(selected.container.id, action, { force }, new AbortController().signal);
    return { outcome: 'done', tookMs: tookMs() };
  } catch (thrown) {
    const { message } = asFault(thrown, 'internal', `The ${action} failed.`);
    return { outcome: 'failed', why: message, tookMs: tookMs() };
  }
}

/** Why this plan may not be carried out, as a sentence: one locked environment keeps all of it back. */
function whyNot({ locks }: CommandTools, { unlock }: ChangeRequest, plan: Plan) {
  for (const { environment } of plan.chosen) {
    const why = whyClosed(locks, environment, unlock);
    if (why !== undefined) return `Nothing was sent: ${why}; ${wayOut(locks)}.`;
  }
  return undefined;
}

/** Shows the plan, asks unless told not to, and carries it out: 0, 1 when something asked for was not done, 3 when nothing was found. */
export async function runChange(tools: CommandTools, request: ChangeRequest): Promise<number> {
  const fleet = await gather(tools.fleet);
  const plan = planOf(request, fleet);
  const { chosen, leftOut } = plan;
  if (chosen.length + leftOut.length === 0) {
    tools.say('The filter finds no container.');
    return SEVERITY.noData;
  }
  const isForPeople = request.form === 'table';
  if (isForPeople && chosen.length > 0)
    await tools.write(planText(plan, request, Date.now() - fleet.clockOffsetMs));
  for (const { selected, why } of leftOut)
    await tools.write(toldText(request, selected, { outcome: 'left-out', why }));
  const lacking = leftOut.some(({ isWanting }) => isWanting) ? 1 : 0;
  if (request.dryRun && !isForPeople)
    for (const selected of chosen)
      await tools.write(toldText(request, selected, { outcome: 'planned' }));
  const why = whyNot(tools, request, plan);
  if (chosen.length === 0 || request.dryRun) {
    if (chosen.length === 0) tools.say('There is nothing to do.');
    else if (why !== undefined) tools.say(why);
    return lacking;
  }
  if (why !== undefined) throw new Fault('forbidden', why);
  if (!request.yes) await confirm(tools, request, chosen);
  await noteUnlocked(tools, new Set(chosen.map(({ environment }) => environment)), request.unlock);
  const ended = await roll(tools, request, plan);
  const count = (state: StepState) => ended.filter((turn) => turn.state === state).length;
  if (isForPeople) {
    const { done } = ACTION_WORDS[request.action];
    const failed = count('failed') > 0 ? `; ${count('failed')} failed` : '';
    const left = count('not-tried') > 0 ? `; ${count('not-tried')} not tried` : '';
    tools.say(`${count('done')} of ${chosen.length} ${done}${failed}${left}.`);
  }
  return count('done') < chosen.length ? 1 : lacking;
}
