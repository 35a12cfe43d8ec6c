/**
 * An engine's whole inspect answer as a value that may be shown. Secrets are masked before it enters the state; a mask
 * carries a tag, so that equal values can be told from different ones without anybody seeing them.
 */

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [name: string]: Json };

export type Branch = readonly Json[] | { readonly [name: string]: Json };

/** Deeper than any engine nests; what lies below is left out. */
const DEEPEST = 64;

const SECRET_NAME =
  /passw(?:or)?d|passphrase|(?:^|[-_.])pwd|secret|token|credential|api[-_.]?key|private[-_.]?key|access[-_.]?key|(?:^|[-_.])auth(?:$|[-_.])/iu;

/** Whether what goes by this name is probably a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** Whether a value has something inside that can be unfolded. */
export function isBranch(value: Json): value is Branch {
  return typeof value === 'object' && value !== null;
}

/** Makes a short tag of a value that must not be shown. */
export type TagOf = (secret: string) => string;

/**
 * The answer with all environment variables masked, and whatever else goes by the name of a secret; with `tagOf`
 * undefined nothing is masked.
 */
export function readDocument(answer: unknown, tagOf: TagOf | undefined): Json {
  return copy(answer, { tagOf, depth: 0, path: '' });
}

interface Place {
  readonly tagOf: TagOf | undefined;
  readonly depth: number;
  readonly path: string;
}

function copy(value: unknown, place: Place): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return value;
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || place.depth >= DEEPEST) return null;
  const inner = { ...place, depth: place.depth + 1 };
  if (Array.isArray(value)) return copyList(value, inner);
  const copied: Record<string, Json> = Object.create(null);
  for (const [name, entry] of Object.entries(value)) {
    const isHidden = typeof entry === 'string' && entry !== '' && isSecretName(name);
    copied[name] = isHidden
      ? masked(entry, place.tagOf)
      : copy(entry, { ...inner, path: place.path === '' ? name : `${place.path}.${name}` });
  }
  return copied;
}

function copyList(list: readonly unknown[], place: Place): Json {
  const isEnv = place.path === 'Config.Env';
  let isNextHidden = false;
  return list.map((entry) => {
    if (typeof entry !== 'string') return copy(entry, place);
    const isHidden = isNextHidden;
    isNextHidden = /^--?[\w-]+$/u.test(entry) && isSecretName(entry);
    return isHidden ? masked(entry, place.tagOf) : maskedAssignment(entry, isEnv, place.tagOf);
  });
}

/** `NAME=value` or `--name=value` without the value, where the name says that it is a secret. */
function maskedAssignment(text: string, isAlways: boolean, tagOf: TagOf | undefined): string {
  const at = text.indexOf('=');
  if (at < 0 || (!isAlways && (at > 200 || !isSecretName(text.slice(0, at))))) return text;
  return `${text.slice(0, at + 1)}${masked(text.slice(at + 1), tagOf)}`;
}

function masked(secret: string, tagOf: TagOf | undefined): string {
  if (tagOf === undefined || secret === '') return secret;
  return `<masked ${tagOf(secret)}>`;
}
