/** What is said of a deed on several objects that did not get through all of them. */
import { formatCount, formatThings } from '../format/amounts.ts';
import type { Outcome } from '../model/outcome.ts';

/** `Muted for 2h: 3 of 5 problems. Then: …`; only why where none is done. Undefined when all are. */
export function brokenOff(
  { done, all, why }: Outcome,
  deed: string,
  noun: string,
): string | undefined {
  if (why === undefined || done === 0) return why;
  return `${deed}: ${formatCount(done)} of ${formatThings(all, noun)}. Then: ${why}`;
}
