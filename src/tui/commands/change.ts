/** `fleet-tui restart|stop|start|kill|pause|unpause|rm`: a plan first, then a few at a time, one line per container. */
import { asFault, Fault } from '../../protocol/fault.ts';
import { type ContainerAction, whyNotNow } from '../../protocol/operation.ts';
import { formatDuration, formatThings } from '../format/amounts.ts';
import { statusWords } from '../format/status-words.ts';
import { printable } from '../format/width.ts';
import { ACTION_WORDS } from '../model/job.ts';
import { gather } from './gather.ts';
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
  readonly chosen: readonly Selected[];
  readonly leftOut: readonly (Refusal & { readonly selected: Selected })[];
}

type Outcome = 'planned' | 'done' | 'failed' | 'left-out' | 'not-begun';

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

function planOf(request: ChangeRequest, all: readonly Selected[]): Plan {
  const judged = all.map((selected) => ({ selected, refusal: refusalOf(request, selected) }));
  return {
    chosen: judged.filter(({ refusal }) => !refusal).map(({ selected }) => selected),
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
    'not-begun': `not begun: ${why}`,
  };
  return `${placeOf(selected)}  ${words[outcome]}\n`;
}

/** Runs the plan, `width` at once; resolves to how many failed or were never begun. */
async function roll(tools: CommandTools, request: ChangeRequest, plan: Plan): Promise<number> {
  const { action, width, stopOnFailure } = request;
  const waiting = [...plan.chosen];
  let failed = 0;
  const one = async (selected: Selected): Promise<Told> => {
    const startedAt = performance.now();
    const tookMs = () => Math.round(performance.now() - startedAt);
    try {
      const engine = tools.fleet.engine(selected.environment.id);
      const force = action === 'remove' && runs(selected);
      await engine.act(selected.container.id, action, { force }, new AbortController().signal);
      return { outcome: 'done', tookMs: tookMs() };
    } catch (thrown) {
      failed += 1;
      const { message } = asFault(thrown, 'internal', `The ${action} failed.`);
      return { outcome: 'failed', why: message, tookMs: tookMs() };
    }
  };
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const told =
        failed > 0 && stopOnFailure
          ? ({ outcome: 'not-begun', why: 'another one failed' } as const)
          : await one(next);
      await tools.write(toldText(request, next, told));
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
  return failed;
}

async function confirm(tools: CommandTools, { action }: ChangeRequest, count: number) {
  if (!tools.ask)
    throw new Fault(
      'bad-request',
      `Nobody is here to confirm it: add --yes to ${words(action)} ${formatThings(count, 'container')}, or --dry-run to see them.`,
    );
  const answer = await tools.ask(
    `${ACTION_WORDS[action].verb} ${formatThings(count, 'container')}? [y/N] `,
  );
  if (!/^y(es)?$/i.test(answer)) throw new Fault('cancelled', 'Nothing was done.');
}

const words = (action: ContainerAction) => ACTION_WORDS[action].verb.toLowerCase();

/** Shows the plan, asks unless told not to, and carries it out: 0, 1 when something asked for was not done, 3 when nothing was found. */
export async function runChange(tools: CommandTools, request: ChangeRequest): Promise<number> {
  const fleet = await gather(tools.fleet);
  const plan = planOf(request, selectContainers(fleet, request.filter));
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
  if (chosen.length === 0 || request.dryRun) {
    if (chosen.length === 0) tools.say('There is nothing to do.');
    return lacking;
  }
  if (!request.yes) await confirm(tools, request, chosen.length);
  const failed = await roll(tools, request, plan);
  if (isForPeople) {
    const { done } = ACTION_WORDS[request.action];
    const trouble = failed > 0 ? `; ${failed} failed` : '';
    tools.say(`${chosen.length - failed} of ${chosen.length} ${done}${trouble}.`);
  }
  return failed > 0 ? 1 : lacking;
}
