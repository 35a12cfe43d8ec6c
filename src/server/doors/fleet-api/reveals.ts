/** Showing the secrets of a container: its environment variables, told once who asked for them is in the log. */
import { dockerodeEngine } from '../../../docker/dockerode-engine.ts';
import { Fault } from '../../../protocol/fault.ts';
import { checkMayDo } from '../../fleet/permissions.ts';
import { type Answer, ok } from '../answer.ts';
import { type Exchange, idOf, type Route, route } from '../route-table.ts';
import type { Services } from '../services.ts';

const CONTAINER_ID = /^[0-9A-Za-z][\w.-]{0,254}$/;

/** /api/fleet/environments/{id}/containers/{container}/reveal answers { env: ["NAME=value", …] }. */
export function revealRoutes({ environments, access, supervisor, log }: Services): Route[] {
  const reveal = async (exchange: Exchange): Promise<Answer> => {
    const { grant, params, signal, address } = exchange;
    const { record } = await environments.get(idOf(exchange, 'environment'));
    const id = params['container'] ?? '';
    if (!CONTAINER_ID.test(id)) {
      throw new Fault('bad-request', 'Invalid container identifier route parameter');
    }
    checkMayDo(grant, access.of(record.id), 'secrets');
    const engine = dockerodeEngine(supervisor.get(record.id).route);
    const { Config: config } = await engine.inspect(id, signal);
    const what = { environment: record.id, container: id, by: grant.user.username, address };
    log.info(what, 'environment variables revealed');
    return ok({ env: config.Env ?? [] });
  };
  return [route('POST', '/api/fleet/environments/:id/containers/:container/reveal', reveal)];
}
