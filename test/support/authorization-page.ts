/** docs/authorization.md as data: who may make each call, as people wrote it down. */
import { readFileSync } from 'node:fs';

/** A to E as the page explains them; P has no credential. */
export const LETTERS = ['A', 'E', 'O', 'H', 'S', 'R', 'N', 'P'] as const;
export type Letter = (typeof LETTERS)[number];

export interface RouteRow {
  /** `GET /api/tags`. */
  readonly name: string;
  readonly own: ReadonlySet<string>;
  /** Undefined when the route is about nobody's. */
  readonly other: ReadonlySet<string> | undefined;
}

export interface DockerRow {
  /** `GET /containers/json`. */
  readonly name: string;
  readonly may: ReadonlySet<string>;
}

const PAGE = new URL('../../docs/authorization.md', import.meta.url);
const lettersOf = (cell: string): ReadonlySet<string> =>
  new Set(cell.split(' ').filter((letter) => letter !== '' && letter !== '-'));

/** Both tables; a row that reads otherwise than the page explains is an error. */
export function authorizationPage(): { routes: RouteRow[]; docker: DockerRow[] } {
  const routes: RouteRow[] = [];
  const docker: DockerRow[] = [];
  for (const line of readFileSync(PAGE, 'utf8').split('\n')) {
    const [, name, ...cells] = /^\| `([A-Z]+ [^`]+)` \| (.*) \|$/.exec(line) ?? [];
    if (name === undefined) continue;
    const [first = '', second] = (cells[0] ?? '').split('|').map((cell) => cell.trim());
    if (second === undefined) docker.push({ name, may: lettersOf(first) });
    else {
      const other = second === '' ? undefined : lettersOf(second);
      routes.push({ name, own: lettersOf(first), other });
    }
  }
  return { routes, docker };
}
