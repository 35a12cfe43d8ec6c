/** Splits a request target without decoding it, and refuses paths that mean to leave their place. */
import { Fault } from '../../protocol/fault.ts';

export interface RequestTarget {
  /** Percent-encoding untouched. */
  readonly path: string;
  /** The raw query with its `?`, or ''. */
  readonly search: string;
  readonly query: URLSearchParams;
}

const badPath = (details: string): Fault => new Fault('bad-request', 'Invalid path', { details });

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
const FORBIDDEN = /[\u0000-\u0020\u007f\\]/;

function checkSegments(path: string): void {
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    throw badPath('The path has a broken percent-encoding.');
  }
  // A space is legal when encoded, in names only Docker judges.
  if (FORBIDDEN.test(path) || FORBIDDEN.test(decoded.replaceAll(' ', ''))) {
    throw badPath('The path has a backslash or a control character.');
  }
  if (decoded.split('/').some((segment) => segment === '.' || segment === '..')) {
    throw badPath('The path has a dot segment.');
  }
}

/** Fault bad-request for dot segments (encoded too), NUL and other control characters, backslashes. */
export function readTarget(url: string): RequestTarget {
  const target = url.replace(/^https?:\/\/[^/?#]*/i, '');
  const [beforeHash = ''] = target.split('#', 1);
  const at = beforeHash.indexOf('?');
  const path = (at < 0 ? beforeHash : beforeHash.slice(0, at)) || '/';
  const search = at < 0 ? '' : beforeHash.slice(at);
  checkSegments(path);
  return { path, search, query: new URLSearchParams(search) };
}

/** The raw query without the parameters whose decoded name `isDropped`; everything else stays byte for byte. */
export function withoutParameters(search: string, isDropped: (name: string) => boolean): string {
  const kept = search
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '' && !isDropped(nameOf(pair)));
  return kept.length === 0 ? '' : `?${kept.join('&')}`;
}

function nameOf(pair: string): string {
  const [name] = new URLSearchParams(pair).keys();
  return name ?? '';
}
