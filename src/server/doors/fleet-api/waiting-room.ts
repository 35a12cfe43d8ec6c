/** Agents that wait for an administrator's word: GET /api/fleet/waiting-room, POST /api/fleet/environments/{id}/link/accept. */
import { z } from 'zod';
import { type Answer, ok } from '../answer.ts';
import { readJson } from '../body.ts';
import { type Exchange, idOf, type Route, route } from '../route-table.ts';
import type { Services } from '../services.ts';

const acceptSchema = z.object({ fingerprint: z.string().max(100) });

/** `statusOf` makes the answer of an acceptance. */
export function waitingRoomRoutes(
  { environments, links, log }: Services,
  statusOf: (id: number) => Promise<Answer>,
): Route[] {
  const list = async (): Promise<Answer> => {
    const views = await environments.list();
    return ok(
      views.flatMap(({ record: { id, name } }) =>
        links.waitingAt(id).map((agent) => ({ environmentId: id, name, ...agent })),
      ),
    );
  };
  const accept = async (exchange: Exchange): Promise<Answer> => {
    const record = await environments.record(idOf(exchange, 'environment'));
    const { fingerprint } = await readJson(exchange.request, acceptSchema);
    await links.enrolment.accept(record, fingerprint);
    const { username: by } = exchange.grant.user;
    log.info({ environment: record.id, fingerprint, by }, 'waiting agent accepted');
    return await statusOf(record.id);
  };
  return [
    route('GET', '/api/fleet/waiting-room', list, 'administrator'),
    route('POST', '/api/fleet/environments/:id/link/accept', accept, 'administrator'),
  ];
}

/** What the routes read, for docs/openapi.json. */
export const waitingRoomBodies = {
  'POST /api/fleet/environments/:id/link/accept': acceptSchema,
};
