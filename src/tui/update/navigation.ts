/** Going between screens, back, and out. */
import { openedDialog } from '../model/dialog.ts';
import { isExecOpen } from '../model/exec.ts';
import { isRunning } from '../model/job.ts';
import { FRESH_CURSOR } from '../model/list-cursor.ts';
import type { LogsScreen } from '../model/log-view.ts';
import { clearLine } from '../model/message.ts';
import { isPeople } from '../model/people-view.ts';
import { isRowScreen } from '../model/row-screen.ts';
import type { Scope } from '../model/scope.ts';
import type { Screen } from '../model/screen.ts';
import { type AppState, type Step, stay, topScreen } from '../model/state.ts';
import { leaveAdded } from './add-environment.ts';
import { leaveFilled, leaveKey } from './form.ts';
import { withoutProblemMarks } from './judge-plan.ts';
import { cancelJobs } from './operations.ts';
import { leavePane } from './panes.ts';
import { applyText, leavePrompt } from './prompt.ts';
import { relisted } from './relist.ts';
import { said } from './say.ts';
import { closeScreen, replaceTop } from './stack.ts';
import { leaveCodes } from './turn-on-factor.ts';

/** Within this time a second ctrl-c quits. */
const TWICE_MS = 1_000;

/** One of the two lists alone on the stack; containers of all environments. */
export function openList(state: AppState, list: 'environments' | 'containers'): AppState {
  const next: AppState = { ...state, screens: [{ kind: list }] };
  return state.scope === undefined ? next : relisted(fromTop({ ...next, scope: undefined }));
}

/**
 * The containers of one environment, of those with a tag, or of all; from the list of environments, `back` returns to it.
 * A list of rows that is on top stays there.
 */
export function scopeTo(state: AppState, scope: Scope): AppState {
  const { kind } = topScreen(state);
  if (kind === 'problems' || kind === 'events') return relisted(fromTop({ ...state, scope }));
  const isFromEnvironments = topScreen(state).kind === 'environments';
  const screens: AppState['screens'] = isFromEnvironments
    ? [{ kind: 'environments' }, { kind: 'containers' }]
    : [{ kind: 'containers' }];
  if (state.scope === scope) return { ...state, screens };
  return relisted(fromTop({ ...state, screens, scope }));
}

/** Another scope has other rows: the cursor starts at their first. */
function fromTop(state: AppState): AppState {
  return { ...state, containers: { ...state.containers, cursor: FRESH_CURSOR } };
}

/** The chain of esc: marks, then the filter, then the pane, then back; at the last screen it does nothing more. */
export function escapeFrom(state: AppState): Step {
  const { kind } = topScreen(state);
  if (kind === 'containers' && state.containers.rangeFrom !== undefined) {
    return stay({ ...state, containers: { ...state.containers, rangeFrom: undefined } });
  }
  if (kind === 'containers' && state.containers.marks.size > 0) {
    return stay({ ...state, containers: { ...state.containers, marks: new Set() } });
  }
  const top = topScreen(state);
  if (top.kind === 'problems' && top.rangeFrom !== undefined) {
    return stay(replaceTop(state, { ...top, rangeFrom: undefined }));
  }
  if (top.kind === 'problems' && top.marks.size > 0) return stay(withoutProblemMarks(state));
  const settled = logAtRest(top);
  if (settled) return stay(replaceTop(state, settled));
  if (hasText(state)) return stay(applyText(state, ''));
  const inList = leavePane(state);
  if (inList) return stay(inList);
  if (state.screens.length > 1) return back(state);
  return stay({ ...state, messages: clearLine(state.messages) });
}

/** The log without the selection or the picking that goes on in it; undefined when nothing does. */
function logAtRest(screen: Screen): LogsScreen | undefined {
  if (screen.kind !== 'logs') return undefined;
  if (screen.selection) return { ...screen, selection: undefined };
  if (screen.merged?.picking === undefined) return undefined;
  return { ...screen, merged: { ...screen.merged, picking: undefined, isListed: false } };
}

function hasText(state: AppState): boolean {
  const screen = topScreen(state);
  if (isRowScreen(screen)) return screen.filterText !== '';
  if (isPeople(screen)) return screen.filterText !== '';
  switch (screen.kind) {
    case 'containers':
      return state.containers.filterText !== '';
    case 'environments':
      return state.environments.filterText !== '';
    case 'wall':
      return screen.scopeText !== '';
    case 'operations':
      return screen.filterText !== '';
    case 'logs':
    case 'inspect':
      return screen.search !== undefined;
    case 'help':
      return screen.search !== '';
    case 'processes':
    case 'audit':
      return screen.filterText !== '';
    default:
      return false;
  }
}

/** One level back; leaving the containers of one environment widens the scope again; at the last screen asks to quit. */
export function back(state: AppState): Step {
  if (state.screens.length === 1) return { state: askToQuit(state), effects: [] };
  const screen = topScreen(state);
  if (screen.kind === 'environment-added') return leaveAdded(state, screen);
  if (screen.kind === 'form') return leaveFilled(state, screen);
  if (screen.kind === 'key-made') return leaveKey(state, screen);
  if (screen.kind === 'recovery-codes') return leaveCodes(state, screen);
  const closed = closeScreen(state);
  const isLeaving = screen.kind === 'containers' && state.scope !== undefined;
  return stay(isLeaving ? relisted(fromTop({ ...closed, scope: undefined })) : closed);
}

/** Quits; while operations run, only when the person is sure. */
export function quit(state: AppState, isSure: boolean): Step {
  if (!isSure && hasWork(state)) return stay(askToQuit(state));
  return { state, effects: [{ kind: 'quit' }] };
}

function hasWork(state: AppState): boolean {
  return state.jobs.some(isRunning) || isExecOpen(state.exec);
}

function askToQuit(state: AppState): AppState {
  const remarks = !hasWork(state)
    ? []
    : ['Operations are still running: those that wait are dropped, those under way may finish.'];
  const onOk = { kind: 'quit', isSure: true } as const;
  const question = { title: 'Quit fleet-tui?', okLabel: 'Quit', remarks, onOk };
  return { ...state, dialog: openedDialog(question, state.nowMs) };
}

/** ctrl-c: leaves a prompt or a form, else cancels what runs, else says that a second one quits. */
export function interrupt(state: AppState): Step {
  if (state.prompt) return leavePrompt(state, state.prompt);
  if (topScreen(state).kind === 'form') return back(state);
  if (state.nowMs - state.interruptedAtMs <= TWICE_MS)
    return { state, effects: [{ kind: 'quit' }] };
  const marked = { ...state, interruptedAtMs: state.nowMs };
  if (topScreen(state).kind === 'exec' && isExecOpen(state.exec)) {
    const words = 'Cancelling: what waits is not run, what runs may go on in its container.';
    return { state: said(marked, 'warning', words), effects: [{ kind: 'cancel-exec' }] };
  }
  if (state.jobs.some(isRunning)) {
    const words = 'Cancelling: what waits is dropped, what is under way may still finish.';
    return cancelJobs(said(marked, 'warning', words));
  }
  return stay(said(marked, 'info', 'Press ctrl-c again to quit.'));
}
