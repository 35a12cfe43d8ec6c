/** What a list or a text shows, as a file: all of its rows, not only those on the screen. */
import { formatMoment } from '../format/clock.ts';
import { type AppState, dayTime, type Step, topScreen } from '../model/state.ts';
import { bodyLines, currentLayout } from '../screens/frame.ts';
import { titleLine } from '../screens/titles.ts';
import type { Line } from '../screens/view.ts';
import { saveAudit } from './audit.ts';

/** More lines than any list has. */
const ALL = 200_000;

const textOf = ({ spans }: Line) =>
  spans
    .map(({ text }) => text)
    .join('')
    .trimEnd();

/** The step of saving what the view on top shows. */
export function savePane(state: AppState): Step {
  const top = topScreen(state);
  if (top.kind === 'audit') return saveAudit(state, top);
  const { kind } = top;
  const { width } = currentLayout(state).body;
  const whole = fromTop(state);
  const lines = {
    *[Symbol.iterator]() {
      yield textOf(titleLine(whole));
      for (const line of bodyLines(whole, { top: 0, left: 0, width, height: ALL }))
        yield textOf(line);
    },
  };
  const stem = `fleet-${kind}-${formatMoment(dayTime(state))}`.replaceAll(
    /[^\p{L}\p{N}._-]+/gu,
    '-',
  );
  return { state, effects: [{ kind: 'save-file', stem, ending: 'txt', lines }] };
}

/** The state as if nothing were scrolled away or selected. */
function fromTop(state: AppState): AppState {
  const { containers, environments } = state;
  const cursor = { top: 0, at: 0, selected: undefined, isPlaced: true };
  const top = topScreen(state);
  const screen =
    'cursor' in top
      ? { ...top, cursor }
      : 'top' in top && typeof top.top === 'number'
        ? { ...top, top: 0 }
        : top;
  return {
    ...state,
    screens: [...state.screens.slice(0, -1), screen as typeof top],
    containers: { ...containers, cursor },
    environments: { ...environments, cursor },
  };
}
