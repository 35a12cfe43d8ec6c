/** What can happen around saved views and the way through the lists, and what of it the world is asked for. */
import type { SavedView, ViewsOutcome } from './saved-view.ts';

export type ViewEvent = {
  readonly kind: 'views';
  readonly outcome: ViewsOutcome;
  /** The name of the one that was saved or forgotten. */
  readonly saved?: string;
  readonly forgotten?: string;
  readonly atMs: number;
};

export type ViewIntent =
  | { readonly kind: 'travel'; readonly to: 'back' | 'forward' | 'last' }
  | { readonly kind: 'open-views' }
  | { readonly kind: 'save-view'; readonly name: string }
  | { readonly kind: 'forget-view'; readonly name: string }
  | { readonly kind: 'show-view'; readonly view: SavedView }
  | { readonly kind: 'save-pane' };

export type ViewEffect =
  | { readonly kind: 'read-views' }
  | { readonly kind: 'save-view'; readonly view: SavedView }
  | { readonly kind: 'forget-view'; readonly name: string };
