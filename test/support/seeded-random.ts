/** Random numbers that are the same in every run, so that a failing round can be found again by its seed. */

/** A source of whole numbers from 0 up to, not including, `below`. */
export function seededRandom(seed: number): (below: number) => number {
  let state = seed & 0x7fffffff;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
}
