/** How far a movement goes. */
import type { Movement } from '../model/event.ts';

/** How many rows a movement means in a window of this height; infinite for the two ends. */
export function rowsFor(to: Movement, height: number): number {
  switch (to) {
    case 'up':
      return -1;
    case 'down':
      return 1;
    case 'half-up':
      return -Math.max(1, Math.floor(height / 2));
    case 'half-down':
      return Math.max(1, Math.floor(height / 2));
    case 'page-up':
      return -Math.max(1, height - 1);
    case 'page-down':
      return Math.max(1, height - 1);
    case 'first':
      return Number.NEGATIVE_INFINITY;
    case 'last':
      return Number.POSITIVE_INFINITY;
    case 'left':
    case 'right':
      return 0;
  }
}
