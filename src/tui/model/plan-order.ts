/**
 * What depends on what among containers, as far as a list tells: one lives in the network of another
 * (`--network container:…`), or compose wrote it into a label. A plan is ordered by it.
 */
import type { Container } from '../../protocol/container.ts';
import { type ContainerKey, containerKey } from '../../protocol/container-key.ts';
import type { ContainerAction } from '../../protocol/operation.ts';
import type { LiveFleet } from './live-fleet.ts';

export interface Dependency {
  readonly from: Container;
  readonly on: Container;
  readonly why: 'network' | 'compose';
}

export interface OrderedPlan {
  readonly containers: readonly Container[];
  /** For each, those of the plan that must be done first. */
  readonly needs: ReadonlyMap<ContainerKey, readonly ContainerKey[]>;
  /** From a container outside the plan on one in it. */
  readonly fromOutside: readonly Dependency[];
  /** From a container of the plan on one outside it. */
  readonly toOutside: readonly Dependency[];
}

/** What a confirmation asks about. */
export interface Plan extends OrderedPlan {
  readonly action: ContainerAction;
  /** Who can't be changed now, and why. */
  readonly leftOut: readonly string[];
}

const PROJECT = 'com.docker.compose.project';
const SERVICE = 'com.docker.compose.service';
const DEPENDS_ON = 'com.docker.compose.depends_on';

/** These take away what others need: whoever needs it goes first. */
const TAKES_AWAY: ReadonlySet<ContainerAction> = new Set(['stop', 'kill', 'remove', 'pause']);

/** The names before the first colon of `db:service_started:true,cache:service_healthy:false`. */
function servicesIn(label: string): readonly string[] {
  return label.split(',').flatMap((part) => part.split(':', 1)[0]?.trim() || []);
}

/** All dependencies between containers of one environment. */
function dependenciesIn(containers: readonly Container[]): readonly Dependency[] {
  const byId = new Map(containers.map((container) => [container.id, container]));
  const byService = new Map<string, Container[]>();
  for (const container of containers) {
    const service = serviceOf(container);
    if (service === undefined) continue;
    const same = byService.get(service);
    if (same) same.push(container);
    else byService.set(service, [container]);
  }
  return containers.flatMap((from) => [...networkOf(from, byId), ...composeOf(from, byService)]);
}

function serviceOf({ labels }: Container): string | undefined {
  const project = labels[PROJECT];
  const service = labels[SERVICE];
  return project === undefined || service === undefined ? undefined : `${project}\n${service}`;
}

function networkOf(from: Container, byId: ReadonlyMap<string, Container>): readonly Dependency[] {
  const on = from.networkOf === null ? undefined : byId.get(from.networkOf);
  return on && on !== from ? [{ from, on, why: 'network' }] : [];
}

function composeOf(
  from: Container,
  byService: ReadonlyMap<string, readonly Container[]>,
): readonly Dependency[] {
  const project = from.labels[PROJECT];
  const label = from.labels[DEPENDS_ON];
  if (project === undefined || !label) return [];
  return servicesIn(label).flatMap((service) =>
    (byService.get(`${project}\n${service}`) ?? [])
      .filter((on) => on !== from)
      .map((on) => ({ from, on, why: 'compose' as const })),
  );
}

/** The containers in the order in which an action must go over them; ties and circles stay as they were given. */
export function orderPlan(
  fleet: LiveFleet,
  action: ContainerAction,
  containers: readonly Container[],
): OrderedPlan {
  const inPlan = new Map(containers.map((container) => [containerKey(container), container]));
  const environments = [...new Set(containers.map(({ environmentId }) => environmentId))];
  const all = environments.flatMap((id) =>
    dependenciesIn([...(fleet.containers.get(id)?.values() ?? [])]),
  );
  const isIn = (container: Container) => inPlan.has(containerKey(container));
  const first = new Map<ContainerKey, ContainerKey[]>();
  for (const { from, on } of all) {
    if (!isIn(from) || !isIn(on)) continue;
    const [late, early] = TAKES_AWAY.has(action) ? [on, from] : [from, on];
    first.set(containerKey(late), [...(first.get(containerKey(late)) ?? []), containerKey(early)]);
  }
  const sorted = new Sorted(inPlan, first);
  for (const id of environments) {
    for (const [key, container] of inPlan) if (container.environmentId === id) sorted.put(key);
  }
  return {
    containers: sorted.order,
    needs: sorted.needs,
    fromOutside: all.filter(({ from, on }) => !isIn(from) && isIn(on)),
    toOutside: all.filter(({ from, on }) => isIn(from) && !isIn(on)),
  };
}

/** Puts each behind what it needs; a need that would close a circle is dropped. */
class Sorted {
  readonly order: Container[] = [];
  readonly needs = new Map<ContainerKey, readonly ContainerKey[]>();
  readonly #all: ReadonlyMap<ContainerKey, Container>;
  readonly #first: ReadonlyMap<ContainerKey, readonly ContainerKey[]>;
  readonly #begun = new Set<ContainerKey>();

  constructor(
    all: ReadonlyMap<ContainerKey, Container>,
    first: ReadonlyMap<ContainerKey, readonly ContainerKey[]>,
  ) {
    this.#all = all;
    this.#first = first;
  }

  put(key: ContainerKey): void {
    if (this.#begun.has(key)) return;
    this.#begun.add(key);
    const placed: ContainerKey[] = [];
    for (const need of new Set(this.#first.get(key))) {
      this.put(need);
      if (this.needs.has(need)) placed.push(need);
    }
    const container = this.#all.get(key);
    if (!container) return;
    this.needs.set(key, placed);
    this.order.push(container);
  }
}
