/** For how long a problem is muted and why, as a person types it: `2h deploy of the shop`. */
import { LONGEST_MUTE_MS, LONGEST_NOTE } from '../../protocol/problem-verdict.ts';

export interface Mute {
  readonly forMs: number;
  readonly note: string | undefined;
}

const HOUR_MS = 3_600_000;
const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: HOUR_MS, d: 24 * HOUR_MS };
const FORM = /^(\d{1,4})([mhd])(?:\s+(.*))?$/su;

/** What was typed; nothing is an hour. In `why`, a clause. */
export function parseMute(text: string): Mute | { readonly why: string } {
  const typed = text.trim();
  if (typed === '') return { forMs: HOUR_MS, note: undefined };
  const [, count, unit = '', note] = FORM.exec(typed) ?? [];
  if (count === undefined) return { why: 'write for how long first: 30m, 2h, 1d, then why' };
  const forMs = Number(count) * (UNITS[unit] ?? 0);
  if (forMs < 60_000 || forMs > LONGEST_MUTE_MS) return { why: 'from 1m to 7d' };
  return { forMs, note: parseNote(note ?? '') };
}

/** A note as it is kept; undefined for none. */
export function parseNote(text: string): string | undefined {
  const note = text.trim().slice(0, LONGEST_NOTE);
  return note === '' ? undefined : note;
}
