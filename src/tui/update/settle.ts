/** After every event: cursors made to fit their lists and the terminal, and streams of closed views stopped. */
import { withRows } from '../model/container-list.ts';
import type { Effect } from '../model/event.ts';
import { withEvents } from '../model/fleet-event.ts';
import { settleCursor } from '../model/list-cursor.ts';
import type { LogStream } from '../model/log-source.ts';
import { operationEvents } from '../model/operation-events.ts';
import { isPeople } from '../model/people-view.ts';
import type { Screen } from '../model/screen.ts';
import { type AppState, type Step, shownFleet } from '../model/state.ts';
import { currentLayout } from '../screens/frame.ts';
import { listLayout } from '../screens/pane-places.ts';
import { settleAudit } from './audit.ts';
import { trackFigures } from './figures.ts';
import { trackLogPane } from './log-pane.ts';
import { askOlder } from './log-past.ts';
import { settleOperations } from './operations-list.ts';
import { settlePeople } from './people.ts';
import { settleRows } from './row-screens.ts';
import { remembered } from './view-history.ts';

/** Rows a list has room for, its heads not counted. */
function rowsOf(state: AppState, list: 'containers' | 'environments'): number {
  const { body } = listLayout(state, list);
  return Math.max(1, body.height - 1);
}

/** The state in which everything fits, and the effects of views that were left since `before`. */
export function settle(before: AppState, changed: AppState): Step {
  const state = withOperationEvents(before, changed);
  const { height } = currentLayout(state).body;
  const lists = fitted(before, remembered(before, state));
  const fit = settlePeople(settleRows(settleOperations(lists, height)), height - 1);
  const tracked = trackFigures(fit);
  const older = askOlder(tracked.state);
  const asked = settleAudit(older.state, currentLayout(older.state).body.height - 1);
  const paned = trackLogPane(asked.state);
  const effects = [...tracked.effects, ...older.effects, ...asked.effects, ...paned.effects];
  if (before.screens === state.screens) return { state: paned.state, effects };
  const stopped = stopEffects(before.screens, state.screens);
  return { state: paned.state, effects: [...stopped, ...effects] };
}

/** What the console's own operations have come to stands between the events of the fleet. */
function withOperationEvents(before: AppState, state: AppState): AppState {
  const told = operationEvents(before.jobs, state.jobs, state.nowMs);
  return told.length === 0 ? state : { ...state, events: withEvents(state.events, told) };
}

function fitted(before: AppState, state: AppState): AppState {
  const { environments } = state;
  const containers = withRows(state.containers, before.containers, shownFleet(state));
  const cursor = settleCursor(containers.cursor, containers.rows, rowsOf(state, 'containers'));
  const environmentCursor = settleCursor(
    environments.cursor,
    environments.order,
    rowsOf(state, 'environments'),
  );
  const isSame = cursor === containers.cursor && containers === state.containers;
  if (isSame && environmentCursor === environments.cursor) return state;
  return {
    ...state,
    containers: { ...containers, cursor },
    environments: { ...environments, cursor: environmentCursor },
  };
}

/** What ends with a view. */
const STOPS = [
  ['describe', 'stop-inspect'],
  ['history', 'stop-history'],
  ['link', 'stop-link'],
  ['metrics', 'stop-metrics'],
  ['processes', 'stop-processes'],
  ['audit', 'stop-audit'],
  ['environment', 'stop-disk'],
] as const;

const isOpen = (screens: readonly Screen[], kind: Screen['kind']) =>
  screens.some((screen) => screen.kind === kind);

/** What gives up the work of each form. */
const formStops = (screens: readonly Screen[]) =>
  screens.flatMap((screen) => (screen.kind === 'form' ? (screen.form.stop ?? []) : []));

const showsDocument = (screens: readonly Screen[]) =>
  isOpen(screens, 'inspect') || isOpen(screens, 'diff');

function stopEffects(before: readonly Screen[], after: readonly Screen[]): readonly Effect[] {
  const effects: Effect[] = [];
  const left = before.filter((screen) => screen.kind === 'logs' && !after.includes(screen));
  const streams = new Set(after.flatMap(streamsOf).map(({ viewId }) => viewId));
  for (const { viewId, stream } of left.flatMap(streamsOf)) {
    const isOpen = stream.kind === 'opening' || stream.kind === 'following';
    if (isOpen && !streams.has(viewId)) effects.push({ kind: 'stop-logs', viewId });
  }
  if (showsDocument(before) && !showsDocument(after)) effects.push({ kind: 'stop-documents' });
  if (before.some(isPeople) && !after.some(isPeople)) effects.push({ kind: 'stop-directory' });
  const kept = formStops(after);
  for (const kind of formStops(before)) if (!kept.includes(kind)) effects.push({ kind });
  for (const [kind, effect] of STOPS) {
    if (isOpen(before, kind) && !isOpen(after, kind)) effects.push({ kind: effect });
  }
  return effects;
}

/** What reading older lines counts as. */
const OPEN: LogStream = { kind: 'opening' };

function streamsOf(screen: Screen): readonly { viewId: number; stream: LogStream }[] {
  if (screen.kind !== 'logs') return [];
  const { viewId, stream, past, merged } = screen;
  const sources = merged?.sources.map((source) => ({ ...source, viewId: source.streamId }));
  return (sources ?? [{ viewId, stream, past }]).flatMap(({ viewId: id, stream: own, past }) => [
    { viewId: id, stream: own },
    ...(past.kind === 'asked' ? [{ viewId: past.requestId, stream: OPEN }] : []),
  ]);
}
