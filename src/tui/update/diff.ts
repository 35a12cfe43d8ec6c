/** The view of a comparison: both sides asked for at once, or handed over by who has them. */
import type { ContainerKey } from '../../protocol/container-key.ts';
import { compared, type DiffScreen, type DiffSide } from '../model/diff-view.ts';
import type { Json } from '../model/document.ts';
import type { Effect, OutsideEvent } from '../model/event.ts';
import { type AppState, type Step, stay, topScreen } from '../model/state.ts';
import { fullName } from '../screens/titles.ts';
import { openScreen, replaceScreen, replaceTop } from './stack.ts';

type Pair<Item> = readonly [Item, Item];

/** The step of comparing two containers. */
export function openDiff(state: AppState, keys: Pair<ContainerKey>): Step {
  const [left, right] = keys.map(
    (key, index): DiffSide => ({
      title: fullName(state, key),
      key,
      requestId: state.nextId + index,
      document: undefined,
      why: undefined,
    }),
  ) as [DiffSide, DiffSide];
  const screen: DiffScreen = {
    ...{ kind: 'diff', left, right, diff: undefined },
    ...{ hasNoise: false, top: 0 },
  };
  return {
    state: { ...openScreen(state, screen), nextId: state.nextId + 2 },
    effects: [left, right].flatMap(questionOf),
  };
}

/** Asks anew for both sides of the comparison on top; until they answer, what is known stays. */
export function refreshDiff(state: AppState): Step {
  const screen = topScreen(state);
  if (screen.kind !== 'diff' || screen.left.key === undefined) return stay(state);
  const left = { ...screen.left, requestId: state.nextId };
  const right = { ...screen.right, requestId: state.nextId + 1 };
  return {
    state: { ...replaceTop(state, { ...screen, left, right }), nextId: state.nextId + 2 },
    effects: [left, right].flatMap(questionOf),
  };
}

function questionOf({ key, requestId }: DiffSide): readonly Effect[] {
  return key === undefined ? [] : [{ kind: 'fetch-document', requestId, key, isRevealed: false }];
}

/** The step of comparing two documents that are there already. */
export function openKeptDiff(
  state: AppState,
  sides: Pair<{ readonly title: string; readonly document: Json }>,
): Step {
  const [left, right] = sides.map(
    (side): DiffSide => ({ ...side, key: undefined, requestId: 0, why: undefined }),
  ) as [DiffSide, DiffSide];
  const screen: DiffScreen = {
    ...{ kind: 'diff', left, right, diff: undefined },
    ...{ hasNoise: false, top: 0 },
  };
  return stay(openScreen(state, compared(screen)));
}

/** The step of an answer for one side. */
export function onDiffRead(
  state: AppState,
  screen: DiffScreen,
  event: Extract<OutsideEvent, { kind: 'document-read' }>,
): Step {
  const { answer, requestId } = event;
  const told = (side: DiffSide): DiffSide => {
    if (side.requestId !== requestId) return side;
    if ('why' in answer) return { ...side, why: answer.why, document: undefined };
    return { ...side, document: answer.document, why: undefined };
  };
  const next = compared({ ...screen, left: told(screen.left), right: told(screen.right) });
  return stay(replaceScreen(state, screen, next));
}

/** The state with what is noise shown or hidden. */
export function flipNoise(state: AppState): AppState {
  const screen = topScreen(state);
  if (screen.kind !== 'diff') return state;
  return replaceTop(state, { ...screen, hasNoise: !screen.hasNoise, top: 0 });
}
