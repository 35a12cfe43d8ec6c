/** The last look before something is changed: whatever led here, nothing locked is changed, nothing at all when read-only. */
import type { ContainerKey } from '../../protocol/container-key.ts';
import { needOf } from '../../protocol/operation.ts';
import type { Intent } from '../model/event.ts';
import { valuesOf } from '../model/form.ts';
import { environmentIdOf } from '../model/live-fleet.ts';
import { WHY_READ_ONLY, whyLocked } from '../model/locks.ts';
import { whyNotIn } from '../model/rights.ts';
import { type AppState, shownFleet, topScreen } from '../model/state.ts';
import { undoableOf } from '../model/undo.ts';

const CHANGING: ReadonlySet<Intent['kind']> = new Set<Intent['kind']>([
  'ask',
  'run',
  'undo',
  'retry',
  'recreate',
  'open-shell',
  'attach',
  'ask-exec',
  'run-exec',
  'open-add',
  'ask-accept',
  'accept-agent',
  'submit',
  'end-maintenance',
  'plan-verdict',
  'judge',
  'ask-deed',
  'carry-out',
]);

/** Why an intent may not be carried out, as a clause; undefined when it may. */
export function whyForbidden(state: AppState, intent: Intent): string | undefined {
  const refused = whyRefused(state, intent);
  if (refused !== undefined) return refused;
  if (!CHANGING.has(intent.kind) || isOnlyAsking(state, intent)) return undefined;
  if (state.settings.isReadOnly) return WHY_READ_ONLY;
  for (const id of touched(state, intent)) {
    const why = whyLocked(state, id);
    if (why !== undefined) return why;
  }
  return undefined;
}

/** Whether a form is sent that leads to a question, or signs in. */
function isOnlyAsking(state: AppState, { kind }: Intent): boolean {
  const screen = topScreen(state);
  return kind === 'submit' && !(screen.kind === 'form' && screen.form.isSentAtOnce);
}

/** What the account may not do, whatever it was that led to it. */
function whyRefused(state: AppState, intent: Intent): string | undefined {
  switch (intent.kind) {
    case 'open-logs':
    case 'open-previous-run':
      return whyNotIn(state, environmentIdOf(intent.key), 'logs');
    case 'open-shell':
    case 'attach':
      return whyNotIn(state, environmentIdOf(intent.key), 'exec');
    case 'run':
      for (const { operation } of intent.planned) {
        const why = whyNotIn(state, operation.environmentId, needOf(operation.action));
        if (why !== undefined) return why;
      }
      return undefined;
    default:
      return undefined;
  }
}

/** The environments that an intent would change at once; one that only opens a question has its own look. */
function touched(state: AppState, intent: Intent): ReadonlySet<number> {
  switch (intent.kind) {
    case 'run':
      return new Set(intent.planned.map(({ operation }) => operation.environmentId));
    case 'run-exec':
      return idsOf(intent.targets.map(({ key }) => key));
    case 'open-shell':
    case 'attach':
      return idsOf([intent.key]);
    case 'end-maintenance':
      return new Set(intent.ids);
    case 'submit':
      return touchedByForm(state);
    case 'undo': {
      const undoable = undoableOf(state.jobs, state.nowMs);
      const steps = undoable?.kind === 'reverse' ? [...undoable.job.steps.values()] : [];
      return new Set(steps.map(({ planned }) => planned.operation.environmentId));
    }
    case 'judge': {
      const { problems } = shownFleet(state);
      return new Set(intent.ids.flatMap((id) => problems.get(id)?.environmentId ?? []));
    }
    default:
      return new Set();
  }
}

/** Of a form that is sent as it stands: a lock may have closed since it was opened. */
function touchedByForm(state: AppState): ReadonlySet<number> {
  const screen = topScreen(state);
  if (screen.kind !== 'form') return new Set();
  const deed = screen.form.read(valuesOf(screen.form), state.nowMs);
  return new Set('kind' in deed && deed.kind === 'maintain' ? deed.ids : []);
}

const idsOf = (keys: readonly ContainerKey[]) => new Set(keys.map(environmentIdOf));
