/** Maintenance over REST: begun and ended for an environment, or for all that are in a group now. */
import { z } from 'zod';
import {
  LONGEST_MAINTENANCE_MS,
  LONGEST_WHY,
  type MaintenanceWish,
  SHORTEST_MAINTENANCE_MS,
} from '../../../protocol/maintenance-wish.ts';
import { checkMayDo } from '../../fleet/permissions.ts';
import { type Answer, NO_CONTENT, ok } from '../answer.ts';
import { readJson } from '../body.ts';
import { type Exchange, idOf, type Route, route } from '../route-table.ts';
import type { Services } from '../services.ts';

const wishSchema = z.object({
  forMs: z.number().int().min(SHORTEST_MAINTENANCE_MS).max(LONGEST_MAINTENANCE_MS),
  why: z.string().trim().min(1).max(LONGEST_WHY),
});

const OF_ENVIRONMENT = '/api/fleet/environments/:id/maintenance';
const OF_GROUP = '/api/fleet/groups/:id/maintenance';

/** Whoever may restart what belongs to nobody may work on an environment; a group is for administrators. */
export function maintenanceRoutes(services: Services): Route[] {
  const one = async (exchange: Exchange): Promise<readonly number[]> => {
    const record = await services.environments.record(idOf(exchange, 'environment'));
    const access = services.access.of(record.id);
    checkMayDo(exchange.grant, { access, touches: 'common' }, 'lifecycle');
    return [record.id];
  };
  const group = async (exchange: Exchange): Promise<readonly number[]> => {
    const { id } = services.groups.get(idOf(exchange, 'environment group'));
    const views = await services.environments.list();
    return views.filter(({ record }) => record.groupId === id).map(({ record }) => record.id);
  };
  return [
    route('PUT', OF_ENVIRONMENT, (exchange) => begin(services, exchange, one)),
    route('DELETE', OF_ENVIRONMENT, (exchange) => end(services, exchange, one)),
    route('PUT', OF_GROUP, (exchange) => begin(services, exchange, group), 'administrator'),
    route('DELETE', OF_GROUP, (exchange) => end(services, exchange, group), 'administrator'),
  ];
}

/** Who may is looked at before what was sent. */
type Meant = (exchange: Exchange) => Promise<readonly number[]>;

async function begin(services: Services, exchange: Exchange, meant: Meant): Promise<Answer> {
  const { maintenance, log } = services;
  await meant(exchange);
  const wish: MaintenanceWish = await readJson(exchange.request, wishSchema);
  // Reading may have taken a while: who may, and what is there, is as it is now.
  const environments = await meant(exchange);
  const by = exchange.grant.user.username;
  const begun = [];
  for (const environmentId of environments) {
    begun.push({ environmentId, ...(await maintenance.begin(environmentId, wish, by)) });
  }
  log.info({ environments, by, ...wish }, 'maintenance begun');
  return ok(begun);
}

async function end(services: Services, exchange: Exchange, meant: Meant): Promise<Answer> {
  const { maintenance, log } = services;
  const environments = await meant(exchange);
  for (const environmentId of environments) await maintenance.end(environmentId);
  log.info({ environments, by: exchange.grant.user.username }, 'maintenance ended');
  return NO_CONTENT;
}

/** What the routes read, for docs/openapi.json. */
export const maintenanceBodies = {
  [`PUT ${OF_ENVIRONMENT}`]: wishSchema,
  [`PUT ${OF_GROUP}`]: wishSchema,
};
