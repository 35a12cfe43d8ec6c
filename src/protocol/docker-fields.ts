/**
 * Fields of JSON as Docker reads them: keys in any case, after Unicode's simple folding, so that a long s is an s. Bodies are
 * judged by this, and what Docker would find must be found here.
 */

export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value if it is an object, else an empty one. */
export const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {});

/** The value if it is a list, else an empty one. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** As Go compares JSON keys: without regard to case, the long s (U+017F) and the Kelvin sign (U+212A) included. */
export const folded = (name: string): string => name.toUpperCase().toLowerCase();

/** The values under every spelling of a name, except null; Docker takes one of several, and any of them may be it. */
export function fieldValues(holder: unknown, name: string): readonly unknown[] {
  const wanted = folded(name);
  return Object.entries(fieldsOf(holder))
    .filter(([key, value]) => value !== null && folded(key) === wanted)
    .map(([, value]) => value);
}
