/**
 * The fleet of one agent, without any server: over a link where the agent offers one, else HTTPS to port 9001, each request
 * signed with this console's own key. What the agent shows at first contact is kept, and any other refused from then on.
 */
import { join } from 'node:path';
import { dockerodeEngine } from '../docker/dockerode-engine.ts';
import { networkRoute } from '../docker/network-route.ts';
import type { EngineRoute } from '../docker/route.ts';
import { loadOrCreateKey } from '../link/identity.ts';
import { fingerprintOf } from '../link/pin.ts';
import { signatureHeaders } from '../link/signature.ts';
import { Fault } from '../protocol/fault.ts';
import { type AgentAddress, agentPlace } from './agent-address.ts';
import { checkAccess, checkIsAgent, notAccepted } from './agent-check.ts';
import type { AgentLink } from './agent-link.ts';
import { configFolder, preparePrivateFolder } from './config-folder.ts';
import type { AgentPin } from './context-shape.ts';
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
  /** Writes down what was accepted at first contact, and the link key if there is one. */
  keep(linkFingerprint: string | undefined): Promise<void>;
}

function pinKeeper(where: string, pinned: AgentPin | undefined, folder: string): PinKeeper {
  let accepted = pinned?.fingerprint;
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
    async keep(linkFingerprint) {
      if (accepted === undefined) return;
      const isKept = accepted === kept?.fingerprint && linkFingerprint === kept.linkFingerprint;
      if (isKept) return;
      const linked = linkFingerprint === undefined ? {} : { linkFingerprint };
      const pin: AgentPin = { address: where, fingerprint: accepted, ...linked };
      await pinAgent(pin, folder);
      kept = pin;
    },
  };
}

/** Accepting a certificate by hand starts anew: the link key is learned at the next contact. */
async function acceptTrust(address: string, fingerprint: string, folder: string) {
  const pin: AgentPin = { address, fingerprint };
  await pinAgent(pin, folder);
  return pin;
}

/** The agent's fleet; reads this console's key and what is kept of the agent from the config folder, making the key if need be. */
export async function agentFleet(options: AgentFleetOptions): Promise<CheckedFleet> {
  const { host, port, secret, trust, folder = configFolder() } = options;
  const where = agentPlace(options);
  await preparePrivateFolder(folder);
  const key = await loadOrCreateKey(join(folder, 'identity'));
  const pinned = trust ? await acceptTrust(where, trust, folder) : await agentPin(where, folder);
  const pin = pinKeeper(where, pinned, folder);
  const signed = networkRoute({
    address: `tcp://${where}`,
    host,
    port,
    tls: { verify: false, checkPeer: (certificateDer) => pin.check(certificateDer) },
    headers: () => signatureHeaders(key, secret),
  });
  // Loaded here: WebSockets and HTTP/2 take time, and every other fleet does without.
  const { agentLink } = await import('./agent-link.ts');
  const link = agentLink({
    host,
    port,
    key,
    secret,
    checkCertificate: (certificateDer) => pin.check(certificateDer),
    pinned: pinned?.linkFingerprint,
  });
  return fleetOver({ where, host, signed, link, pin });
}

interface Ways {
  readonly where: string;
  readonly host: string;
  readonly signed: EngineRoute;
  readonly link: AgentLink;
  readonly pin: PinKeeper;
}

/** The check decides which way is taken, and comes before everything else. */
function fleetOver({ where, host, signed, link, pin }: Ways): CheckedFleet {
  const overHttp = dockerodeEngine(signed);
  const overLink = dockerodeEngine(link.route);
  let engine = overHttp;
  return oneEngineFleet({
    title: `agent ${where}`,
    name: host,
    kind: 'agent',
    route: {
      ...signed,
      async [Symbol.asyncDispose]() {
        await link[Symbol.asyncDispose]();
        await signed[Symbol.asyncDispose]();
      },
    },
    get engine() {
      return engine;
    },
    check: async (signal) => {
      const asked = { where, route: signed, engine: overHttp, signal };
      await checkIsAgent(asked);
      const isLinked = await link.establish(signal).catch((thrown: unknown) => {
        throw isRefusal(thrown) ? notAccepted(where, thrown) : thrown;
      });
      if (!isLinked) await checkAccess(asked);
      engine = isLinked ? overLink : overHttp;
      await pin.keep(link.fingerprint);
    },
  });
}

function isRefusal(thrown: unknown): boolean {
  return thrown instanceof Fault && thrown.code === 'forbidden';
}
