/** The only function that decides what happens next. Pure: same state and event, same step. */

import type { AppEvent, Effect, OutsideEvent } from '../model/event.ts';
import { type AppState, type Step, stay } from '../model/state.ts';
import { onAccountChanged } from './account.ts';
import { onCopied, onEnvironmentAdded } from './add-environment.ts';
import { onAuditRead, onAuditVerified } from './audit.ts';
import { onDocumentRead } from './document-read.ts';
import { onDiskRead, onLinkTold } from './environment.ts';
import { onExecTold } from './exec.ts';
import { onConnection, onFeed, onTick } from './feed.ts';
import { onFigures } from './figures.ts';
import { onShellEnded } from './guests.ts';
import { withHistory } from './history.ts';
import { onInfoRead } from './info.ts';
import { onInspected, onPastRead } from './inspect.ts';
import { onIntent } from './intents.ts';
import { onJudged } from './judge.ts';
import { onKey, onPaste } from './keys.ts';
import { onSaved } from './log-lines.ts';
import { onPaneLog } from './log-pane.ts';
import { onOlder } from './log-past.ts';
import { onLogEnded, onLogLines, onLogOpened } from './logs.ts';
import { onSettingKept } from './look.ts';
import { onMaintained } from './maintenance.ts';
import { onMetrics } from './metrics.ts';
import { onHistoryTold } from './object-history.ts';
import { onUrlOpened } from './open-url.ts';
import { onOperationEnded } from './operations.ts';
import { onCarriedOut, onDirectoryRead } from './people.ts';
import { onPointer } from './pointer.ts';
import { onLastStart } from './previous-run.ts';
import { onProcesses } from './processes.ts';
import { say } from './say.ts';
import { settle } from './settle.ts';
import { onInvited, onSignedIn } from './sign-in.ts';
import type { OutsideSteps } from './steps.ts';
import { onFactorBegun, onFactorConfirmed } from './turn-on-factor.ts';
import { onViews } from './views.ts';

const STEPS: OutsideSteps<OutsideEvent['kind']> = {
  key: (state, event) => onKey(state, event, onIntent),
  pointer: (state, event) => onPointer(state, event, onIntent),
  'setting-kept': onSettingKept,
  paste: (state, { text }) => onPaste(state, text),
  resize: (state, { size }) => stay({ ...state, size }),
  tick: onTick,
  feed: (state, { message }) => onFeed(state, message),
  connection: (state, { connection }) => onConnection(state, connection),
  'log-lines': (state, event) => onPaneLog(state, event) ?? onLogLines(state, event),
  'log-opened': (state, event) => onPaneLog(state, event) ?? onLogOpened(state, event),
  'log-ended': (state, event) => onPaneLog(state, event) ?? onLogEnded(state, event),
  'log-older': onOlder,
  'last-start': onLastStart,
  'audit-read': onAuditRead,
  'audit-verified': onAuditVerified,
  'directory-read': onDirectoryRead,
  'carried-out': onCarriedOut,
  inspected: onInspected,
  'document-read': onDocumentRead,
  'link-status': onLinkTold,
  'disk-read': onDiskRead,
  'past-read': onPastRead,
  figures: onFigures,
  metrics: onMetrics,
  processes: onProcesses,
  'environment-added': onEnvironmentAdded,
  'history-read': (state, { lines }) => stay(withHistory(state, lines)),
  'url-opened': onUrlOpened,
  judged: onJudged,
  maintained: onMaintained,
  'history-told': onHistoryTold,
  'log-said': stay,
  'info-read': onInfoRead,
  'unlock-not-noted': (state, { why }) => say(state, 'warning', why),
  copied: (state, { outcome }) => onCopied(state, outcome),
  'signed-in': onSignedIn,
  'sign-in-invited': onInvited,
  'factor-begun': onFactorBegun,
  'factor-confirmed': onFactorConfirmed,
  'account-changed': onAccountChanged,
  saved: onSaved,
  'shell-ended': onShellEnded,
  'exec-told': onExecTold,
  'operation-ended': onOperationEnded,
  views: onViews,
};

/** The step an event leads to; what no longer fits the state (an answer to a closed view) leads to nothing. */
export function update(state: AppState, event: AppEvent): Step {
  const timed = 'atMs' in event ? atTime(state, event.atMs) : state;
  const step = isOutside(event) ? onOutside(timed, event) : onIntent(timed, event);
  const settled = settle(state, step.state);
  const effects = join(step.effects, settled.effects);
  return { state: settled.state, effects };
}

function isOutside(event: AppEvent): event is OutsideEvent {
  return Object.hasOwn(STEPS, event.kind);
}

function atTime(state: AppState, atMs: number): AppState {
  return state.nowMs === atMs ? state : { ...state, nowMs: atMs };
}

function join(first: readonly Effect[], second: readonly Effect[]): readonly Effect[] {
  return second.length === 0 ? first : [...first, ...second];
}

function onOutside(state: AppState, event: OutsideEvent): Step {
  const step = STEPS[event.kind] as (state: AppState, event: OutsideEvent) => Step;
  return step(state, event);
}
