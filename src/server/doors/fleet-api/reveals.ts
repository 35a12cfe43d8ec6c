/** Showing the secrets of a container: its environment variables, told once who asked for them is in the log. */
import { dockerodeEngine } from '../../../docker/dockerode-engine.ts';
import { Fault } from '../../../protocol/fault.ts';
import { checkMayDo } from '../../fleet/permissions.ts';
import { type Answer, ok } from '../answer.ts';
import { touchedObject } from '../owned-call.ts';
import { type Exchange, idOf, type Route, route } from '../route-table.ts';
import type { Services } from '../services.ts';

const CONTAINER_ID = /^[0-9A-Za-z][\w.-]{0,254}$/;

/** /api/fleet/environments/{id}/containers/{container}/reveal answers { env: ["NAME=value", …] }. */
export function revealRoutes(services: Services): Route[] {
  const { environments, supervisor, log } = services;
  const reveal = async (exchange: Exchange): Promise<Answer> => {
    const { grant, params, signal, address } = exchange;
    const record = await environments.record(idOf(exchange, 'environment'));
    const id = params['container'] ?? '';
    if (!CONTAINER_ID.test(id)) {
      throw new Fault('bad-request', 'Invalid container identifier route parameter');
    }
    const access = services.access.of(record.id);
    checkMayDo(grant, { access, touches: 'usable' }, 'secrets');
    const { touches } = await touchedObject(services, { grant, access }, { kind: 'container', id });
    checkMayDo(grant, { access, touches }, 'secrets');
    const engine = dockerodeEngine(supervisor.get(record.id).route);
    const { Config: config } = await engine.inspect(id, signal);
    const what = { environment: record.id, container: id, by: grant.user.username, address };
    log.info(what, 'environment variables revealed');
    return ok({ env: config.Env ?? [] });
  };
  return [route('POST', '/api/fleet/environments/:id/containers/:container/reveal', reveal)];
}
