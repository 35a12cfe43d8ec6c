/** What the wall can be asked for, and what a person says of problems: the parts of events, intents and effects that are theirs. */
import type { ProblemVerdict } from '../../protocol/problem-verdict.ts';
import type { Outcome } from './outcome.ts';

export type WallDeed = 'open' | 'order' | 'group' | 'larger' | 'smaller' | 'slides' | 'pin';

export interface JudgeProblems {
  readonly kind: 'judge';
  readonly ids: readonly string[];
  readonly verdict: ProblemVerdict;
}

export type WallIntent =
  /** Shows the wall, or leaves it. */
  | { readonly kind: 'open-wall' }
  | { readonly kind: 'wall'; readonly what: WallDeed }
  | { readonly kind: 'wall-problem'; readonly by: 1 | -1 }
  | JudgeProblems;

export interface ProblemsJudged extends Outcome {
  readonly kind: 'judged';
  readonly verdict: ProblemVerdict;
  readonly atMs: number;
}
