/** One row of a document as YAML or JSON. Strings that hold control characters come out quoted, so nothing in them acts. */
import { stringify } from 'yaml';
import { formatBytes, formatThings } from '../format/amounts.ts';
import { printable } from '../format/width.ts';
import { isBranch, type Json } from '../model/document.ts';
import { type Entry, indexOf, type Tree, type TreeRow } from '../model/document-tree.ts';
import type { StyleName } from './view.ts';

export interface RowText {
  /** Indentation and name. */
  readonly lead: string;
  readonly value: string;
  readonly style: StyleName | undefined;
}

const INDENT = 2;
/** What a person wants of longer ones is copied, not read. */
const LONGEST_NAME = 2_000;

export interface TextOptions {
  readonly form: 'yaml' | 'json';
  readonly isFolded: boolean;
  /** Characters of a value that are worth formatting. */
  readonly most: number;
}

/** The text of an entry; a long value is cut after about `most` characters, with its size. */
export function rowText(tree: Tree, entry: Entry, options: TextOptions): RowText {
  const row = tree.rows[indexOf(entry)];
  if (!row) return { lead: '', value: '', style: undefined };
  const indent = ' '.repeat(INDENT * row.depth);
  const comma = options.form === 'json' && !row.isLast ? ',' : '';
  if (entry < 0) {
    return { lead: indent, value: `${closer(row)}${comma}`, style: 'dim' };
  }
  const lead = indent + nameOf(row, options.form);
  if (!isBranch(row.value)) {
    return {
      lead,
      value: scalar(row.value, options) + comma,
      style: styleOf(row.value),
    };
  }
  return { lead, value: branchWords(row, options, comma), style: 'dim' };
}

const closer = ({ value }: TreeRow) => (Array.isArray(value) ? ']' : '}');

function nameOf({ name, isItem }: TreeRow, form: 'yaml' | 'json'): string {
  if (isItem) return form === 'yaml' ? '- ' : '';
  const short = printable(name.slice(0, LONGEST_NAME));
  if (form === 'json') return `${printable(JSON.stringify(short))}: `;
  return `${/^[\w./-]+$/u.test(short) ? short : JSON.stringify(short)}: `;
}

function branchWords(row: TreeRow, { form, isFolded }: TextOptions, comma: string): string {
  const isList = Array.isArray(row.value);
  const size = isList ? row.value.length : Object.keys(row.value as object).length;
  const [open, close] = isList ? ['[', ']'] : ['{', '}'];
  if (size === 0) return `${open}${close}${comma}`;
  const words = formatThings(size, isList ? 'item' : 'field');
  if (isFolded) return `${open} ${words} folded ${close}${comma}`;
  return form === 'json' ? open : '';
}

function scalar(value: Json, { form, most }: TextOptions): string {
  if (typeof value !== 'string') return String(value);
  const short = value.length > most ? value.slice(0, most) : value;
  const text = form === 'json' ? JSON.stringify(short) : yamlString(short);
  if (short === value) return printable(text);
  return `${printable(text)} … ${formatBytes(value.length)} in all, c copies it`;
}

/** YAML's plain style where it means the same, quotes else; never a block, since a row is a line. */
function yamlString(text: string): string {
  if (/^[A-Za-z/][\w./@-]*$/u.test(text) && !RESERVED.test(text)) return text;
  if (/[^\x20-\x7e]/u.test(text)) return JSON.stringify(text);
  return stringify(text, { lineWidth: 0 }).trimEnd();
}

const RESERVED = /^(?:true|false|null|yes|no|on|off|[yn])$/iu;

function styleOf(value: Json): StyleName | undefined {
  if (typeof value === 'string') return value.includes('<masked ') ? 'warning' : undefined;
  return value === null ? 'dim' : 'cyan';
}

/** A whole value for the clipboard: a string as it is, anything else in the form that is shown. */
export function copyText(value: Json, form: 'yaml' | 'json'): string {
  if (!isBranch(value)) return String(value);
  return form === 'json'
    ? JSON.stringify(value, null, 2)
    : stringify(value, { lineWidth: 0 }).trimEnd();
}
