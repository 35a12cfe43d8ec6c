/** POST /v2/dockerhub: how many pulls Docker Hub still allows this machine, or null when it can't be asked. */
import { Fault } from '../../protocol/fault.ts';
import { pullLimits } from '../host/pull-limits.ts';
import { answerJson } from './answers.ts';
import { readJsonObject } from './request-body.ts';
import type { ApiRoute } from './route-table.ts';

/** The body is a registry with authentication, username and password (Portainer agent protocol). */
export const dockerHubRoute: ApiRoute = {
  method: 'POST',
  path: '/dockerhub',
  generations: ['v2'],
  access: 'signed',
  body: 'json',
  async answer({ request, response }, { stopping }) {
    const registry = await readJsonObject(request);
    const text = (name: string) => {
      const value = registry.get(name) ?? '';
      if (typeof value === 'string') return value;
      throw new Fault('bad-request', 'Invalid request payload', { details: `${name} is no text` });
    };
    const account =
      registry.get('authentication') === true
        ? { username: text('username'), password: text('password') }
        : undefined;
    answerJson(response, (await pullLimits({ account, signal: stopping })) ?? null);
  },
};
