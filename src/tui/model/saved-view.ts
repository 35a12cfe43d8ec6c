/** A list as a person wants to find it again: what it shows, in which columns and order. Names, not ids: they outlive a server. */
import type { Sort } from './container-sort.ts';

export interface SavedView {
  readonly name: string;
  readonly filter: string;
  readonly sort: Sort;
  readonly isWide: boolean;
  readonly problemsOnly: boolean;
  /** An environment or a tag by its name; neither for the whole fleet. */
  readonly environment?: string | undefined;
  readonly tag?: string | undefined;
}

/** What can be the name of a view. */
export const VIEW_NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,39}$/u;

export type ViewsOutcome = { readonly views: readonly SavedView[] } | { readonly why: string };
