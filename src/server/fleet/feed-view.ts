/** The feed as one account may see it: the environments in which it has a role, and nothing of the others but the numbering. */
import type { Change, FeedMessage } from '../../protocol/feed.ts';
import type { AccessBook } from './access-book.ts';
import { type Grant, isAdministrator } from './grant.ts';
import { maySee } from './permissions.ts';

function environmentOf(change: Change): number {
  switch (change.kind) {
    case 'environment':
      return change.environment.id;
    case 'container':
      return change.container.environmentId;
    case 'load':
      return change.load.environmentId;
    case 'problem':
      return change.problem.environmentId;
    case 'problem-gone':
      // An id begins with its environment's.
      return Number.parseInt(change.id, 10);
    default:
      return change.environmentId;
  }
}

/** Turns each message, in order, into what the account is told; administrators are told everything as it is. */
export function feedViewOf(
  grant: Grant,
  access: AccessBook,
): (message: FeedMessage) => FeedMessage {
  if (isAdministrator(grant)) return (message) => message;
  const shown = new Set<number>();
  const sees = (id: number) => maySee(grant, access.of(id));
  const isTold = (change: Change): boolean => {
    const id = environmentOf(change);
    // The end of one that was shown is told even though nobody has a role in it any more.
    if (change.kind === 'environment-gone') return shown.delete(id);
    const isSeen = sees(id);
    if (isSeen) shown.add(id);
    return isSeen;
  };
  return (message) => {
    switch (message.kind) {
      case 'snapshot': {
        const environments = message.environments.filter(({ id }) => sees(id));
        for (const { id } of environments) shown.add(id);
        const isShown = ({ environmentId }: { environmentId: number }) => shown.has(environmentId);
        const { containers, loads, problems } = message;
        return {
          ...message,
          environments,
          containers: containers.filter(isShown),
          ...(loads && { loads: loads.filter(isShown) }),
          ...(problems && { problems: problems.filter(isShown) }),
        };
      }
      case 'changes':
        return { ...message, changes: message.changes.filter(isTold) };
      case 'beat': {
        const seen = Object.entries(message.seenAtMs).filter(([id]) => sees(Number(id)));
        return { ...message, seenAtMs: Object.fromEntries(seen) };
      }
    }
  };
}
