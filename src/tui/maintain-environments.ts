/** Has a server note who works on environments, one after the other, and tells what became of it. */
import type { Fleet } from '../client/fleet.ts';
import { Fault } from '../protocol/fault.ts';
import type { EffectOf } from './effect-rows.ts';
import type { AppEvent } from './model/event.ts';
import { oneByOne } from './one-by-one.ts';

export interface MaintainParts {
  readonly fleet: Pick<Fleet, 'maintain' | 'title'>;
  readonly send: (event: AppEvent) => void;
  readonly now: () => number;
}

/** Never rejects; the first that fails ends it. */
export async function maintainEnvironments(
  { fleet, send, now }: MaintainParts,
  { requestId, ids, wish }: EffectOf<'maintain'>,
  signal: AbortSignal,
): Promise<void> {
  const tell = async (id: (typeof ids)[number]): Promise<void> => {
    if (!fleet.maintain) throw new Fault('not-found', `${fleet.title} keeps no maintenance.`);
    await fleet.maintain(id, wish, signal);
  };
  const outcome = await oneByOne(ids, tell, 'The maintenance could not be told.');
  if (!signal.aborted) send({ kind: 'maintained', requestId, wish, ...outcome, atMs: now() });
}
