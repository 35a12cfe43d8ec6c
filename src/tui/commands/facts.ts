/** Environments and containers as `--json` prints them; docs/exit-status.md lists the fields, which only ever grow. */
import type { Environment } from '../../protocol/environment.ts';
import { conditionOf, projectOf } from '../model/condition.ts';
import { EMPTY_TALLY, type LiveFleet } from '../model/live-fleet.ts';
import type { Selected } from './selection.ts';

const isoTime = (atMs: number | null) => (atMs === null ? null : new Date(atMs).toISOString());

/** An environment with the counts of its containers; times in ISO 8601 by the clock of whoever watches it. */
export function environmentFacts(fleet: LiveFleet, environment: Environment) {
  const { id, name, kind, address, connection, reason, engine, maintenance } = environment;
  const { total, running, problems } = fleet.tallies.get(id) ?? EMPTY_TALLY;
  return {
    id,
    name,
    kind,
    address,
    connection,
    reason,
    since: isoTime(environment.sinceMs),
    lastSeenAt: isoTime(environment.lastSeenAtMs),
    engine: engine && { kind: engine.kind, version: engine.version, apiVersion: engine.apiVersion },
    containers: { total, running, problems },
    maintenance: maintenance
      ? {
          since: isoTime(maintenance.sinceMs),
          until: isoTime(maintenance.untilMs),
          by: maintenance.by,
          why: maintenance.why,
        }
      : null,
  };
}

/** A container; `isStale` when its environment does not answer and this is what it said last. */
export function containerFacts({ environment, container }: Selected) {
  const { createdAtMs, startedAtMs, finishedAtMs, ...rest } = container;
  const { id, name, image, state, health, exitCode, ports, labels, networks, command } = rest;
  return {
    environment: { id: environment.id, name: environment.name },
    id,
    name,
    image,
    command,
    state,
    health,
    exitCode,
    condition: conditionOf(container),
    isStale: environment.connection !== 'up',
    project: projectOf(container) ?? null,
    createdAt: isoTime(createdAtMs),
    startedAt: isoTime(startedAtMs),
    finishedAt: isoTime(finishedAtMs),
    ports,
    networks,
    labels,
  };
}
