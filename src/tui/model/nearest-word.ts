/** The word that somebody probably meant. */

const FURTHEST = 2;
const LONGEST = 40;

/** The nearest of these words, at most two edits away; undefined when none is near. */
export function nearestWord(typed: string, words: readonly string[]): string | undefined {
  if (typed.length > LONGEST) return undefined;
  let best: string | undefined;
  let least = Math.min(FURTHEST, typed.length - 1) + 1;
  for (const word of words) {
    const edits = editsBetween(typed, word);
    if (edits >= least) continue;
    least = edits;
    best = word;
  }
  return best;
}

/** Letters to insert, delete or replace (Levenshtein). */
function editsBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...one].entries()) {
    const next = [index + 1];
    for (const [place, wanted] of [...other].entries()) {
      const replaced = (row[place] ?? 0) + (letter === wanted ? 0 : 1);
      next.push(Math.min(replaced, (row[place + 1] ?? 0) + 1, (next[place] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
