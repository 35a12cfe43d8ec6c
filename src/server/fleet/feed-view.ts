/**
 * The feed as one account may see it: the environments in which it has a role, with what it may do there, of these the
 * containers that it may use, and nothing of the others but the numbering.
 */
import type { FeedAccount } from '../../protocol/account.ts';
import type { Container } from '../../protocol/container.ts';
import type { Environment } from '../../protocol/environment.ts';
import type { Change, FeedMessage } from '../../protocol/feed.ts';
import { IN_COMMON } from '../../protocol/permission.ts';
import type { Problem } from '../../protocol/problem.ts';
import { type SightParts, seesContainer } from './container-sight.ts';
import { type Grant, isAdministrator } from './grant.ts';
import { isLimited, maySee, roleIn } from './permissions.ts';
import { traitsOfContainer } from './resource-controls.ts';
import type { Teams } from './teams.ts';

export interface FeedViewParts extends SightParts {
  readonly teams: Pick<Teams, 'leadsAny'>;
}

/** Turns each message, in order, into what the account is told; administrators are told everything. */
export function feedViewOf(
  grant: Grant,
  parts: FeedViewParts,
): (message: FeedMessage) => FeedMessage {
  const { id, username: name } = grant.user;
  const leadsTeams = parts.teams.leadsAny(grant);
  const account: FeedAccount = { id, name, isAdministrator: isAdministrator(grant), leadsTeams };
  const view = account.isAdministrator ? undefined : new View(grant, parts);
  return (message) => {
    const told = view?.of(message) ?? message;
    return told.kind === 'snapshot' ? { ...told, account } : told;
  };
}

class View {
  readonly #grant: Grant;
  readonly #parts: SightParts;
  /** Environments and, by `environment/id`, containers and problems that it was told of. */
  readonly #shown = new Set<number>();
  readonly #shownContainers = new Set<string>();
  readonly #shownProblems = new Set<string>();

  constructor(grant: Grant, parts: SightParts) {
    this.#grant = grant;
    this.#parts = parts;
  }

  of(message: FeedMessage): FeedMessage {
    switch (message.kind) {
      case 'snapshot':
        return this.#snapshot(message);
      case 'changes':
        return { ...message, changes: message.changes.flatMap((change) => this.#change(change)) };
      case 'beat': {
        const seen = Object.entries(message.seenAtMs).filter(([id]) => this.#sees(Number(id)));
        return { ...message, seenAtMs: Object.fromEntries(seen) };
      }
    }
  }

  #snapshot(message: Extract<FeedMessage, { kind: 'snapshot' }>): FeedMessage {
    const environments = message.environments.filter(({ id }) => this.#sees(id));
    for (const { id } of environments) this.#shown.add(id);
    const isShown = (one: { environmentId: number }) => this.#shown.has(one.environmentId);
    const { loads, problems } = message;
    return {
      ...message,
      environments: environments.map((environment) => this.#withRights(environment)),
      containers: message.containers.filter((container) => this.#showsContainer(container)),
      ...(loads && { loads: loads.filter(isShown) }),
      ...(problems && { problems: problems.filter((problem) => this.#showsProblem(problem)) }),
    };
  }

  #change(change: Change): Change[] {
    switch (change.kind) {
      case 'environment': {
        const { id } = change.environment;
        if (!this.#sees(id)) return [];
        this.#shown.add(id);
        return [{ ...change, environment: this.#withRights(change.environment) }];
      }
      case 'environment-gone':
        // The end of one that was shown is told even though nobody has a role in it any more.
        this.#forget(this.#shownContainers, change.environmentId);
        return this.#shown.delete(change.environmentId) ? [change] : [];
      case 'container':
        return this.#container(change.container);
      case 'container-gone': {
        const key = `${change.environmentId}/${change.id}`;
        return this.#shownContainers.delete(key) ? [change] : [];
      }
      case 'containers': {
        if (!this.#sees(change.environmentId)) return [];
        this.#forget(this.#shownContainers, change.environmentId);
        return [
          { ...change, containers: change.containers.filter((one) => this.#showsContainer(one)) },
        ];
      }
      case 'load':
        return this.#sees(change.load.environmentId) ? [change] : [];
      case 'problem':
        return this.#showsProblem(change.problem) ? [change] : [];
      case 'problem-gone':
        return this.#shownProblems.delete(change.id) ? [change] : [];
    }
  }

  /** One that was shown and may not be used any more is gone for this account. */
  #container(container: Container): Change[] {
    const { environmentId, id } = container;
    const wasShown = this.#shownContainers.delete(`${environmentId}/${id}`);
    if (this.#showsContainer(container)) return [{ kind: 'container', container }];
    return wasShown ? [{ kind: 'container-gone', environmentId, id }] : [];
  }

  #showsContainer(container: Container): boolean {
    const { environmentId, id } = container;
    const access = this.#parts.access.of(environmentId);
    const isShown =
      maySee(this.#grant, access) &&
      (!isLimited(this.#grant, access) ||
        this.#parts.controls.mayUseNow(this.#grant, environmentId, traitsOfContainer(container)));
    if (isShown) this.#shownContainers.add(`${environmentId}/${id}`);
    return isShown;
  }

  #showsProblem({ id, environmentId, containerId }: Problem): boolean {
    const isShown = seesContainer(this.#parts, this.#grant, environmentId, containerId);
    if (isShown) this.#shownProblems.add(id);
    return isShown;
  }

  #withRights(environment: Environment): Environment {
    const role = roleIn(this.#grant, this.#parts.access.of(environment.id));
    const may = [...(role?.may ?? [])];
    if (role?.reach !== 'own') return { ...environment, may };
    return { ...environment, may, mayInCommon: may.filter((action) => IN_COMMON.has(action)) };
  }

  #sees(id: number): boolean {
    return maySee(this.#grant, this.#parts.access.of(id));
  }

  #forget(keys: Set<string>, environmentId: number): void {
    for (const key of keys) if (key.startsWith(`${environmentId}/`)) keys.delete(key);
  }
}
