/** Users, teams, access and API keys: what the server answers, what keys can mean, what the server is asked for. */
import type {
  DeedAnswer,
  DeedRefusal,
  Directory,
  DirectoryWish,
  PeopleDeed,
} from '../../protocol/people.ts';
import type { FilledForm } from './form.ts';
import type { PeopleSubject } from './people-view.ts';

/** As OutsideEvent. */
export type PeopleEvent =
  | {
      readonly kind: 'directory-read';
      readonly requestId: number;
      readonly answer: Directory | { readonly why: string };
      readonly atMs: number;
    }
  | {
      readonly kind: 'carried-out';
      readonly requestId: number;
      readonly deed: PeopleDeed;
      readonly answer: DeedAnswer | DeedRefusal;
      readonly atMs: number;
    };

/** As Intent. */
export type PeopleIntent =
  | { readonly kind: 'open-people'; readonly of: PeopleSubject }
  | { readonly kind: 'open-form'; readonly form: FilledForm }
  /** Another option of the choice that has the focus. */
  | { readonly kind: 'choose'; readonly by: 1 | -1 }
  /** Asks, with what will happen as a plan. */
  | { readonly kind: 'ask-deed'; readonly deed: PeopleDeed }
  | { readonly kind: 'carry-out'; readonly deed: PeopleDeed };

/** As Effect. */
export type PeopleEffect =
  | { readonly kind: 'read-directory'; readonly requestId: number; readonly wish: DirectoryWish }
  | { readonly kind: 'stop-directory' }
  /** Before it, somebody may have to agree at the OIDC provider: sign-in-invited says how. */
  | { readonly kind: 'carry-out'; readonly requestId: number; readonly deed: PeopleDeed }
  /** Gives up waiting for that. */
  | { readonly kind: 'stop-deed' };
