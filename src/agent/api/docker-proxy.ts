/** Everything that is not the agent's own goes to the engine as it came, its API version kept, and comes back unbuffered. */
import { passThrough, passUpgrade } from '../../docker/pass-through.ts';
import { Fault } from '../../protocol/fault.ts';
import { AGENT_HEADERS, answerFault } from './answers.ts';
import type { AgentParts, ApiCall } from './call.ts';
import { answerRemembered, operationIdOf, runOperation } from './operation-call.ts';

/** Between servers and agents only; the engine has no business with them. */
const AGENT_REQUEST_HEADERS = [
  'x-portaineragent-publickey',
  'x-portaineragent-signature',
  'x-portaineragent-target',
  'x-portaineragent-manageroperation',
  'x-portaineragent-sa-token',
  'x-fleet-operation',
];

/** Resolves when the exchange is over; a Fault when the engine could not be asked at all. */
export async function passToEngine(call: ApiCall, parts: AgentParts): Promise<void> {
  const { request, response } = call;
  const id = operationIdOf(call);
  if (call.upgrade) {
    await passUpgradeOnce(call, parts, id);
    return;
  }
  const options = passOptions(call, parts);
  if (id === undefined) {
    await passThrough(request, response, options);
    return;
  }
  const { fleet, stopping } = parts;
  const faultOf = (fault: Fault) => {
    void parts.docker.check();
    return proxyFault(fault);
  };
  await runOperation(call, { ...options, id, memory: fleet.operations, stopping, faultOf });
}

function passOptions(call: ApiCall, parts: AgentParts) {
  return {
    route: engineRoute(parts),
    path: call.target,
    dropHeaders: AGENT_REQUEST_HEADERS,
    answerHeaders: AGENT_HEADERS,
    signal: parts.stopping,
    onError: (fault: Fault) => {
      void parts.docker.check();
      answerFault(call.response, proxyFault(fault));
    },
  };
}

/** A terminal lives as long as its connection; of its id only the engine's answer is remembered. */
async function passUpgradeOnce(
  call: ApiCall,
  parts: AgentParts,
  id: string | undefined,
): Promise<void> {
  const { request, response, upgrade } = call;
  if (!upgrade) return;
  const options = passOptions(call, parts);
  if (id === undefined) {
    await passUpgrade(request, upgrade.socket, upgrade.head, options);
    return;
  }
  const { operations } = parts.fleet;
  const known = operations.begin(id);
  if (known) {
    answerRemembered(response, known);
    return;
  }
  let status = 0;
  const note = (answered: number) => {
    if (status === 0) operations.end(id, answered, '');
    status = answered;
  };
  const onError = (fault: Fault) => {
    note(proxyFault(fault).status);
    options.onError(fault);
  };
  const all = { ...options, onError, onUpgradeAnswer: note };
  await passUpgrade(request, upgrade.socket, upgrade.head, all);
  note(502);
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
