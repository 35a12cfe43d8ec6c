/** Everything that is not the agent's own goes to the engine as it came, its API version kept, and comes back unbuffered. */
import { passThrough, passUpgrade } from '../../docker/pass-through.ts';
import { Fault } from '../../protocol/fault.ts';
import { AGENT_HEADERS, answerFault } from './answers.ts';
import type { AgentParts, ApiCall } from './call.ts';

/** Between servers and agents only; the engine has no business with them. */
const AGENT_REQUEST_HEADERS = [
  'x-portaineragent-publickey',
  'x-portaineragent-signature',
  'x-portaineragent-target',
  'x-portaineragent-manageroperation',
  'x-portaineragent-sa-token',
];

/** Resolves when the exchange is over; a Fault when the engine could not be asked at all. */
export async function passToEngine(call: ApiCall, parts: AgentParts): Promise<void> {
  const { request, response, target, upgrade } = call;
  const options = {
    route: engineRoute(parts),
    path: target,
    dropHeaders: AGENT_REQUEST_HEADERS,
    answerHeaders: AGENT_HEADERS,
    signal: parts.stopping,
    onError: (fault: Fault) => {
      void parts.docker.check();
      answerFault(response, proxyFault(fault));
    },
  };
  if (upgrade) await passUpgrade(request, upgrade.socket, upgrade.head, options);
  else await passThrough(request, response, options);
}

function engineRoute({ docker }: AgentParts) {
  try {
    return docker.route();
  } catch (error) {
    throw error instanceof Fault ? proxyFault(error) : error;
  }
}

/** Portainer's words and status for an engine that can't be reached (agent protocol, Docker proxy), with our reason as details. */
function proxyFault(fault: Fault): Fault {
  if (fault.code === 'bad-request' || fault.code === 'too-large') return fault;
  return new Fault('no-engine', 'Unable to proxy the request via the Docker socket', {
    details: fault.message,
    cause: fault,
  });
}
