/** The view of an inspect answer: the document, what of it is folded, where the reader is, and what is searched. */
import type { ContainerKey } from '../../protocol/container-key.ts';
import type { Json } from './document.ts';
import {
  EMPTY_TREE,
  type Entry,
  entriesOf,
  indexOf,
  matchingRows,
  type Tree,
  treeOf,
} from './document-tree.ts';
import { EVERYTHING, type Filter, parseFilter } from './filter.ts';

export interface TreeSearch {
  readonly text: string;
  readonly filter: Filter;
  /** Why the text can't be searched for; undefined when it can. */
  readonly why: string | undefined;
  /** Indexes of the rows that match, rising. */
  readonly matches: readonly number[];
}

export interface KeptDocument {
  readonly document: Json;
  readonly atMs: number;
}

export interface InspectScreen {
  readonly kind: 'inspect';
  readonly key: ContainerKey;
  /** Names the request in events: only the answer to the last one counts. */
  readonly requestId: number;
  readonly isAsking: boolean;
  readonly askedAtMs: number;
  /** Why the last request failed; the document of the one before stays. */
  readonly why: string | undefined;
  readonly current: KeptDocument | undefined;
  /** The last one that differed. */
  readonly previous: KeptDocument | undefined;
  readonly tree: Tree;
  readonly entries: readonly Entry[];
  readonly folded: ReadonlySet<string>;
  /** The selected entry, and the first one shown as far as the selected one allows. */
  readonly at: number;
  readonly top: number;
  /** Cells scrolled away at the left. */
  readonly column: number;
  readonly form: 'yaml' | 'json';
  readonly isWrapped: boolean;
  readonly isAuto: boolean;
  /** Whether the values are shown that are masked otherwise. */
  readonly isRevealed: boolean;
  readonly search: TreeSearch | undefined;
}

/** From one answer to the next question while the view refreshes itself. */
export const INSPECT_REFRESH_MS = 2_000;

/** The view before its first answer. */
export function freshInspect(key: ContainerKey, previous: KeptDocument | undefined): InspectScreen {
  return {
    kind: 'inspect',
    key,
    requestId: 0,
    isAsking: false,
    askedAtMs: 0,
    why: undefined,
    current: undefined,
    previous,
    tree: EMPTY_TREE,
    entries: [],
    folded: new Set(),
    at: 0,
    top: 0,
    column: 0,
    form: 'yaml',
    isWrapped: false,
    isAuto: false,
    isRevealed: false,
    search: undefined,
  };
}

/** The view with a newer answer; the reader stays at the same row as far as it is still there. */
export function withDocument(screen: InspectScreen, document: Json, atMs: number): InspectScreen {
  const { current } = screen;
  const isSame = current !== undefined && areEqual(current.document, document);
  if (isSame) return { ...screen, current: { ...current, atMs }, why: undefined };
  const tree = treeOf(document);
  const search = screen.search && searchTree(tree, screen.search.text);
  const next = { ...screen, tree, search, current: { document, atMs }, why: undefined };
  const read = refolded({ ...next, previous: current ?? screen.previous }, screen.folded);
  // Searched for before there was anything to find.
  const first = current === undefined ? search?.matches[0] : undefined;
  return first === undefined ? read : atRow(read, first);
}

const areEqual = (a: Json, b: Json): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The view with other paths folded; the cursor stays on its row, or on the nearest one that still shows. */
export function refolded(screen: InspectScreen, folded: ReadonlySet<string>): InspectScreen {
  const entries = entriesOf(screen.tree, folded, screen.form === 'json');
  return { ...atRow({ ...screen, folded, entries }, selectedRow(screen)) };
}

/** The index of the selected row; 0 when there is none. */
export function selectedRow({ entries, at }: InspectScreen): number {
  return indexOf(entries[at] ?? 0);
}

/** The view with the cursor on a row, or on the last one shown before it. */
export function atRow(screen: InspectScreen, row: number): InspectScreen {
  const at = screen.entries.findLastIndex((entry) => entry >= 0 && entry <= row);
  return { ...screen, at: Math.max(0, at) };
}

/** The search for a text in all rows, the folded ones too; undefined for an empty text. */
export function searchTree(tree: Tree, text: string): TreeSearch | undefined {
  if (text.trim() === '') return undefined;
  const parsed = parseFilter(text, 'text');
  if (parsed.kind === 'bad') return { text, filter: EVERYTHING, why: parsed.why, matches: [] };
  const { filter } = parsed;
  return { text, filter, why: undefined, matches: matchingRows(tree, filter) };
}
