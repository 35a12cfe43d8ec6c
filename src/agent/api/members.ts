/** GET /agents lists the agents of a swarm; this agent answers for its own engine only. */
import { Fault } from '../../protocol/fault.ts';
import type { ApiRoute } from './route-table.ts';

/** 503 as Portainer's agent answers on a standalone engine. */
export const membersRoute: ApiRoute = {
  method: 'GET',
  path: '/agents',
  generations: ['', 'v1', 'v2'],
  access: 'signed',
  body: 'none',
  answer() {
    const words = 'Agent management is not available when running the agent on a standalone engine';
    throw new Fault('not-found', words, { status: 503 });
  },
};
