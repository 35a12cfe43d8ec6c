/** What a person asks for about locked environments, and what it asks of the world. */

export type LockIntent =
  /** Opens locked environments for a time. */
  | {
      readonly kind: 'unlock';
      readonly words: string;
      readonly environmentIds: readonly number[];
      readonly forMs: number;
      readonly reason: string;
    }
  /** Locks all that was unlocked. */
  | { readonly kind: 'lock' };

/** Tells the server, which writes it into its log with who did it. */
export interface NoteUnlock {
  readonly kind: 'note-unlock';
  readonly environmentIds: readonly number[];
  readonly forMs: number;
  readonly reason: string;
}

/** Why the server did not note an unlock. */
export interface UnlockNotNoted {
  readonly kind: 'unlock-not-noted';
  readonly why: string;
  readonly atMs: number;
}
