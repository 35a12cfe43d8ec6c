/** A command in many containers: asked for with a plan, run, and its answers gathered in one view. */
import type { Container } from '../../protocol/container.ts';
import { containerKey } from '../../protocol/container-key.ts';
import { formatThings } from '../format/amounts.ts';
import { printable } from '../format/width.ts';
import { PHRASE_FROM } from '../model/confirm-level.ts';
import { type Dialog, openedDialog, type PlanGroup } from '../model/dialog.ts';
import type { Intent, OutsideEvent } from '../model/event.ts';
import { countResults, type ExecRun, type ExecTarget, isExecOpen, WAITING } from '../model/exec.ts';
import { environmentName } from '../model/live-fleet.ts';
import { type AppState, type Step, shownFleet, stay } from '../model/state.ts';
import { targets } from '../model/subject.ts';
import { scopeWords } from '../screens/chrome.ts';
import { progressWords } from '../screens/exec-view.ts';
import { whyNotInside } from '../screens/keys-guests.ts';
import { leftOutRemark } from './plan-remarks.ts';
import { said, say } from './say.ts';
import { openScreen } from './stack.ts';

/** The step of asking whether a command shall be run in the targets. */
export function askExec(state: AppState, command: string): Step {
  if (isExecOpen(state.exec)) {
    return say(
      state,
      'warning',
      'A command is still running; :exec shows it, ctrl-c there ends it.',
    );
  }
  const fleet = shownFleet(state);
  const chosen: ExecTarget[] = [];
  const leftOut: string[] = [];
  for (const container of targets(state)) {
    const target = targetOf(container, environmentName(fleet, container.environmentId));
    const why = whyNotInside(state, container);
    if (why === undefined) chosen.push(target);
    else leftOut.push(`${nameOf(target)} (${why})`);
  }
  if (chosen.length === 0) return say(state, 'warning', 'There is nothing here to run it in.');
  chosen.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  return stay({ ...state, dialog: dialogOf(state, command, { chosen, leftOut }) });
}

function targetOf(container: Container, environment: string): ExecTarget {
  return {
    key: containerKey(container),
    environmentName: environment,
    containerName: container.name,
  };
}

const nameOf = ({ environmentName: environment, containerName }: ExecTarget): string =>
  `${environment}/${containerName}`;

interface Choice {
  readonly chosen: readonly ExecTarget[];
  readonly leftOut: readonly string[];
}

function dialogOf(state: AppState, command: string, { chosen, leftOut }: Choice): Dialog {
  const [only] = chosen;
  const isOne = chosen.length === 1 && only !== undefined;
  const where = isOne ? nameOf(only) : formatThings(chosen.length, 'container');
  const needsPhrase = chosen.length >= PHRASE_FROM;
  const question = {
    title: `Run a command in ${where}?`,
    lead: printable(command),
    groups: isOne ? [] : groupsOf(chosen),
    remarks: [
      ...leftOutRemark(leftOut),
      ...(isOne ? [] : ['Four at a time in each environment; one that fails stops no other.']),
    ],
    level: needsPhrase ? 'phrase' : isOne ? 'yes' : 'button',
    okLabel: isOne ? 'Run' : `Run in ${chosen.length}`,
    phrase: needsPhrase ? scopeWords(state) : '',
    onOk: { kind: 'run-exec', command, targets: chosen },
  } as const;
  return openedDialog(question, state.nowMs);
}

function groupsOf(chosen: readonly ExecTarget[]): readonly PlanGroup[] {
  const groups = new Map<string, string[]>();
  for (const { environmentName: environment, containerName } of chosen) {
    const group = groups.get(environment);
    if (group) group.push(containerName);
    else groups.set(environment, [containerName]);
  }
  return [...groups].map(([environment, items]) => ({
    heading: `${environment}: ${formatThings(items.length, 'container')}`,
    items,
  }));
}

/** The step of a confirmed command. */
export function runExec(state: AppState, intent: Extract<Intent, { kind: 'run-exec' }>): Step {
  const { command, targets: chosen } = intent;
  const run: ExecRun = {
    id: state.nextId,
    command,
    targets: chosen,
    results: new Map(chosen.map(({ key }) => [key, WAITING])),
  };
  const marks = new Set(state.containers.marks);
  for (const { key } of chosen) marks.delete(key);
  const next: AppState = {
    ...state,
    containers: { ...state.containers, marks },
    exec: run,
    nextId: state.nextId + 1,
  };
  return {
    state: openExec(next),
    effects: [{ kind: 'run-exec', runId: run.id, command, keys: chosen.map(({ key }) => key) }],
  };
}

/** The state with the results of the last command on top. */
export function openExec(state: AppState): AppState {
  return openScreen(state, { kind: 'exec', top: 0, column: 0 });
}

/** The step of news from one container; of an older run they are dropped. */
export function onExecTold(
  state: AppState,
  event: Extract<OutsideEvent, { kind: 'exec-told' }>,
): Step {
  const { exec: run } = state;
  if (!run || run.id !== event.runId) return stay(state);
  const result = { ...event.result, lines: event.result.lines.map(printable) };
  const next: ExecRun = { ...run, results: new Map(run.results).set(event.key, result) };
  const told = { ...state, exec: next };
  if (isExecOpen(next) || !isExecOpen(run)) return stay(told);
  const { bad, cancelled } = countResults(next);
  const tone = bad > 0 ? 'error' : cancelled > 0 ? 'warning' : 'done';
  return stay(said(told, tone, `${printable(run.command)}: ${progressWords(next)}.`));
}
