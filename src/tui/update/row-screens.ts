/** Opening, moving, sorting and filtering in the lists of rows. */
import type { Intent, Movement } from '../model/event.ts';
import { FRESH_CURSOR, placeCursor, settleCursor } from '../model/list-cursor.ts';
import { FRESH_PROBLEMS, type ProblemsScreen } from '../model/problem-list.ts';
import { openPrompt } from '../model/prompt.ts';
import { withRowFilter } from '../model/row-list.ts';
import { isRowScreen, type RowScreen } from '../model/row-screen.ts';
import { type AppState, type Step, stay, topScreen } from '../model/state.ts';
import { currentLayout } from '../screens/frame.ts';
import { rowIds } from '../screens/row-screens.ts';
import { rowRoom } from '../screens/row-table.ts';
import { rowsFor } from './rows-for.ts';
import { openScreen, replaceTop } from './stack.ts';
import type { IntentSteps } from './steps.ts';

/** What the keys of these lists lead to. */
export const ROW_STEPS: IntentSteps<'open-problems' | 'sort-rows' | 'ask-judge'> = {
  'open-problems': (state) => stay(opened(state, FRESH_PROBLEMS)),
  'sort-rows': (state, { by }) => stay(onProblems(state, (list) => sorted(list, by))),
  'ask-judge': askJudge,
};

/** One that is on top already stays as it is. */
function opened(state: AppState, screen: RowScreen): AppState {
  return topScreen(state).kind === screen.kind ? state : openScreen(state, screen);
}

function onProblems(state: AppState, change: (list: ProblemsScreen) => ProblemsScreen): AppState {
  const screen = topScreen(state);
  return screen.kind === 'problems' ? replaceTop(state, change(screen)) : state;
}

function sorted(list: ProblemsScreen, by: ProblemsScreen['sort']): ProblemsScreen {
  return { ...list, sort: by, isReversed: list.sort === by && !list.isReversed };
}

/** The question stays about these problems, wherever the cursor goes meanwhile. */
function askJudge(state: AppState, { what, ids }: Extract<Intent, { kind: 'ask-judge' }>): Step {
  const asked = onProblems(state, (list) => ({ ...list, asked: ids }));
  return stay({ ...asked, prompt: openPrompt(what, '') });
}

/** The list with or without those that have ended. */
export function flipLasting(state: AppState): AppState {
  return onProblems(state, (list) => ({ ...list, lastingOnly: !list.lastingOnly }));
}

/** The list with another filter; whoever filters looks at its first row. */
export function filterRows(state: AppState, screen: RowScreen, text: string): AppState {
  return replaceTop(state, { ...withRowFilter(screen, text), cursor: FRESH_CURSOR });
}

/** The cursor after a movement. */
export function moveRows(state: AppState, screen: RowScreen, to: Movement): AppState {
  const by = rowsFor(to, rowRoom(currentLayout(state).body));
  const cursor = placeCursor(screen.cursor, rowIds(state, screen), screen.cursor.at + by);
  return replaceTop(state, { ...screen, cursor });
}

/** The state with its cursor on a row that is there. */
export function settleRows(state: AppState): AppState {
  const screen = topScreen(state);
  if (!isRowScreen(screen)) return state;
  const room = rowRoom(currentLayout(state).body);
  const cursor = settleCursor(screen.cursor, rowIds(state, screen), room);
  return cursor === screen.cursor ? state : replaceTop(state, { ...screen, cursor });
}
