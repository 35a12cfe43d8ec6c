/** The lists of users, teams, members of a team, access to a place, and API keys: five tables of one shape. */
import type { Directory, DirectoryWish, Named, Place } from '../../protocol/people.ts';
import { EVERYTHING, type Filter } from './filter.ts';
import { type Cursor, FRESH_CURSOR } from './list-cursor.ts';

export type PeopleSubject =
  | { readonly kind: 'users' }
  | { readonly kind: 'teams' }
  | { readonly kind: 'members'; readonly team: Named }
  | { readonly kind: 'access'; readonly place: Omit<Place, 'id'> & { readonly id?: number } }
  | { readonly kind: 'tokens'; readonly user: Named };

export interface PeopleScreen {
  readonly kind: PeopleSubject['kind'];
  readonly subject: PeopleSubject;
  readonly filterText: string;
  readonly filter: Filter;
  /** Names the request in events: only the answer to the last one counts. */
  readonly requestId: number;
  readonly isAsking: boolean;
  /** Undefined until the first answer. */
  readonly directory: Directory | undefined;
  readonly readAtMs: number;
  /** Why the last question failed, as a sentence. */
  readonly why: string | undefined;
  readonly cursor: Cursor<string>;
}

export const PEOPLE_KINDS = ['users', 'teams', 'members', 'access', 'tokens'] as const;

/** Whether a screen is one of these lists. */
export function isPeople<Any extends { readonly kind: string }>(
  screen: Any,
): screen is Extract<Any, { kind: PeopleScreen['kind'] }> & Any & PeopleScreen {
  return (PEOPLE_KINDS as readonly string[]).includes(screen.kind);
}

/** The list as it opens. */
export const freshPeople = (subject: PeopleSubject): PeopleScreen => ({
  kind: subject.kind,
  subject,
  filterText: '',
  filter: EVERYTHING,
  requestId: 0,
  isAsking: false,
  directory: undefined,
  readAtMs: 0,
  why: undefined,
  cursor: FRESH_CURSOR,
});

/** What a list needs to be read. */
export function wishOf(subject: PeopleSubject): DirectoryWish {
  switch (subject.kind) {
    case 'access': {
      const { of, name, id } = subject.place;
      return { kind: 'access', of, name, ...(id !== undefined && { id }) };
    }
    case 'tokens':
      return { kind: 'keys', userId: subject.user.id };
    default:
      return { kind: 'people' };
  }
}
