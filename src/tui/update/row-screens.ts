/** Opening, moving, sorting and filtering in the lists of rows. */
import type { Intent, Movement } from '../model/event.ts';
import { FRESH_EVENTS } from '../model/event-list.ts';
import { FRESH_CURSOR, placeCursor, settleCursor } from '../model/list-cursor.ts';
import { FRESH_OWN_LOG, shownOwnLines } from '../model/own-log-view.ts';
import { FRESH_PROBLEMS, type ProblemsScreen } from '../model/problem-list.ts';
import { openPrompt } from '../model/prompt.ts';
import { withRowFilter } from '../model/row-list.ts';
import { isRowScreen, type RowScreen } from '../model/row-screen.ts';
import { type AppState, type Step, stay, topScreen } from '../model/state.ts';
import { endCount } from '../screens/events.ts';
import { currentLayout } from '../screens/frame.ts';
import { rowIds } from '../screens/row-screens.ts';
import { rowRoom } from '../screens/row-table.ts';
import { planVerdict } from './judge-plan.ts';
import { openHistory } from './object-history.ts';
import { rowsFor } from './rows-for.ts';
import { openScreen, replaceTop } from './stack.ts';
import type { IntentSteps } from './steps.ts';

/** What the keys of these lists lead to. */
export const ROW_STEPS: IntentSteps<
  | 'open-problems'
  | 'open-events'
  | 'open-own-log'
  | 'next-worse'
  | 'open-history'
  | 'sort-rows'
  | 'ask-judge'
  | 'plan-verdict'
> = {
  'open-problems': (state) => stay(opened(state, FRESH_PROBLEMS)),
  'open-events': (state) => stay(opened(state, FRESH_EVENTS)),
  'open-own-log': (state) => stay(opened(state, FRESH_OWN_LOG)),
  'next-worse': (state, { by }) => stay(toWorse(state, by)),
  'open-history': openHistory,
  'sort-rows': (state, { by }) => stay(sorted(state, by)),
  'ask-judge': askJudge,
  'plan-verdict': planVerdict,
};

/** One that is on top already stays as it is. */
function opened(state: AppState, screen: RowScreen): AppState {
  return topScreen(state).kind === screen.kind ? state : openScreen(state, screen);
}

function onProblems(state: AppState, change: (list: ProblemsScreen) => ProblemsScreen): AppState {
  const screen = topScreen(state);
  return screen.kind === 'problems' ? replaceTop(state, change(screen)) : state;
}

/** The list in another order; in the same again, the other way round. Events are followed only where the newest is last. */
function sorted(state: AppState, by: Extract<Intent, { kind: 'sort-rows' }>['by']): AppState {
  const screen = topScreen(state);
  if (screen.kind === 'problems') {
    return replaceTop(state, { ...screen, sort: by, isReversed: isAgain(screen, by) });
  }
  if (screen.kind !== 'events' || by === 'times') return state;
  const isReversed = isAgain(screen, by);
  const isFollowing = screen.isFollowing && by === 'age' && !isReversed;
  const order = { sort: by, isReversed, cursor: FRESH_CURSOR } as const;
  return replaceTop(state, {
    ...screen,
    ...order,
    isFollowing,
    seenCount: endCount(state, screen),
  });
}

const isAgain = (list: { readonly sort: string; readonly isReversed: boolean }, by: string) =>
  list.sort === by && !list.isReversed;

/** The question stays about these problems, wherever the cursor goes meanwhile. */
function askJudge(state: AppState, { what, ids }: Extract<Intent, { kind: 'ask-judge' }>): Step {
  const asked = onProblems(state, (list) => ({ ...list, asked: ids }));
  return stay({ ...asked, prompt: openPrompt(what, '') });
}

/** The cursor on the next or previous warning or error. */
function toWorse(state: AppState, by: 1 | -1): AppState {
  const screen = topScreen(state);
  if (screen.kind !== 'own-log') return state;
  const lines = shownOwnLines(state.ownLog, screen);
  const worse = lines.flatMap(({ severity }, index) => (severity === 'info' ? [] : [index]));
  const { at } = screen.cursor;
  const next = by === 1 ? worse.find((one) => one > at) : worse.findLast((one) => one < at);
  if (next === undefined) return state;
  const ids = lines.map(({ id }) => id);
  const cursor = placeCursor(screen.cursor, ids, next);
  const seenCount = screen.isFollowing ? state.ownLog.count : screen.seenCount;
  return replaceTop(state, { ...screen, cursor, isFollowing: false, seenCount });
}

/** The own log with or without what only informs. */
export function flipWorse(state: AppState): AppState {
  const screen = topScreen(state);
  if (screen.kind !== 'own-log') return state;
  return replaceTop(state, { ...screen, worseOnly: !screen.worseOnly });
}

/** The list with or without those that have ended. */
export function flipLasting(state: AppState): AppState {
  return onProblems(state, (list) => ({ ...list, lastingOnly: !list.lastingOnly }));
}

/** The list following its newest row, or standing still. */
export function flipRowFollow(state: AppState): AppState {
  const screen = topScreen(state);
  if (!isRowScreen(screen) || !('isFollowing' in screen)) return state;
  const isFollowing = !screen.isFollowing;
  const order =
    'sort' in screen && isFollowing ? ({ sort: 'age', isReversed: false } as const) : {};
  return replaceTop(state, {
    ...screen,
    ...order,
    isFollowing,
    seenCount: endCount(state, screen),
  });
}

/** The list with another filter; whoever filters looks at its first row, or at the newest where that is followed. */
export function filterRows(state: AppState, screen: RowScreen, text: string): AppState {
  return replaceTop(state, { ...withRowFilter(screen, text), cursor: FRESH_CURSOR });
}

/** The cursor after a movement; a followed list stands still once the reader goes up, and goes on from its end. */
export function moveRows(state: AppState, screen: RowScreen, to: Movement): AppState {
  const by = rowsFor(to, rowRoom(currentLayout(state).body));
  const cursor = placeCursor(screen.cursor, rowIds(state, screen), screen.cursor.at + by);
  if (!('isFollowing' in screen)) return replaceTop(state, { ...screen, cursor });
  const isInOrder = !('sort' in screen) || (screen.sort === 'age' && !screen.isReversed);
  const isFollowing = (to === 'last' && isInOrder) || (screen.isFollowing && by >= 0);
  const seenCount = isFollowing || screen.isFollowing ? endCount(state, screen) : screen.seenCount;
  return replaceTop(state, { ...screen, cursor, isFollowing, seenCount });
}

/** The state with its cursor on a row that is there. */
export function settleRows(state: AppState): AppState {
  const screen = topScreen(state);
  if (!isRowScreen(screen)) return state;
  const room = rowRoom(currentLayout(state).body);
  const ids = rowIds(state, screen);
  const isAtEnd =
    'isFollowing' in screen && screen.isFollowing && ids.at(-1) !== screen.cursor.selected;
  const wanted = isAtEnd ? placeCursor(screen.cursor, ids, ids.length - 1) : screen.cursor;
  const cursor = settleCursor(wanted, ids, room);
  return cursor === screen.cursor ? state : replaceTop(state, { ...screen, cursor });
}
