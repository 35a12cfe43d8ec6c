/**
 * What a person types after `/`: words that must all be there, `!word` that must not, `/re/` as a regular expression.
 * One small parser, meant to grow (labels, fuzzy words) without changing those who use a Filter.
 */

export type Filter =
  | { readonly kind: 'everything' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'regex'; readonly regex: RegExp }
  | { readonly kind: 'not'; readonly of: Filter }
  | { readonly kind: 'all'; readonly of: readonly Filter[] };

export type Parsed =
  | { readonly kind: 'ok'; readonly filter: Filter }
  /** `why` is a clause a person can act on while still typing. */
  | { readonly kind: 'bad'; readonly why: string };

export const EVERYTHING: Filter = { kind: 'everything' };

const TERM = /!?(?:\/(?:\\.|[^/\\])*(?:\/|$)|\S+)/gu;

/** The filter a text means; words are compared without regard to case, and so are regular expressions. */
export function parseFilter(text: string): Parsed {
  const terms: Filter[] = [];
  for (const [term] of text.trim().matchAll(TERM)) {
    const parsed = parseTerm(term);
    if (parsed.kind === 'bad') return parsed;
    if (parsed.filter.kind !== 'everything') terms.push(parsed.filter);
  }
  const [first, ...rest] = terms;
  if (!first) return { kind: 'ok', filter: EVERYTHING };
  return { kind: 'ok', filter: rest.length === 0 ? first : { kind: 'all', of: terms } };
}

function parseTerm(term: string): Parsed {
  if (term.startsWith('!')) {
    const inner = parseTerm(term.slice(1));
    if (inner.kind === 'bad' || inner.filter.kind === 'everything') return inner;
    return { kind: 'ok', filter: { kind: 'not', of: inner.filter } };
  }
  if (term.startsWith('/')) return parseRegex(term);
  const filter: Filter = term === '' ? EVERYTHING : { kind: 'text', text: term.toLowerCase() };
  return { kind: 'ok', filter };
}

function parseRegex(term: string): Parsed {
  const isClosed = term.length > 1 && term.endsWith('/') && !term.endsWith('\\/');
  const source = term.slice(1, isClosed ? -1 : undefined);
  if (source === '') return { kind: 'ok', filter: EVERYTHING };
  try {
    return { kind: 'ok', filter: { kind: 'regex', regex: new RegExp(source, 'iu') } };
  } catch (thrown) {
    const words = thrown instanceof Error ? thrown.message : String(thrown);
    return { kind: 'bad', why: words.slice(words.lastIndexOf(': ') + 2).toLowerCase() };
  }
}

/** Whether a subject passes. Words look into `lowered` (all its fields, lower case), expressions into each field. */
export function passes(
  filter: Filter,
  lowered: readonly string[],
  fields: readonly string[],
): boolean {
  switch (filter.kind) {
    case 'everything':
      return true;
    case 'text':
      return lowered.some((field) => field.includes(filter.text));
    case 'regex':
      return fields.some((field) => filter.regex.test(field));
    case 'not':
      return !passes(filter.of, lowered, fields);
    case 'all':
      return filter.of.every((part) => passes(part, lowered, fields));
  }
}

/** Where in a text the filter's words and expressions are, as [start, end) in UTF-16 units, in order, not overlapping. */
export function matchRanges(filter: Filter, text: string): readonly (readonly [number, number])[] {
  const found = collectRanges(filter, text).sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  const kept: (readonly [number, number])[] = [];
  for (const range of found) {
    if (range[0] >= (kept.at(-1)?.[1] ?? 0)) kept.push(range);
  }
  return kept;
}

const MAX_RANGES = 200;

function collectRanges(filter: Filter, text: string): (readonly [number, number])[] {
  switch (filter.kind) {
    case 'everything':
    case 'not':
      return [];
    case 'all':
      return filter.of.flatMap((part) => collectRanges(part, text));
    case 'text': {
      const found: (readonly [number, number])[] = [];
      const lowered = text.toLowerCase();
      let at = lowered.indexOf(filter.text);
      while (at >= 0 && found.length < MAX_RANGES) {
        found.push([at, at + filter.text.length]);
        at = lowered.indexOf(filter.text, at + filter.text.length);
      }
      return found;
    }
    case 'regex': {
      const found: (readonly [number, number])[] = [];
      for (const hit of text.matchAll(new RegExp(filter.regex.source, 'giu'))) {
        if (found.length >= MAX_RANGES) break;
        if (hit[0] !== '') found.push([hit.index, hit.index + hit[0].length]);
      }
      return found;
    }
  }
}
