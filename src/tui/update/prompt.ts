/** Typing into the filter, a search or the command line; filters and searches work while they are being typed. */
import { filterList } from '../model/container-list.ts';
import { rebuildEnvironments, withEnvironmentFilter } from '../model/environment-list.ts';
import type { Intent, OutsideEvent } from '../model/event.ts';
import { parseFilter } from '../model/filter.ts';
import { FRESH_CURSOR } from '../model/list-cursor.ts';
import { keyOfRow } from '../model/list-groups.ts';
import { parseMoment, parseRange } from '../model/log-range.ts';
import { parseMute, parseNote } from '../model/mute-words.ts';
import { withOperationFilter } from '../model/operation-list.ts';
import { isPeople } from '../model/people-view.ts';
import {
  editPrompt,
  openPrompt,
  type Prompt,
  type PromptKind,
  typedByHand,
  typeInto,
} from '../model/prompt.ts';
import { isRowScreen } from '../model/row-screen.ts';
import type { HelpScreen } from '../model/screen.ts';
import { type AppState, dayTime, type Step, shownFleet, stay, topScreen } from '../model/state.ts';
import { isVerdictAsked } from '../model/subject.ts';
import { scopeWall } from '../model/wall.ts';
import { readCommand } from '../screens/commands.ts';
import { filterAudit } from './audit.ts';
import { keepCommand, onCommandKey } from './history.ts';
import { searchInspect } from './inspect-view.ts';
import { mayFilterLate, owesFilter } from './late-filter.ts';
import { filterLog, searchWhileTyping } from './log-search.ts';
import { filterPeople } from './people.ts';
import { filterProcesses } from './processes.ts';
import { filterRows } from './row-screens.ts';
import { say } from './say.ts';
import { replaceTop } from './stack.ts';

type KeyEvent = Extract<OutsideEvent, { kind: 'key' }>;

/** The state with a prompt of this kind, holding the text that is in force now. */
export function openPromptFor(state: AppState, kind: PromptKind): AppState {
  return { ...state, prompt: openPrompt(kind, textInForce(state, kind)) };
}

/** They do nothing before enter. */
const NOT_LIVE: ReadonlySet<PromptKind> = new Set([
  'command',
  'range',
  'time',
  'view',
  'acknowledge',
  'mute',
]);

function textInForce(state: AppState, kind: PromptKind): string {
  if (NOT_LIVE.has(kind)) return '';
  const screen = topScreen(state);
  if (isRowScreen(screen)) return screen.filterText;
  if (isPeople(screen)) return screen.filterText;
  switch (screen.kind) {
    case 'containers':
      return state.containers.filterText;
    case 'environments':
      return state.environments.filterText;
    case 'wall':
      return screen.scopeText;
    case 'operations':
      return screen.filterText;
    case 'logs':
    case 'inspect':
      return screen.search?.text ?? '';
    case 'help':
      return screen.search;
    case 'processes':
    case 'audit':
      return screen.filterText;
    default:
      return '';
  }
}

/** The step of a key that a prompt gets. */
export function onPromptKey(
  state: AppState,
  prompt: Prompt,
  key: KeyEvent,
  carry: (state: AppState, intent: Intent) => Step,
): Step {
  if (key.name === 'esc') return leavePrompt(state, prompt);
  if (key.name === 'enter') return keepPrompt(withOwedFilter(state), prompt, carry);
  if (key.name === 'backspace' && prompt.text === '') return leavePrompt(state, prompt);
  const other = prompt.kind === 'command' ? onCommandKey(state, prompt, key.name) : undefined;
  if (other) return stay({ ...state, prompt: other });
  const edited = editPrompt(typedByHand(prompt), key.name);
  if (edited) return stay(typed({ ...state, prompt: edited }, edited));
  return key.text === undefined ? stay(state) : onPromptText(state, prompt, key.text);
}

/** The step of text typed or pasted into a prompt. */
export function onPromptText(state: AppState, prompt: Prompt, text: string): Step {
  const next = typeInto(typedByHand(prompt), text);
  return stay(typed({ ...state, prompt: next }, next));
}

function typed(state: AppState, prompt: Prompt): AppState {
  return mayFilterLate(state) ? state : applied(state, prompt);
}

/** The state whose list shows what its prompt says. */
export function withOwedFilter(state: AppState): AppState {
  return state.prompt && owesFilter(state) ? applied(state, state.prompt) : state;
}

/** The state without its prompt, and with what was in force before it was opened. */
export function leavePrompt(state: AppState, prompt: Prompt): Step {
  return stay(applied({ ...state, prompt: undefined }, { ...prompt, text: prompt.before }));
}

function keepPrompt(
  state: AppState,
  prompt: Prompt,
  carry: (state: AppState, intent: Intent) => Step,
): Step {
  // The list shows what an earlier text left: nothing may act on that in the name of this one.
  if (prompt.kind === 'filter' && parseFilter(prompt.text).kind === 'bad') return stay(state);
  const closed = { ...state, prompt: undefined };
  if (prompt.kind === 'view') return carry(closed, { kind: 'save-view', name: prompt.text.trim() });
  if (prompt.kind === 'acknowledge' || prompt.kind === 'mute')
    return keepJudge(state, prompt, carry);
  if (prompt.kind === 'keep') return stay({ ...closed, logFilter: prompt.text.trim() });
  if (prompt.kind === 'range' || prompt.kind === 'time') return keepTime(state, prompt, carry);
  if (prompt.kind !== 'command' || prompt.text.trim() === '') return stay(closed);
  const { state: kept, effects } = keepCommand(closed, prompt.text.trim());
  const read = readCommand(kept, prompt.text);
  const step = typeof read === 'string' ? say(kept, 'warning', read) : carry(kept, read);
  return { state: step.state, effects: [...effects, ...step.effects] };
}

/** A time that can't be read stays in the prompt, which says why. */
function keepTime(
  state: AppState,
  { kind, text }: Prompt,
  carry: (state: AppState, intent: Intent) => Step,
): Step {
  const closed = { ...state, prompt: undefined };
  if (text.trim() === '') return stay(closed);
  if (kind === 'time') {
    const atMs = parseMoment(text, dayTime(state));
    return typeof atMs === 'number' ? carry(closed, { kind: 'log-time', atMs }) : stay(state);
  }
  const range = parseRange(text, dayTime(state));
  return 'why' in range ? stay(state) : carry(closed, { kind: 'log-range', range });
}

/** A time that can't be read stays in the prompt, which says why. */
function keepJudge(
  state: AppState,
  { kind, text }: Prompt,
  carry: (state: AppState, intent: Intent) => Step,
): Step {
  const screen = topScreen(state);
  const ids = screen.kind === 'problems' ? screen.asked : [];
  const closed = { ...state, prompt: undefined };
  const next = isVerdictAsked(state, ids) ? 'plan-verdict' : 'judge';
  if (kind === 'acknowledge') {
    return carry(closed, { kind: next, ids, verdict: { kind, note: parseNote(text) } });
  }
  const mute = parseMute(text);
  if ('why' in mute) return stay(state);
  return carry(closed, { kind: next, ids, verdict: { kind: 'mute', ...mute } });
}

function applied(state: AppState, prompt: Prompt): AppState {
  if (NOT_LIVE.has(prompt.kind)) return state;
  if (prompt.kind === 'keep') return filterLog(state, prompt.text);
  return applyText(state, prompt.text);
}

/** The state with a text as the filter or search of the screen on top. */
export function applyText(state: AppState, text: string): AppState {
  const screen = topScreen(state);
  if (isRowScreen(screen)) return filterRows(state, screen, text);
  if (isPeople(screen)) return filterPeople(state, screen, text);
  switch (screen.kind) {
    case 'containers':
      return filterContainers(state, text);
    case 'environments': {
      const list = withEnvironmentFilter(state.environments, text);
      return { ...state, environments: rebuildEnvironments(list, shownFleet(state)) };
    }
    case 'wall':
      return replaceTop(state, scopeWall(screen, text));
    case 'operations':
      return replaceTop(state, withOperationFilter(screen, text));
    case 'logs':
      return searchWhileTyping(state, screen, text);
    case 'inspect':
      return searchInspect(state, screen, text);
    case 'processes':
      return filterProcesses(state, screen, text);
    case 'audit':
      return filterAudit(state, screen, text);
    case 'help':
      return replaceTop(state, { ...screen, search: text, at: 0 } satisfies HelpScreen);
    default:
      return state;
  }
}

/** A row that the new filter hides gives its selection to the first one, not to whatever came to lie in its place. */
function filterContainers(state: AppState, text: string): AppState {
  const { scope, nowMs } = state;
  const list = filterList(state.containers, text, { fleet: shownFleet(state), scope, nowMs });
  const { selected } = list.cursor;
  const key = keyOfRow(selected);
  const isHidden = key === undefined || !list.order.includes(key);
  return { ...state, containers: isHidden ? { ...list, cursor: FRESH_CURSOR } : list };
}
