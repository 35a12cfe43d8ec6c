/** What a key can mean in the lists. */
import type { SortKey } from './container-sort.ts';
import type { Grouping } from './list-groups.ts';

/** As Intent. */
export type ListIntent =
  | { readonly kind: 'open-list'; readonly list: 'environments' | 'containers' }
  /** Scopes the list of containers: an environment (drilling in from the list of them), or undefined for all. */
  | {
      readonly kind: 'scope';
      readonly environmentId: number | undefined;
      /** Instead of an environment: all that carry it. */
      readonly tag?: string;
    }
  | { readonly kind: 'sort'; readonly by: SortKey }
  /** The column beside the one that the list is sorted by. */
  | { readonly kind: 'sort-neighbour'; readonly step: 1 | -1 }
  /** Groups of this kind; of the next one when undefined. */
  | { readonly kind: 'group'; readonly by: Grouping | undefined }
  /** The keys go to the pane beside. */
  | { readonly kind: 'switch-pane'; readonly by: 1 | -1 }
  | { readonly kind: 'go-to-group' }
  | { readonly kind: 'fold-group' }
  | { readonly kind: 'mark' }
  | { readonly kind: 'mark-range' }
  | { readonly kind: 'mark-all' };
