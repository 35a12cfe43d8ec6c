/** What a key means that acknowledges or mutes problems. */
import type { Problem } from '../../protocol/problem.ts';
import type { Intent } from '../model/event.ts';
import { isMuted } from '../model/open-problems.ts';
import { whyNotJudge } from '../model/rights.ts';
import type { AppState } from '../model/state.ts';

const MUTE_MS = 3_600_000;

/** As judgeIntent, over those of them that the account may judge; the reason where it is none. */
export function allowedJudgeIntent(
  state: AppState,
  problems: readonly Problem[],
  what: 'acknowledge' | 'mute' | 'unmute',
): Extract<Intent, { kind: 'judge' }> | string {
  const allowed = problems.filter((one) => whyNotJudge(state, one) === undefined);
  const [first] = problems;
  if (first === undefined || allowed.length > 0) return judgeIntent(allowed, what);
  return whyNotJudge(state, first) ?? judgeIntent(problems, what);
}

/** The intent over these problems or, as a clause, why it makes no sense. Acknowledging what is acknowledged takes it back. */
export function judgeIntent(
  problems: readonly Problem[],
  what: 'acknowledge' | 'mute' | 'unmute',
): Extract<Intent, { kind: 'judge' }> | string {
  const open = problems.filter(({ endedAtMs }) => endedAtMs === null);
  if (open.length === 0) return 'there is no problem';
  if (what === 'acknowledge') {
    const fresh = open.filter(({ acknowledged }) => acknowledged === null);
    const chosen = fresh.length > 0 ? fresh : open;
    const kind = fresh.length > 0 ? 'acknowledge' : 'withdraw';
    return { kind: 'judge', ids: chosen.map(({ id }) => id), verdict: { kind } };
  }
  const chosen = what === 'mute' ? open.filter((one) => !isMuted(one)) : open;
  const verdict =
    what === 'mute' ? ({ kind: 'mute', forMs: MUTE_MS } as const) : ({ kind: 'unmute' } as const);
  return { kind: 'judge', ids: chosen.map(({ id }) => id), verdict };
}
