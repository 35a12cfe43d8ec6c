/** The only function that decides what happens next. Pure: same state and event, same step. */
import type { AppEvent, Effect, Intent, OutsideEvent } from '../model/event.ts';
import { type AppState, type Step, stay } from '../model/state.ts';
import { onCopied, onEnvironmentAdded } from './add-environment.ts';
import { onExecTold } from './exec.ts';
import { onConnection, onFeed, onTick } from './feed.ts';
import { onShellEnded } from './guests.ts';
import { onInspected } from './inspect.ts';
import { onIntent } from './intents.ts';
import { onKey, onPaste } from './keys.ts';
import { onLinkStatus } from './link.ts';
import { onLogEnded, onLogLines, onLogOpened } from './logs.ts';
import { onOperationBegan, onOperationEnded } from './operations.ts';
import { settle } from './settle.ts';

const OUTSIDE: ReadonlySet<string> = new Set<OutsideEvent['kind']>([
  'key',
  'paste',
  'resize',
  'tick',
  'feed',
  'connection',
  'log-lines',
  'log-opened',
  'log-ended',
  'inspected',
  'link-status',
  'environment-added',
  'copied',
  'shell-ended',
  'exec-told',
  'operation-began',
  'operation-ended',
]);

/** The step an event leads to; what no longer fits the state (an answer to a closed view) leads to nothing. */
export function update(state: AppState, event: AppEvent): Step {
  const timed = 'atMs' in event ? atTime(state, event.atMs) : state;
  const step = isOutside(event) ? onOutside(timed, event) : onIntent(timed, event);
  const settled = settle(state, step.state);
  return { state: settled.state, effects: join(step.effects, settled.effects) };
}

function isOutside(event: AppEvent): event is OutsideEvent {
  return OUTSIDE.has(event.kind);
}

function atTime(state: AppState, atMs: number): AppState {
  return state.nowMs === atMs ? state : { ...state, nowMs: atMs };
}

function join(first: readonly Effect[], second: readonly Effect[]): readonly Effect[] {
  return second.length === 0 ? first : [...first, ...second];
}

function onOutside(state: AppState, event: OutsideEvent): Step {
  switch (event.kind) {
    case 'key':
      return onKey(state, event, (next: AppState, intent: Intent) => onIntent(next, intent));
    case 'paste':
      return onPaste(state, event.text);
    case 'resize':
      return stay({ ...state, size: event.size });
    case 'tick':
      return onTick(state);
    case 'feed':
      return onFeed(state, event.message);
    case 'connection':
      return onConnection(state, event.connection);
    case 'log-lines':
      return onLogLines(state, event);
    case 'log-opened':
      return onLogOpened(state, event);
    case 'log-ended':
      return onLogEnded(state, event);
    case 'inspected':
      return onInspected(state, event);
    case 'link-status':
      return onLinkStatus(state, event);
    case 'environment-added':
      return onEnvironmentAdded(state, event);
    case 'copied':
      return onCopied(state, event.outcome);
    case 'shell-ended':
      return onShellEnded(state, event);
    case 'exec-told':
      return onExecTold(state, event);
    case 'operation-began':
      return onOperationBegan(state, event.operationId);
    case 'operation-ended':
      return onOperationEnded(state, event);
  }
}
