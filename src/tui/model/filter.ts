/**
 * What a person types after `/`, or as FILTER on a command line: terms that must all hold, compared without regard to
 * case. Lists know the whole grammar; log lines and help are searched by words, `/re/` and `!` alone.
 */
import { prepare, single } from 'fuzzysort';
import { CONTAINER_STATES } from '../../protocol/container-key.ts';

/** What a thing can be asked for by name: `host:eu-1`. */
export type FacetName = 'name' | 'host' | 'image' | 'state' | 'tag';

export type Filter =
  | { readonly kind: 'everything' }
  /** `text` in lower case; `pattern` finds it whatever the case: five times as fast as lower-casing what is searched. */
  | { readonly kind: 'text'; readonly text: string; readonly pattern: RegExp }
  | { readonly kind: 'regex'; readonly regex: RegExp }
  | { readonly kind: 'fuzzy'; readonly text: string }
  /** Without a value, any will do. */
  | { readonly kind: 'label'; readonly name: string; readonly value: string | undefined }
  | { readonly kind: 'facet'; readonly facet: FacetName; readonly of: Filter }
  | { readonly kind: 'not'; readonly of: Filter }
  | { readonly kind: 'all'; readonly of: readonly Filter[] };

export type Parsed =
  | { readonly kind: 'ok'; readonly filter: Filter }
  /** `why` is a clause a person can act on while still typing; `at` counts characters from 1. */
  | { readonly kind: 'bad'; readonly why: string; readonly at: number };

/** `list`: words, "quoted words", `/re/`, `!term`, `-f fuzzy`, `-l label[=value]`, `host:eu`. `text`: words, `/re/`, `!term`. */
export type Grammar = 'list' | 'text';

/** The facets of a container or an environment; a filter that asks for them finds nothing without them. */
export interface Facets {
  readonly name: string;
  /** The environment's name. */
  readonly host: string;
  readonly image: string;
  /** Words: `running healthy`, `exited 137`, `up`. */
  readonly state: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Of its environment. */
  readonly tags: readonly string[];
}

export const EVERYTHING: Filter = { kind: 'everything' };

/** The filter that wants all of these. */
export function allOf(filters: readonly Filter[]): Filter {
  const terms = filters.filter((filter) => filter.kind !== 'everything');
  const [first, ...rest] = terms;
  if (!first) return EVERYTHING;
  return rest.length === 0 ? first : { kind: 'all', of: terms };
}

const REGEX = /\/(?:\\.|[^/\\])*(?:\/|\\?$)/suy;
const OPTION = /-([a-z])(?=\s|$)/iuy;
const FACET = /(name|host|env|image|state|tag):/iuy;
const QUOTED_WORD = /(?:[^\s"]|"[^"]*(?:"|$))+/uy;
const WORD = /\S+/uy;
const BLANKS = /\s*/uy;

const FACETS: Readonly<Record<string, FacetName>> = {
  name: 'name',
  host: 'host',
  env: 'host',
  image: 'image',
  state: 'state',
  tag: 'tag',
};
/** Docker's states and health, the connections of an environment, and how far an operation is. */
const STATE_WORDS = [
  ...CONTAINER_STATES,
  ...['healthy', 'unhealthy', 'starting', 'up', 'down', 'connecting'],
  ...['waiting', 'done', 'failed', 'cancelled', 'not-tried'],
];

/** A text and how far it has been read. */
class Reader {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** What the sticky pattern finds here; then the reader stands behind it. */
  take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) this.at += found[0].length;
    return found;
  }
}

/** The filter that a text means; a term that has only been begun (`/`, `!`) lets everything pass. Never throws. */
export function parseFilter(text: string, grammar: Grammar = 'list'): Parsed {
  const reader = new Reader(text);
  const terms: Filter[] = [];
  for (;;) {
    reader.take(BLANKS);
    if (reader.at >= text.length) return ok(allOf(terms));
    const parsed = readTerm(reader, grammar);
    if (parsed.kind === 'bad') return parsed;
    terms.push(parsed.filter);
  }
}

const ok = (filter: Filter): Parsed => ({ kind: 'ok', filter });

function bad(why: string, from: number, { text }: Reader): Parsed {
  return { kind: 'bad', why, at: [...text.slice(0, from)].length + 1 };
}

function readTerm(reader: Reader, grammar: Grammar): Parsed {
  const from = reader.at;
  if (reader.take(/!+/uy)) {
    const signs = reader.at - from;
    if (!/\S/u.test(reader.text[reader.at] ?? ' ')) return ok(EVERYTHING);
    const inner = readTerm(reader, grammar);
    if (inner.kind === 'bad' || inner.filter.kind === 'everything' || signs % 2 === 0) return inner;
    return ok({ kind: 'not', of: inner.filter });
  }
  if (grammar === 'list') {
    const option = reader.take(OPTION)?.[1];
    if (option) return readOption(reader, option, from);
    const facet = reader.take(FACET)?.[1]?.toLowerCase();
    if (facet) return readFacet(reader, facet, from);
  }
  return readMatch(reader, grammar);
}

/** A regular expression or a word, here and not behind blanks. */
function readMatch(reader: Reader, grammar: Grammar): Parsed {
  const from = reader.at;
  const term = reader.take(REGEX)?.[0];
  if (term === undefined) return ok(textFilter(readWord(reader, grammar)));
  const isClosed = term.length > 1 && /(?<!\\)(?:\\\\)*\/$/u.test(term);
  const source = term.slice(1, isClosed ? -1 : undefined);
  if (source === '') return ok(EVERYTHING);
  try {
    return ok({ kind: 'regex', regex: new RegExp(source, 'iu') });
  } catch (thrown) {
    const words = thrown instanceof Error ? thrown.message : String(thrown);
    return bad(words.slice(words.lastIndexOf(': ') + 2).toLowerCase(), from, reader);
  }
}

function readWord(reader: Reader, grammar: Grammar): string {
  if (grammar === 'text') return reader.take(WORD)?.[0] ?? '';
  return (reader.take(QUOTED_WORD)?.[0] ?? '').replaceAll('"', '');
}

const textFilter = (word: string): Filter =>
  word === ''
    ? EVERYTHING
    : { kind: 'text', text: word.toLowerCase(), pattern: new RegExp(literal(word), 'i') };

const literal = (word: string): string => word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

function readOption(reader: Reader, option: string, from: number): Parsed {
  if (option !== 'f' && option !== 'l')
    return bad(`-${option} is not known; there are -f and -l`, from, reader);
  reader.take(BLANKS);
  const word = readWord(reader, 'list');
  if (option === 'l') return labelTerm(word, from, reader);
  return word === '' ? bad('-f needs a word behind it', from, reader) : ok(fuzzyTerm(word));
}

/** What `-f word` means. */
export const fuzzyTerm = (word: string): Filter => ({ kind: 'fuzzy', text: word });

function labelTerm(word: string, from: number, reader: Reader): Parsed {
  const filter = labelOption(word);
  return filter ? ok(filter) : bad('-l needs label or label=value behind it', from, reader);
}

/** What `-l word` means; undefined when there is no label before the `=`. */
export function labelOption(word: string): Filter | undefined {
  const [name = ''] = word.split('=', 1);
  if (name === '') return undefined;
  return { kind: 'label', name, value: name === word ? undefined : word.slice(name.length + 1) };
}

function readFacet(reader: Reader, name: string, from: number): Parsed {
  const facet = FACETS[name] ?? 'name';
  const parsed = readMatch(reader, 'list');
  if (parsed.kind === 'bad') return parsed;
  const { filter } = parsed;
  if (filter.kind === 'everything') return bad(`${name}: needs a value behind it`, from, reader);
  if (facet === 'state' && filter.kind === 'text' && !isState(filter.text))
    return bad(`there is no state ${filter.text}`, from, reader);
  return ok({ kind: 'facet', facet, of: filter });
}

const isState = (word: string): boolean =>
  /^\d+$/.test(word) || STATE_WORDS.some((known) => known.startsWith(word));

/** Whether a subject passes: words and expressions look into each of its fields. */
export function passes(filter: Filter, fields: readonly string[], facets?: Facets): boolean {
  switch (filter.kind) {
    case 'everything':
      return true;
    case 'text':
      return fields.some((field) => filter.pattern.test(field));
    case 'regex':
      return fields.some((field) => filter.regex.test(field));
    case 'fuzzy':
      return facets !== undefined && fuzzyMatch(filter.text, facets.name) !== null;
    case 'label':
      return facets !== undefined && hasLabel(facets.labels, filter.name, filter.value);
    case 'facet':
      return facets !== undefined && facetPasses(filter.of, filter.facet, facets);
    case 'not':
      return !passes(filter.of, fields, facets);
    case 'all':
      return filter.of.every((part) => passes(part, fields, facets));
  }
}

/** Not by the text itself, which the library would keep for ever. */
const fuzzyMatch = (word: string, text: string) => single(word, prepare(text));

function hasLabel(labels: Facets['labels'], name: string, value: string | undefined): boolean {
  if (!Object.hasOwn(labels, name)) return false;
  return value === undefined || labels[name] === value;
}

/** `state:healthy` must not find `unhealthy`: a state is asked for by the beginning of one of its words. */
function facetPasses(filter: Filter, facet: FacetName, facets: Facets): boolean {
  if (facet === 'tag') return tagPasses(filter, facets.tags);
  const value = facets[facet];
  if (filter.kind === 'text' && facet === 'state')
    return value.split(' ').some((word) => word.startsWith(filter.text));
  return passes(filter, [value]);
}

function tagPasses(filter: Filter, tags: readonly string[]): boolean {
  return tags.some((tag) => passes(filter, [tag]));
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
    case 'label':
    case 'facet':
      return [];
    case 'all':
      return filter.of.flatMap((part) => collectRanges(part, text));
    case 'fuzzy':
      return [...(fuzzyMatch(filter.text, text)?.indexes ?? [])].map((at) => [at, at + 1]);
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
