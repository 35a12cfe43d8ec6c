/** What each intent of a key or a command leads to. */
import type { Intent } from '../model/event.ts';
import { type AppState, type Step, stay, topScreen } from '../model/state.ts';
import { readCommand } from '../screens/commands.ts';
import { helpEntries } from '../screens/help.ts';
import { onFormIntent } from './add-environment.ts';
import { askExec, openExec, runExec } from './exec.ts';
import { enterContainer } from './guests.ts';
import { inspectAgain, onInspectWanted } from './inspect.ts';
import { onBoundKey } from './keys.ts';
import { openLink, refreshLink } from './link.ts';
import { markAll, markRow, sortBy } from './lists.ts';
import { goToError, openMergedLogs, readRange } from './log-jumps.ts';
import { goToMatch } from './log-search.ts';
import { openLogs } from './logs.ts';
import { move } from './movement.ts';
import { back, escapeFrom, interrupt, openList, quit, scopeTo } from './navigation.ts';
import { askOperations, runOperations } from './operations.ts';
import { openPromptFor } from './prompt.ts';
import { say } from './say.ts';
import { closeScreen, openScreen } from './stack.ts';
import { flip } from './switches.ts';

/** The step of an intent. */
export function onIntent(state: AppState, intent: Intent): Step {
  switch (intent.kind) {
    case 'move':
      return stay(move(state, intent.to));
    case 'open-list':
      return stay(openList(state, intent.list));
    case 'open-logs':
      return openLogs(state, intent.key);
    case 'open-merged-logs':
      return openMergedLogs(state, intent.keys);
    case 'log-range':
      return readRange(state, intent.range);
    case 'error-line':
      return goToError(state, intent.by);
    case 'open-describe':
      return onInspectWanted(state, intent.key);
    case 'open-link':
      return openLink(state, intent.environmentId);
    case 'open-exec':
      return stay(openExec(state));
    case 'open-help':
      return stay(openHelp(state));
    case 'open-messages':
      return stay(openScreen(state, { kind: 'messages', top: 0 }));
    case 'run-help-line':
      return runHelpLine(state);
    case 'scope':
      return stay(scopeTo(state, intent.environmentId));
    case 'prompt':
      return stay(openPromptFor(state, intent.prompt));
    case 'switch':
      return stay(flip(state, intent.what));
    case 'sort':
      return stay(sortBy(state, intent.by));
    case 'mark':
      return stay(markRow(state));
    case 'mark-all':
      return stay(markAll(state));
    case 'match':
      return stay(goToMatch(state, intent.by));
    case 'open-add':
    case 'next-field':
    case 'other-kind':
    case 'submit':
    case 'next-way':
    case 'copy':
      return onFormIntent(state, intent);
    default:
      return onGraveIntent(state, intent);
  }
}

type GraveIntent = Extract<
  Intent,
  {
    kind:
      | 'open-shell'
      | 'attach'
      | 'ask-exec'
      | 'run-exec'
      | 'ask'
      | 'run'
      | 'escape'
      | 'back'
      | 'close'
      | 'interrupt'
      | 'quit'
      | 'suspend'
      | 'redraw';
  }
>;

/** Intents that change hosts, leave something, or reach beyond the screen. */
function onGraveIntent(state: AppState, intent: GraveIntent): Step {
  switch (intent.kind) {
    case 'open-shell':
    case 'attach':
      return enterContainer(state, intent.kind, intent.key);
    case 'ask-exec':
      return askExec(state, intent.command);
    case 'run-exec':
      return runExec(state, intent);
    case 'ask':
      return askOperations(state, intent.action);
    case 'run':
      return runOperations(state, intent);
    case 'escape':
      return escapeFrom(state);
    case 'back':
      return back(state);
    case 'close':
      return stay(closeScreen(state));
    case 'interrupt':
      return interrupt(state);
    case 'quit':
      return quit(state, intent.isSure);
    case 'suspend':
      return { state, effects: [{ kind: 'suspend' }] };
    case 'redraw':
      return redraw(state);
  }
}

/** Draws anew, and asks again for what the view on top shows of a host. */
function redraw(state: AppState): Step {
  const asked = topScreen(state).kind === 'link' ? refreshLink(state) : inspectAgain(state);
  return { state: asked.state, effects: [{ kind: 'redraw' }, ...asked.effects] };
}

function openHelp(state: AppState): AppState {
  const screen = topScreen(state);
  if (screen.kind === 'help') return state;
  return openScreen(state, { kind: 'help', of: screen.kind, search: '', at: 0 });
}

/** Leaves help and does what the line says, on the screen it was opened from. */
function runHelpLine(state: AppState): Step {
  const screen = topScreen(state);
  if (screen.kind !== 'help') return stay(state);
  const entry = helpEntries(screen)[screen.at];
  if (!entry) return stay(state);
  const below: AppState = { ...state, screens: state.screens.slice(0, -1) };
  if ('key' in entry.run) return onBoundKey(below, entry.run.key, onIntent);
  const read = readCommand(below, entry.run.command);
  return typeof read === 'string' ? say(below, 'warning', read) : onIntent(below, read);
}
