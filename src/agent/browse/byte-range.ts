/** The Range header of a request for a file (RFC 9110, section 14.2). Several ranges at once are answered as the whole. */
import type { IncomingHttpHeaders } from 'node:http';

/** Both ends included, as in the header. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

export interface RangedFile {
  readonly size: number;
  /** Its Last-Modified header. */
  readonly modified: string;
}

/** Undefined for the whole file. */
export function readRange(
  headers: IncomingHttpHeaders,
  { size, modified }: RangedFile,
): ByteRange | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(headers.range ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  const condition = headers['if-range'];
  if (condition !== undefined && condition !== modified) return undefined;
  const [, from = '', to = ''] = match;
  // "-500" is the last 500 bytes.
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined;
  return first < size && first <= last ? { first, last } : 'unsatisfiable';
}
