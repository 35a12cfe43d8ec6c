/** Operations that were sent and whose result the feed has not shown yet. The row itself changes only when the host says so. */
import type { Container } from '../../protocol/container.ts';
import type { JobAction } from './job.ts';

export interface Pending {
  readonly operationId: string;
  readonly action: JobAction;
  /** The container as it was when the person asked. */
  readonly before: Container;
  /** False while it waits for its turn. */
  readonly hasBegun: boolean;
  /** When the host said that it is done; undefined before. */
  readonly answeredAtMs: number | undefined;
}

/** After the host's answer we wait this long for the feed; then whatever the feed says is taken for the result. */
const GRACE_MS = 5_000;

/** Whether the feed has caught up with an answered operation, so that the row speaks for itself again. */
export function isOver(pending: Pending, present: Container | undefined, nowMs: number): boolean {
  if (pending.answeredAtMs === undefined) return false;
  return isShown(pending, present) || nowMs - pending.answeredAtMs >= GRACE_MS;
}

function isShown({ action, before }: Pending, present: Container | undefined): boolean {
  if (!present) return true;
  const isNewRun = present.startedAtMs !== null && present.startedAtMs !== before.startedAtMs;
  switch (action) {
    case 'start':
    case 'unpause':
      return present.state === 'running';
    case 'restart':
      return present.state === 'running' && isNewRun;
    case 'stop':
    case 'kill':
      return isNewRun || (present.state !== 'running' && present.state !== 'paused');
    case 'pause':
      return present.state === 'paused';
    case 'remove':
    case 'recreate':
      return false;
  }
}
