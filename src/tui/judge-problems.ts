/** Hands what a person says of problems to the fleet, one after the other, and tells what became of it. */
import type { Fleet } from '../client/fleet.ts';
import { asFault, Fault } from '../protocol/fault.ts';
import type { EffectOf } from './effect-rows.ts';
import type { AppEvent } from './model/event.ts';

export interface JudgeParts {
  readonly fleet: Pick<Fleet, 'judge' | 'title'>;
  readonly send: (event: AppEvent) => void;
  readonly now: () => number;
}

/** Never rejects; the first that fails ends it. */
export async function judgeProblems(
  { fleet, send, now }: JudgeParts,
  { ids, verdict }: EffectOf<'judge'>,
  signal: AbortSignal,
): Promise<void> {
  let done = 0;
  let why: string | undefined;
  try {
    if (!fleet.judge) throw new Fault('not-found', `${fleet.title} keeps no problems.`);
    for (const id of ids) {
      await fleet.judge(id, verdict, signal);
      done += 1;
    }
  } catch (thrown) {
    why = asFault(thrown, 'internal', 'The problem could not be told.').message;
  }
  if (!signal.aborted) send({ kind: 'judged', verdict, done, why, atMs: now() });
}
