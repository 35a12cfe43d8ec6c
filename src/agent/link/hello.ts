/** This agent's part of a hello. */
import { type AgentHello, LINK_VERSIONS } from '../../link/greeting.ts';
import { PRODUCT_VERSION } from '../../protocol/version.ts';

/** Of every hello and report of this agent. */
export const AGENT_PRODUCT = `fleet-agent ${PRODUCT_VERSION}`;

/** What a server may ask of this version of the agent beside Docker and Portainer's agent API. */
const CAPABILITIES: readonly string[] = ['feed', 'operations', 'rotation', 'report'];

/** For environment 0 a direct agent speaks, whose server knows whom it dialled. */
export function agentHello(environmentId: number, proof: string | undefined): AgentHello {
  return {
    versions: LINK_VERSIONS,
    product: AGENT_PRODUCT,
    atMs: Date.now(),
    environmentId,
    capabilities: CAPABILITIES,
    ...(proof === undefined ? {} : { proof }),
  };
}
