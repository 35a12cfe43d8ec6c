/** The audit screen: asked for at once, every few seconds while on top, and older rows as the cursor comes near the end. */
import { formatMoment } from '../format/clock.ts';
import type { AuditEvent, AuditIntent } from '../model/audit-event.ts';
import { narrowingOf, parseAuditFilter } from '../model/audit-filter.ts';
import {
  AUDIT_REFRESH_MS,
  type AuditScreen,
  auditRows,
  freshAudit,
  MOST_ROWS,
  withNewest,
  withOlder,
} from '../model/audit-view.ts';
import { FRESH_CURSOR, placeCursor, settleCursor } from '../model/list-cursor.ts';
import { type AppState, type Step, stay, topScreen } from '../model/state.ts';
import { openScreen, replaceScreen, replaceTop } from './stack.ts';
import type { IntentSteps } from './steps.ts';

export const AUDIT_STEPS: IntentSteps<AuditIntent['kind']> = {
  'open-audit': (state, { filterText }) => openAudit(state, filterText),
  'open-audit-row': (state, { record }) =>
    stay(openScreen(state, { kind: 'audit-row', record, top: 0 })),
  'verify-trail': verifyTrail,
};

function openAudit(state: AppState, filterText: string): Step {
  const open = state.screens.find((screen) => screen.kind === 'audit');
  const screen = open ?? freshAudit();
  const text = filterText === '' ? screen.filterText : filterText;
  const filter = parseAuditFilter(text, state.nowMs);
  const next = { ...screen, filterText: text, filter };
  const opened = openScreen(state, next);
  const asked = ask(opened, next, 'newest');
  return { state: asked.state, effects: [...asked.effects, { kind: 'verify-audit' }] };
}

function verifyTrail(state: AppState): Step {
  const screen = topScreen(state);
  if (screen.kind !== 'audit') return stay(state);
  const next: AuditScreen = { ...screen, verdict: 'asking' };
  return { state: replaceTop(state, next), effects: [{ kind: 'verify-audit' }] };
}

/** Asks anew for the newest rows. */
export function refreshAudit(state: AppState): Step {
  const screen = topScreen(state);
  return screen.kind === 'audit' ? ask(state, screen, 'newest') : stay(state);
}

/** When the screen on top wants to be asked for again; undefined when it does not. */
export function nextAuditMs(state: AppState): number | undefined {
  const screen = topScreen(state);
  if (screen.kind !== 'audit' || screen.asking !== undefined) return undefined;
  return screen.askedAtMs + AUDIT_REFRESH_MS;
}

/** Asks again when it is time. */
export function askAuditWhenDue(state: AppState): Step {
  const dueMs = nextAuditMs(state);
  return dueMs !== undefined && state.nowMs >= dueMs ? refreshAudit(state) : stay(state);
}

function ask(state: AppState, screen: AuditScreen, what: 'newest' | 'older'): Step {
  const requestId = state.nextId;
  const narrowing = narrowingOf(screen.filter, state.fleet);
  const isOther = JSON.stringify(narrowing) !== JSON.stringify(screen.narrowing);
  const from = isOther ? { ...screen, rows: undefined, older: null, cursor: FRESH_CURSOR } : screen;
  const asking = isOther ? 'newest' : what;
  const next: AuditScreen = { ...from, narrowing, requestId, asking, askedAtMs: state.nowMs };
  const before = asking === 'older' ? (screen.older ?? undefined) : undefined;
  return {
    state: { ...replaceScreen(state, screen, next), nextId: requestId + 1 },
    effects: [{ kind: 'fetch-audit', requestId, narrowing, before }],
  };
}

/** The step of a page; one to an older question is dropped. After a failure the rows stay. */
export function onAuditRead(
  state: AppState,
  { requestId, answer, atMs }: Extract<AuditEvent, { kind: 'audit-read' }>,
): Step {
  const screen = state.screens.find((other) => other.kind === 'audit');
  if (screen?.requestId !== requestId) return stay(state);
  const done = { ...screen, asking: undefined };
  if ('why' in answer) return stay(replaceScreen(state, screen, { ...done, why: answer.why }));
  const read = { ...done, why: undefined, readAtMs: atMs };
  const next = screen.asking === 'older' ? withOlder(read, answer) : withNewest(read, answer);
  return stay(replaceScreen(state, screen, next));
}

/** The step of the server's word about the whole trail. */
export function onAuditVerified(
  state: AppState,
  { answer }: Extract<AuditEvent, { kind: 'audit-verified' }>,
): Step {
  const screen = state.screens.find((other) => other.kind === 'audit');
  return stay(screen ? replaceScreen(state, screen, { ...screen, verdict: answer }) : state);
}

/** The screen with another filter; what the server leaves out is asked for when typing has ended. */
export function filterAudit(state: AppState, screen: AuditScreen, filterText: string): AppState {
  const filter = parseAuditFilter(filterText, state.nowMs);
  return replaceTop(state, { ...screen, filterText, filter });
}

/** The cursor moved by so many rows. */
export function moveAudit(state: AppState, screen: AuditScreen, by: number): AppState {
  const ids = idsOf(state, screen);
  const cursor = placeCursor(screen.cursor, ids, screen.cursor.at + by);
  return replaceTop(state, { ...screen, cursor });
}

const idsOf = (state: AppState, screen: AuditScreen): readonly number[] =>
  auditRows(screen, state.fleet).map(({ sequence }) => sequence);

/** The state with its cursor on a row that is there, and asked for what is missing around it. */
export function settleAudit(state: AppState, height: number): Step {
  const screen = topScreen(state);
  if (screen.kind !== 'audit') return stay(state);
  const ids = idsOf(state, screen);
  const cursor = settleCursor(screen.cursor, ids, height);
  const fit = cursor === screen.cursor ? screen : { ...screen, cursor };
  const next = fit === screen ? state : replaceTop(state, fit);
  if (fit.asking !== undefined || fit.why !== undefined || state.prompt) return stay(next);
  const narrowing = narrowingOf(fit.filter, state.fleet);
  if (JSON.stringify(narrowing) !== JSON.stringify(fit.narrowing)) return ask(next, fit, 'newest');
  const { rows, older } = fit;
  const isNear = cursor.at + 2 * height >= ids.length;
  const hasRoom = rows !== undefined && rows.length < MOST_ROWS;
  return isNear && older !== null && hasRoom ? ask(next, fit, 'older') : stay(next);
}

/** Everything that the filter leaves of the rows that were read, as JSON lines. */
export function saveAudit(state: AppState, screen: AuditScreen): Step {
  const rows = auditRows(screen, state.fleet);
  const stem = `fleet-audit-${formatMoment(state.nowMs)}`.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-');
  const lines = {
    *[Symbol.iterator]() {
      for (const row of rows) yield JSON.stringify(row);
    },
  };
  return { state, effects: [{ kind: 'save-file', stem, ending: 'jsonl', lines }] };
}
