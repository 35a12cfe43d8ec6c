/** What a person says of problems, and what became of it. */
import type { ProblemVerdict } from '../../protocol/problem-verdict.ts';
import { formatAge, formatThings } from '../format/amounts.ts';
import type { Intent, OutsideEvent } from '../model/event.ts';
import type { AppState, Step } from '../model/state.ts';
import { brokenOff } from './broken-off.ts';
import { withoutProblemMarks } from './judge-plan.ts';
import { say } from './say.ts';

function doneWords(verdict: ProblemVerdict): string {
  switch (verdict.kind) {
    case 'acknowledge':
      return 'Acknowledged';
    case 'withdraw':
      return 'Took back the acknowledgement of';
    case 'mute':
      return `Muted for ${formatAge(verdict.forMs)}`;
    case 'unmute':
      return 'No longer muted';
  }
}

/** Tells whoever keeps the problems; the feed brings them as they are then. */
export function judge(state: AppState, { ids, verdict }: Extract<Intent, { kind: 'judge' }>): Step {
  return { state, effects: [{ kind: 'judge', ids, verdict }] };
}

/**
 * The step of what became of it; without a server nobody else will know, and that is said. Marks go when all of it was
 * done: what was not is still marked.
 */
export function onJudged(
  state: AppState,
  { verdict, ...outcome }: Extract<OutsideEvent, { kind: 'judged' }>,
): Step {
  const broken = brokenOff(outcome, doneWords(verdict), 'problem');
  if (broken !== undefined) return say(state, 'error', broken);
  const words = `${doneWords(verdict)}: ${formatThings(outcome.done, 'problem')}`;
  const where = state.serverUrl === undefined ? ', in this console only: it has no server' : '';
  return say(withoutProblemMarks(state), 'done', `${words}${where}.`);
}
