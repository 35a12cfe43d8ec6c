/** What a person says of a problem; apart from its schema, which is slow to load. */

/** What a person may say of a problem: that somebody sees to it, or not to be told for a while; or to take that back. */
export type ProblemVerdict =
  | { readonly kind: 'acknowledge'; readonly note?: string | undefined }
  | { readonly kind: 'withdraw' }
  | { readonly kind: 'mute'; readonly forMs: number; readonly note?: string | undefined }
  | { readonly kind: 'unmute' };

/** A week: a mute is never forgotten. */
export const LONGEST_MUTE_MS = 7 * 86_400_000;
/** In UTF-16 units. */
export const LONGEST_NOTE = 200;
