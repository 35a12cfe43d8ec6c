/** What a person says of the maintenance of an environment; apart from its schema, which is slow to load. */

export interface MaintenanceWish {
  readonly forMs: number;
  readonly why: string;
}

export const SHORTEST_MAINTENANCE_MS = 1_000;
/** A month: no maintenance is forgotten for good. */
export const LONGEST_MAINTENANCE_MS = 30 * 86_400_000;
/** In UTF-16 units. */
export const LONGEST_WHY = 200;
