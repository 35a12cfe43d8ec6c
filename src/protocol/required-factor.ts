/** Of whom a server requires a second factor, and who has none yet. */

export const REQUIRED_OF = ['nobody', 'administrators', 'everybody'] as const;
export type RequiredOf = (typeof REQUIRED_OF)[number];

/** As GET /api/fleet/required-factor tells it. */
export interface FactorStanding {
  readonly requiredOf: RequiredOf;
  /** The ids of accounts that have a password and no second factor. */
  readonly without: readonly number[];
}
