/** What containers use, as the server measured it last: GET /api/fleet/stats and /api/fleet/environments/{id}/stats…. */
import { Fault } from '../../../protocol/fault.ts';
import { seesContainer } from '../../fleet/container-sight.ts';
import type { Grant } from '../../fleet/grant.ts';
import { checkMaySee, maySee } from '../../fleet/permissions.ts';
import { ok } from '../answer.ts';
import { type Exchange, idOf, type Route, route } from '../route-table.ts';
import type { Services } from '../services.ts';

/** As many as a large terminal shows at once. */
const MOST_IDS = 200;
const ID = /^[0-9a-f]{12,64}$/;

/** Every account reads what it may see; nothing here makes the server ask an engine. */
export function statsRoutes(services: Services): Route[] {
  const { environments, access, samplers } = services;
  const seenBy = (grant: Grant, environmentId: number) => (one: { readonly id: string }) =>
    seesContainer(services, grant, environmentId, one.id);
  const environmentOf = async (exchange: Exchange): Promise<number> => {
    const record = await environments.record(idOf(exchange, 'environment'));
    checkMaySee(exchange.grant, access.of(record.id));
    return record.id;
  };
  return [
    route('GET', '/api/fleet/stats', async ({ grant }) => {
      const all = await environments.list();
      const mine = all.filter(({ record }) => maySee(grant, access.of(record.id)));
      return ok(
        mine.map(({ record: { id } }) => ({
          environmentId: id,
          figures: samplers.figures(id).filter(seenBy(grant, id)),
        })),
      );
    }),
    route('GET', '/api/fleet/environments/:id/stats', async (exchange) => {
      const id = await environmentOf(exchange);
      const seen = seenBy(exchange.grant, id);
      return ok(samplers.latest(id, idsOf(exchange)).filter(seen));
    }),
    route('GET', '/api/fleet/environments/:id/stats/:container/history', async (exchange) => {
      const id = await environmentOf(exchange);
      const container = exchange.params['container'] ?? '';
      if (!seenBy(exchange.grant, id)({ id: container })) return ok([]);
      return ok(samplers.history(id, container));
    }),
  ];
}

function idsOf({ query }: Exchange): readonly string[] | undefined {
  const text = query.get('ids');
  if (text === null) return undefined;
  const ids = text.split(',').filter((id) => id !== '');
  if (ids.length <= MOST_IDS && ids.every((id) => ID.test(id))) return ids;
  throw new Fault('bad-request', 'Invalid query parameter: ids', {
    details: `At most ${MOST_IDS} container ids, separated by commas.`,
  });
}
