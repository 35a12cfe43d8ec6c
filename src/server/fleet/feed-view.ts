/**
 * The feed as one account may see it: the environments in which it has a role, with what it may do there, and nothing of the
 * others but the numbering.
 */
import type { FeedAccount } from '../../protocol/account.ts';
import type { Environment } from '../../protocol/environment.ts';
import type { Change, FeedMessage } from '../../protocol/feed.ts';
import type { AccessBook } from './access-book.ts';
import { type Grant, isAdministrator } from './grant.ts';
import { maySee, roleIn } from './permissions.ts';

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

/** Turns each message, in order, into what the account is told; administrators are told everything. */
export function feedViewOf(
  grant: Grant,
  access: AccessBook,
): (message: FeedMessage) => FeedMessage {
  const { id, username: name } = grant.user;
  const account: FeedAccount = { id, name, isAdministrator: isAdministrator(grant) };
  if (account.isAdministrator) {
    return (message) => (message.kind === 'snapshot' ? { ...message, account } : message);
  }
  const shown = new Set<number>();
  const sees = (id: number) => maySee(grant, access.of(id));
  const withRights = (environment: Environment): Environment => ({
    ...environment,
    may: [...(roleIn(grant, access.of(environment.id))?.may ?? [])],
  });
  const rightful = (change: Change): Change =>
    change.kind === 'environment'
      ? { ...change, environment: withRights(change.environment) }
      : change;
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
          account,
          environments: environments.map(withRights),
          containers: containers.filter(isShown),
          ...(loads && { loads: loads.filter(isShown) }),
          ...(problems && { problems: problems.filter(isShown) }),
        };
      }
      case 'changes':
        return { ...message, changes: message.changes.filter(isTold).map(rightful) };
      case 'beat': {
        const seen = Object.entries(message.seenAtMs).filter(([id]) => sees(Number(id)));
        return { ...message, seenAtMs: Object.fromEntries(seen) };
      }
    }
  };
}
