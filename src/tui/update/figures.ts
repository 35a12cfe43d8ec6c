/**
 * CPU and memory in the list of containers: asked for the rows on the screen once they have rested, and for all of the fleet
 * only while the list is sorted by them; never for what nobody sees.
 */
import type { ContainerKey } from '../../protocol/container-key.ts';
import type { OutsideEvent } from '../model/event.ts';
import { type FiguresWish, withFigures } from '../model/figures.ts';
import { keyOfRow } from '../model/list-groups.ts';
import { containerAt, isStale } from '../model/live-fleet.ts';
import { type AppState, type Step, stay, topScreen } from '../model/state.ts';
import { columnsFor } from '../screens/container-columns.ts';
import { hasHostColumn } from '../screens/containers.ts';
import { currentLayout } from '../screens/frame.ts';

const REST_MS = 400;
const REFRESH_MS = 5_000;
/** The server measures no more often. */
const REFRESH_ALL_MS = 10_000;
const AFTER_FAILURE_MS = 30_000;

const isSortedByFigures = ({ containers: { sort } }: AppState) =>
  sort.by === 'cpu' || sort.by === 'memory';

/** Whether figures are on the screen, or its order hangs on them. */
function isWanted(state: AppState): boolean {
  if (topScreen(state).kind !== 'containers' || state.frozen) return false;
  if (state.connection.kind !== 'live') return false;
  if (isSortedByFigures(state)) return true;
  const { isWide } = state.containers;
  const { width } = currentLayout(state).body;
  const columns = columnsFor(width, { hasHost: hasHostColumn(state), isWide });
  return columns.some(({ id }) => id === 'cpu' || id === 'memory');
}

function visible(state: AppState): readonly ContainerKey[] {
  const { rows, cursor } = state.containers;
  const shown = rows.slice(cursor.top, cursor.top + currentLayout(state).body.height - 1);
  return shown.flatMap((row) => keyOfRow(row) ?? []);
}

function windowOf(state: AppState): string {
  if (!isWanted(state)) return '';
  if (isSortedByFigures(state)) return 'all';
  const keys = visible(state);
  return `${keys[0]} ${keys.at(-1)} ${keys.length}`;
}

function wishOf(state: AppState): FiguresWish | undefined {
  if (isSortedByFigures(state)) return { kind: 'all' };
  const keys = visible(state).filter((key) => {
    const container = containerAt(state.fleet, key);
    return container?.state === 'running' && !isStale(state.fleet, container.environmentId);
  });
  return keys.length > 0 ? { kind: 'some', keys } : undefined;
}

/** The state that knows which rows are on the screen and since when; a question nobody waits for any more is given up. */
export function trackFigures(state: AppState): Step {
  const { figuresAsking: asking } = state;
  const window = windowOf(state);
  if (window === asking.window) return stay(state);
  const moved = { ...asking, window, windowSinceMs: state.nowMs };
  if (window !== '' || asking.requestId === undefined)
    return stay({ ...state, figuresAsking: moved });
  return {
    state: { ...state, figuresAsking: { ...moved, requestId: undefined, askedFor: '' } },
    effects: [{ kind: 'stop-figures' }],
  };
}

/** When to ask next; undefined while nothing is wanted or an answer is awaited. */
export function nextFiguresMs(state: AppState): number | undefined {
  const { window, windowSinceMs, askedFor, askedAtMs, requestId, why } = state.figuresAsking;
  if (window === '' || requestId !== undefined) return undefined;
  if (why !== undefined) return askedAtMs + AFTER_FAILURE_MS;
  if (window !== askedFor) return windowSinceMs + REST_MS;
  return askedAtMs + (window === 'all' ? REFRESH_ALL_MS : REFRESH_MS);
}

/** Asks when it is time. */
export function askFiguresWhenDue(state: AppState): Step {
  const dueMs = nextFiguresMs(state);
  if (dueMs === undefined || state.nowMs < dueMs) return stay(state);
  const wish = wishOf(state);
  const { window, count: requestId } = state.figuresAsking;
  const asked = { ...state.figuresAsking, askedAtMs: state.nowMs, askedFor: window };
  if (!wish) return stay({ ...state, figuresAsking: asked });
  return {
    state: { ...state, figuresAsking: { ...asked, requestId, count: requestId + 1 } },
    effects: [{ kind: 'fetch-figures', requestId, wish }],
  };
}

/** The step of an answer; one to a question that was given up is dropped. */
export function onFigures(
  state: AppState,
  { requestId, answer }: Extract<OutsideEvent, { kind: 'figures' }>,
): Step {
  const { figuresAsking: asking, fleet } = state;
  if (asking.requestId !== requestId) return stay(state);
  if ('why' in answer)
    return stay({
      ...state,
      figuresAsking: { ...asking, requestId: undefined, why: answer.why },
    });
  const isPresent = (key: ContainerKey) => containerAt(fleet, key) !== undefined;
  const figures = withFigures(fleet.figures, answer, isPresent);
  const next: AppState = {
    ...state,
    fleet: { ...fleet, figures },
    figuresAsking: { ...asking, requestId: undefined, why: undefined },
  };
  if (!isSortedByFigures(state)) return stay(next);
  return stay({ ...next, containers: { ...state.containers, isOutOfOrder: true } });
}
