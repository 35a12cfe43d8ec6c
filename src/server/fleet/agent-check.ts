/** Is there an agent at the other end? As a Portainer server asks: GET /ping, 204 and two headers, within 3 s. */

import type { EngineRoute } from '../../docker/route.ts';
import { callRoute } from '../../docker/route-call.ts';
import { Fault } from '../../protocol/fault.ts';

const DEADLINE_MS = 3_000;
const DOCKER_PLATFORM = 1;

/** The agent's version; Fault bad-peer when something else answers, else the faults of a call over the route. */
export async function checkAgent(
  route: EngineRoute,
  signal: AbortSignal,
): Promise<{ version: string }> {
  const answer = await callRoute(route, { path: '/ping', deadlineMs: DEADLINE_MS, signal });
  const version = answer.headers['portainer-agent'];
  const platform = Number(answer.headers['portainer-agent-platform']);
  if (answer.status !== 204 || typeof version !== 'string' || version === '') {
    throw new Fault(
      'bad-peer',
      `${route.address} answers, but not as an agent (GET /ping gave ${answer.status}). Check the address: agents listen on port 9001.`,
    );
  }
  if (!Number.isInteger(platform) || platform === 0) {
    throw new Fault('bad-peer', `The agent at ${route.address} doesn't say its platform.`);
  }
  if (platform !== DOCKER_PLATFORM) {
    throw new Fault(
      'bad-peer',
      `The agent at ${route.address} runs beside Kubernetes, which this version doesn't support.`,
    );
  }
  return { version };
}
