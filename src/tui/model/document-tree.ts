/** A document as rows that can be folded: made once for each answer, so that a repaint only formats what is visible. */
import { type Branch, isBranch, type Json } from './document.ts';
import { type Filter, passes } from './filter.ts';

export interface TreeRow {
  readonly depth: number;
  /** Index of the row it lies in; -1 at the top. */
  readonly parent: number;
  /** The key; of an item of a list its number. */
  readonly name: string;
  readonly isItem: boolean;
  readonly isLast: boolean;
  readonly value: Json;
  /** How many rows lie inside it. */
  readonly inside: number;
}

export interface Tree {
  readonly rows: readonly TreeRow[];
  /** Whether there was more than is kept. */
  readonly isCut: boolean;
}

export const EMPTY_TREE: Tree = { rows: [], isCut: false };

const MOST_ROWS = 100_000;
/** Of a value, so much is searched. */
const SEARCHED = 64 * 1024;

type Growing = { -readonly [Name in keyof TreeRow]: TreeRow[Name] };

/** The rows of a document, at most 100,000. */
export function treeOf(document: Json): Tree {
  const rows: Growing[] = [];
  let isCut = false;
  const add = (branch: Branch, parent: number, depth: number) => {
    const isList = Array.isArray(branch);
    const entries = Object.entries(branch) as [string, Json][];
    for (const [place, [name, value]] of entries.entries()) {
      if (rows.length >= MOST_ROWS) {
        isCut = true;
        return;
      }
      const isLast = place === entries.length - 1;
      const row = { depth, parent, name, isItem: isList, isLast, value, inside: 0 };
      const index = rows.push(row) - 1;
      if (isBranch(value)) add(value, index, depth + 1);
      row.inside = rows.length - 1 - index;
    }
  };
  if (isBranch(document)) add(document, -1, 0);
  return { rows, isCut };
}

/** The index of a row and, for the line that closes it, `~index`. */
export type Entry = number;

/** The row that an entry belongs to. */
export const indexOf = (entry: Entry): number => (entry < 0 ? ~entry : entry);

/** What is to be seen: all rows but those inside a folded one, and where wanted a closing line after each open branch. */
export function entriesOf(
  tree: Tree,
  folded: ReadonlySet<string>,
  hasClosers: boolean,
): readonly Entry[] {
  const entries: Entry[] = [];
  const open: number[] = [];
  const closeUpTo = (index: number) => {
    for (let last = open.at(-1); last !== undefined; last = open.at(-1)) {
      if (last + (tree.rows[last]?.inside ?? 0) >= index) return;
      open.pop();
      entries.push(~last);
    }
  };
  for (let index = 0; index < tree.rows.length; index++) {
    const row = tree.rows[index];
    if (!row) break;
    if (hasClosers) closeUpTo(index);
    entries.push(index);
    if (row.inside === 0) continue;
    if (folded.size > 0 && folded.has(pathOf(tree, index))) index += row.inside;
    else if (hasClosers) open.push(index);
  }
  closeUpTo(Number.POSITIVE_INFINITY);
  return entries;
}

/** Where a row lies, as jq writes it: .Config.Labels["a.b"], .Mounts[0].Source. */
export function pathOf(tree: Tree, index: number): string {
  const row = tree.rows[index];
  if (!row) return '';
  return pathOf(tree, row.parent) + step(row);
}

function step({ isItem, name }: TreeRow): string {
  if (isItem) return `[${name}]`;
  return /^[A-Za-z_]\w*$/u.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

/** Indexes of the rows whose name or value passes, rising. */
export function matchingRows(tree: Tree, filter: Filter): readonly number[] {
  const found: number[] = [];
  for (const [index, { name, isItem, value }] of tree.rows.entries()) {
    const own = isItem ? '' : `${name}: `;
    const text = own + (isBranch(value) ? '' : String(value).slice(0, SEARCHED));
    if (passes(filter, [text])) found.push(index);
  }
  return found;
}

/** The folded paths without those that hide this row. */
export function unfoldedFor(
  tree: Tree,
  folded: ReadonlySet<string>,
  index: number,
): ReadonlySet<string> {
  const open = new Set(folded);
  for (let at = tree.rows[index]?.parent ?? -1; at >= 0; at = tree.rows[at]?.parent ?? -1) {
    open.delete(pathOf(tree, at));
  }
  return open.size === folded.size ? folded : open;
}
