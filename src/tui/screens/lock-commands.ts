/** `:unlock prod 15m "INC-42"` and `:lock`. */
import type { Command } from '../model/binding.ts';
import type { Intent } from '../model/event.ts';
import { fitsScope, isLockable } from '../model/locks.ts';
import { type AppState, shownFleet } from '../model/state.ts';

const MINUTE_MS = 60_000;
const LONGEST_MS = 8 * 60 * MINUTE_MS;
const REASON_LIMIT = 200;
const FORM =
  ':unlock SCOPE 15m "why", where SCOPE is an environment or a tag, * stands for anything';

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: MINUTE_MS, h: 60 * MINUTE_MS };

function unlockIntent(state: AppState, argument: string): Intent | string {
  if (state.settings.isReadOnly) return 'This console is read-only; start it without --read-only.';
  const [, quoted, plain, count, unit = '', rest = ''] =
    /^(?:"([^"]+)"|(\S+))\s+(\d{1,4})([smh])\s+(.*)$/su.exec(argument) ?? [];
  const words = quoted ?? plain;
  const reason = rest
    .trim()
    .replace(/^"(.*)"$/su, '$1')
    .trim()
    .slice(0, REASON_LIMIT);
  if (words === undefined || reason === '') return `It is ${FORM}.`;
  const forMs = Number(count) * (UNITS[unit] ?? 0);
  if (forMs < 1_000 || forMs > LONGEST_MS) return 'An unlock lasts from 1s to 8h.';
  const environmentIds = lockedIn(state, words);
  if (environmentIds.length === 0) return `Nothing that is locked is called or tagged ${words}.`;
  return { kind: 'unlock', words, environmentIds, forMs, reason };
}

/** Locked environments of this name or tag; a tag may be named by its beginning. */
function lockedIn(state: AppState, words: string): readonly number[] {
  const all = [...shownFleet(state).environments.values()];
  const locked = all.filter(({ id }) => isLockable(state, id));
  const named = locked.filter(({ name, tags }) => fitsScope(words, name, tags));
  const begun = locked.filter(({ tags }) => fitsScope(`tag:${words}*`, '', tags));
  return (named.length > 0 ? named : begun).map(({ id }) => id);
}

export const LOCK_COMMANDS: readonly Command[] = [
  {
    names: ['unlock'],
    argument: 'SCOPE 15m "WHY"',
    label: 'open locked environments for a time; the reason is kept',
    run: unlockIntent,
  },
  { names: ['lock'], label: 'lock again what was unlocked', run: () => ({ kind: 'lock' }) },
];
