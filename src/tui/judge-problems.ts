/** Hands what a person says of problems to the fleet, one after the other, and tells what became of it. */
import type { Fleet } from '../client/fleet.ts';
import { Fault } from '../protocol/fault.ts';
import type { EffectOf } from './effect-rows.ts';
import type { AppEvent } from './model/event.ts';
import { oneByOne } from './one-by-one.ts';

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
  const tell = async (id: (typeof ids)[number]): Promise<void> => {
    if (!fleet.judge) throw new Fault('not-found', `${fleet.title} keeps no problems.`);
    await fleet.judge(id, verdict, signal);
  };
  const outcome = await oneByOne(ids, tell, 'The problem could not be told.');
  if (!signal.aborted) send({ kind: 'judged', verdict, ...outcome, atMs: now() });
}
