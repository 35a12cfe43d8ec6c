/** Reads fields of JSON that a peer sent and that may be anything; each reader answers with the emptiest value instead. */

export type Loose = Readonly<Record<string, unknown>>;

export function isLoose(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value if it is an object, else an empty one. */
export function looseObject(value: unknown): Loose {
  return isLoose(value) ? value : {};
}

/** The objects in an array, else none. */
export function looseObjects(value: unknown): Loose[] {
  return Array.isArray(value) ? value.filter(isLoose) : [];
}

/** The value if it is a string, else ''. */
export function looseText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The value if it is a finite number, else 0. */
export function looseNumber(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

/** The string fields of an object. */
export function looseStrings(value: unknown): Record<string, string> {
  const strings: Record<string, string> = {};
  for (const [key, field] of Object.entries(looseObject(value))) {
    if (typeof field === 'string') strings[key] = field;
  }
  return strings;
}
