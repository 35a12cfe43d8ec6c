/**
 * The fleet of one agent, without any server: HTTPS to port 9001, each request signed with this console's own key.
 * The agent's certificate is kept at first contact and any other is refused from then on, whoever signed it.
 */
import { join } from 'node:path';
import { dockerodeEngine } from '../docker/dockerode-engine.ts';
import { networkRoute } from '../docker/network-route.ts';
import { loadOrCreateKey } from '../link/identity.ts';
import { fingerprintOf } from '../link/pin.ts';
import { signatureHeaders } from '../link/signature.ts';
import { Fault } from '../protocol/fault.ts';
import { type AgentAddress, agentPlace } from './agent-address.ts';
import { checkAgent } from './agent-check.ts';
import { configFolder, preparePrivateFolder } from './config-folder.ts';
import { agentPin, pinAgent } from './contexts.ts';
import { type CheckedFleet, oneEngineFleet } from './one-engine-fleet.ts';

export interface AgentFleetOptions extends AgentAddress {
  /** AGENT_SECRET; an agent without one belongs to the first key that it sees. */
  readonly secret?: string | undefined;
  /** A fingerprint to accept in place of the kept one. */
  readonly trust?: string | undefined;
  readonly folder?: string;
}

interface PinKeeper {
  check(certificateDer: Buffer): Fault | undefined;
  /** Writes down what was accepted at first contact. */
  keep(): Promise<void>;
}

function pinKeeper(where: string, pinned: string | undefined, folder: string): PinKeeper {
  let accepted = pinned;
  let kept = pinned;
  return {
    check(certificateDer) {
      const shown = fingerprintOf(certificateDer);
      accepted ??= shown;
      if (shown === accepted) return undefined;
      return new Fault(
        'wrong-certificate',
        `The agent ${where} shows another certificate (${shown}) than at first contact (${accepted}); if it was installed anew, accept it: fleet-tui --agent ${where} --trust ${shown}`,
      );
    },
    async keep() {
      if (accepted === undefined || accepted === kept) return;
      await pinAgent(where, accepted, folder);
      kept = accepted;
    },
  };
}

async function acceptTrust(where: string, folder: string, trust: string): Promise<string> {
  await pinAgent(where, trust, folder);
  return trust;
}

/** The agent's fleet; reads this console's key and the kept certificate from the config folder, making the key if need be. */
export async function agentFleet(options: AgentFleetOptions): Promise<CheckedFleet> {
  const { host, port, secret, trust, folder = configFolder() } = options;
  const where = agentPlace(options);
  await preparePrivateFolder(folder);
  const key = await loadOrCreateKey(join(folder, 'identity'));
  const pinned = trust ? await acceptTrust(where, folder, trust) : await agentPin(where, folder);
  const pin = pinKeeper(where, pinned, folder);
  const route = networkRoute({
    address: `tcp://${where}`,
    host,
    port,
    tls: { verify: false, checkPeer: (certificateDer) => pin.check(certificateDer) },
    headers: () => signatureHeaders(key, secret),
  });
  const engine = dockerodeEngine(route);
  return oneEngineFleet({
    title: `agent ${where}`,
    name: host,
    kind: 'agent',
    route,
    engine,
    check: async (signal) => {
      await checkAgent({ where, route, engine, signal });
      await pin.keep();
    },
  });
}
