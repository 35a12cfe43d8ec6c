/** What this server offers beyond Portainer's API about links: their status, keys and their change, what became of an operation. */

import type { ServerKeyState } from '../../../protocol/link-api.ts';
import type { Settled } from '../../fleet/operations.ts';
import { rotateAgentKey } from '../../fleet/rotation.ts';
import { type Answer, ok } from '../answer.ts';
import { type Exchange, idOf, type Route, route } from '../route-table.ts';
import type { Services } from '../services.ts';
import { waitingRoomRoutes } from './waiting-room.ts';

/** For how long a question about an operation waits for an agent that is just redialling. */
const REDIAL_PATIENCE_MS = 3_000;

/** /api/fleet/environments/{id}/link, /api/fleet/environments/{id}/rotate and /api/fleet/operations/{id}. */
export function linkRoutes(services: Services): Route[] {
  const { environments, links, supervisor, log } = services;
  const status = async (id: number): Promise<Answer> => {
    const record = await environments.record(id);
    return ok(await links.statusOf(record, supervisor.get(id).watcher.environment));
  };
  const rotate = async (exchange: Exchange): Promise<Answer> => {
    const record = await environments.record(idOf(exchange, 'environment'));
    const { book, switchboard } = links;
    const isQuiet = supervisor.isQuiet.bind(supervisor);
    const parts = { book, switchboard, log, now: Date.now, isQuiet };
    await rotateAgentKey(parts, record, exchange.signal);
    log.info(
      { environment: record.id, by: exchange.grant.user.username },
      'key rotation asked for',
    );
    return status(record.id);
  };
  const outcome = async ({ params, signal }: Exchange): Promise<Answer> => {
    const operation = links.operations.get(params['id'] ?? '');
    const settled: Settled = await links.operations.ask(operation, REDIAL_PATIENCE_MS, signal);
    const { id, environmentId, startedAtMs } = operation;
    return ok({ operationId: id, environmentId, startedAtMs, ...settled });
  };
  return [
    ...serverKeyRoutes(services),
    ...waitingRoomRoutes(services, status),
    route(
      'GET',
      '/api/fleet/environments/:id/link',
      async (exchange) => status(idOf(exchange, 'environment')),
      'administrator',
    ),
    route('POST', '/api/fleet/environments/:id/rotate', rotate, 'administrator'),
    route('GET', '/api/fleet/operations/:id', outcome, 'administrator'),
  ];
}

/** /api/fleet/link-key and /api/fleet/link-key/rotate: the server's own key. */
function serverKeyRoutes({ links, serverKeyChange, log }: Services): Route[] {
  const state = (): Answer => {
    const { current, previous } = links.keys;
    const answer: ServerKeyState = {
      fingerprint: current.fingerprint,
      madeAtMs: current.madeAtMs,
      previousFingerprint: previous?.fingerprint ?? null,
      waitingFor: serverKeyChange.waitingFor,
    };
    return ok(answer);
  };
  const rotate = async ({ grant }: Exchange): Promise<Answer> => {
    await serverKeyChange.change();
    log.info({ by: grant.user.username }, "change of the server's link key asked for");
    return state();
  };
  return [
    route('GET', '/api/fleet/link-key', async () => state(), 'administrator'),
    route('POST', '/api/fleet/link-key/rotate', rotate, 'administrator'),
  ];
}
