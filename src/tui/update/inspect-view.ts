/** The view of an inspect answer: asked for, folded, searched, copied, compared with the answer before, revealed. */
import type { ContainerKey } from '../../protocol/container-key.ts';
import { isBranch } from '../model/document.ts';
import { pathOf, unfoldedFor } from '../model/document-tree.ts';
import type { Intent, Movement, OutsideEvent } from '../model/event.ts';
import {
  atRow,
  freshInspect,
  INSPECT_REFRESH_MS,
  type InspectScreen,
  type KeptDocument,
  refolded,
  searchTree,
  selectedRow,
  withDocument,
} from '../model/inspect-view.ts';
import { type AppState, type Step, stay, topScreen } from '../model/state.ts';
import { currentLayout } from '../screens/frame.ts';
import { firstEntry } from '../screens/inspect.ts';
import { fullName } from '../screens/titles.ts';
import { copyText } from '../screens/tree-text.ts';
import { openKeptDiff } from './diff.ts';
import { rowsFor } from './rows-for.ts';
import { say } from './say.ts';
import { openScreen, replaceScreen, replaceTop } from './stack.ts';

/** Documents of so many containers are kept to compare the next answer with. */
const KEPT_DOCUMENTS = 8;
/** Cells by which long lines move sideways at once. */
const SIDE_STEP = 16;

/** The step of opening the view; one that lies open for the same container is uncovered. */
export function openInspect(state: AppState, key: ContainerKey): Step {
  const open = state.screens.find((screen) => screen.kind === 'inspect');
  const screen = open?.key === key ? open : freshInspect(key, state.documents.get(key));
  return ask(openScreen(state, screen), screen, screen.isRevealed);
}

/** Asks anew for the view on top. */
export function refreshInspect(state: AppState): Step {
  const screen = topScreen(state);
  return screen.kind === 'inspect' ? ask(state, screen, screen.isRevealed) : stay(state);
}

/** Asks again when the view on top refreshes itself and the last question is old enough. */
export function askInspectWhenDue(state: AppState): Step {
  const dueMs = nextInspectMs(state);
  return dueMs !== undefined && state.nowMs >= dueMs ? refreshInspect(state) : stay(state);
}

/** When the view on top wants to be asked for again; undefined when it does not. */
export function nextInspectMs(state: AppState): number | undefined {
  const screen = topScreen(state);
  if (screen.kind !== 'inspect' || !screen.isAuto || screen.isAsking) return undefined;
  return screen.askedAtMs + INSPECT_REFRESH_MS;
}

function ask(state: AppState, screen: InspectScreen, isRevealed: boolean): Step {
  const requestId = state.nextId;
  const next = { ...screen, requestId, isAsking: true, askedAtMs: state.nowMs };
  return {
    state: { ...replaceScreen(state, screen, next), nextId: requestId + 1 },
    effects: [{ kind: 'fetch-document', requestId, key: screen.key, isRevealed }],
  };
}

type DocumentRead = Extract<OutsideEvent, { kind: 'document-read' }>;

/** The step of an answer for the view; one to an older question is dropped. */
export function onInspectRead(state: AppState, screen: InspectScreen, event: DocumentRead): Step {
  const { answer, atMs, isRevealed } = event;
  if ('why' in answer) {
    const failed = { ...screen, isAsking: false, why: answer.why };
    const next = replaceScreen(state, screen, failed);
    return screen.current ? say(next, 'error', answer.why) : stay(next);
  }
  const read = { ...withDocument(screen, answer.document, atMs), isAsking: false };
  // Values that are shown and values that are not never count as a change.
  const previous = isRevealed === screen.isRevealed ? read.previous : screen.previous;
  const next = replaceScreen(state, screen, { ...read, isRevealed, previous });
  if (isRevealed) return stay(next);
  const kept = { document: answer.document, atMs };
  return stay({ ...next, documents: withKept(state.documents, screen.key, kept) });
}

function withKept(
  documents: AppState['documents'],
  key: ContainerKey,
  kept: KeptDocument,
): AppState['documents'] {
  const rest = [...documents].filter(([other]) => other !== key).slice(1 - KEPT_DOCUMENTS);
  return new Map([...rest, [key, kept]]);
}

/** The step of a key of the view. */
export function actOnInspect(
  state: AppState,
  { what }: Extract<Intent, { kind: 'inspect' }>,
): Step {
  const screen = topScreen(state);
  if (screen.kind !== 'inspect') return stay(state);
  const become = (next: InspectScreen) => stay(replaceTop(state, next));
  const row = screen.tree.rows[selectedRow(screen)];
  switch (what) {
    case 'fold':
      return become(foldRow(screen));
    case 'form': {
      const form = screen.form === 'yaml' ? 'json' : 'yaml';
      return become(refolded({ ...screen, form }, screen.folded));
    }
    case 'wrap':
      return become({ ...screen, isWrapped: !screen.isWrapped, column: 0 });
    case 'auto':
      return become({ ...screen, isAuto: !screen.isAuto });
    case 'reveal':
      return screen.isRevealed ? hide(state, screen) : ask(state, screen, true);
    case 'copy-value':
      if (!row) return stay(state);
      return { state, effects: [{ kind: 'copy', text: copyText(row.value, screen.form) }] };
    case 'copy-path': {
      const text = pathOf(screen.tree, selectedRow(screen));
      return { state, effects: [{ kind: 'copy', text }] };
    }
    case 'changes':
      return openChanges(state, screen);
  }
}

/** Hides the values at once, and asks for the masked answer. */
function hide(state: AppState, screen: InspectScreen): Step {
  const masked = state.documents.get(screen.key);
  const closed = freshInspect(screen.key, undefined);
  const { form, isWrapped, isAuto, folded } = screen;
  const fresh = { ...closed, form, isWrapped, isAuto, folded };
  const next = masked ? withDocument(fresh, masked.document, masked.atMs) : fresh;
  return ask(replaceTop(state, next), next, false);
}

function foldRow(screen: InspectScreen): InspectScreen {
  const index = selectedRow(screen);
  const row = screen.tree.rows[index];
  if (!row) return screen;
  const target = isBranch(row.value) && row.inside > 0 ? index : row.parent;
  if (target < 0) return screen;
  const path = pathOf(screen.tree, target);
  const folded = new Set(screen.folded);
  if (!folded.delete(path)) folded.add(path);
  return atRow(refolded(screen, folded), target);
}

function openChanges(state: AppState, screen: InspectScreen): Step {
  const { current, previous } = screen;
  if (!current || !previous) return stay(state);
  const name = fullName(state, screen.key);
  return openKeptDiff(state, [
    { title: `${name} before`, document: previous.document },
    { title: `${name} now`, document: current.document },
  ]);
}

/** The state with the view searched for a text; the cursor goes to the nearest match from where it is. */
export function searchInspect(state: AppState, screen: InspectScreen, text: string): AppState {
  const search = searchTree(screen.tree, text);
  const from = selectedRow(screen);
  const match = search?.matches.find((row) => row >= from) ?? search?.matches[0];
  const found = { ...screen, search };
  return replaceTop(state, match === undefined ? found : shownRow(found, match));
}

/** The state with the cursor at the next or previous match, unfolding what hides it. */
export function goToTreeMatch(state: AppState, screen: InspectScreen, by: 1 | -1): AppState {
  const matches = screen.search?.matches ?? [];
  const from = selectedRow(screen);
  const match =
    by > 0
      ? (matches.find((row) => row > from) ?? matches[0])
      : (matches.findLast((row) => row < from) ?? matches.at(-1));
  return match === undefined ? state : replaceTop(state, shownRow(screen, match));
}

function shownRow(screen: InspectScreen, row: number): InspectScreen {
  const folded = unfoldedFor(screen.tree, screen.folded, row);
  return atRow(folded === screen.folded ? screen : refolded(screen, folded), row);
}

/** The view after a movement. */
export function moveInspect(state: AppState, screen: InspectScreen, to: Movement): InspectScreen {
  const area = currentLayout(state).body;
  if (to === 'left') return { ...screen, column: Math.max(0, screen.column - SIDE_STEP) };
  if (to === 'right')
    return screen.isWrapped ? screen : { ...screen, column: screen.column + SIDE_STEP };
  const last = Math.max(0, screen.entries.length - 1);
  const at = Math.max(0, Math.min(last, screen.at + rowsFor(to, area.height)));
  const top = firstEntry(screen, area);
  const moved = { ...screen, at, top };
  return { ...moved, top: firstEntry(moved, area) };
}
