/** The agent in direct mode, put together: engine, pairing, API, listener. Stopping ends every stream within 5 s. */
import { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { loadOrCreateCertificate } from '../link/certificate.ts';
import { fingerprintOf } from '../link/pin.ts';
import { Fault } from '../protocol/fault.ts';
import { agentApi } from './api/agent-api.ts';
import type { UpgradeSide } from './api/call.ts';
import { type DockerHealth, openDockerHealth } from './docker-health.ts';
import { openHttpServer } from './doors/http-server.ts';
import { type Listener, openListener } from './doors/listener.ts';
import { chooseEngine } from './engine-choice.ts';
import { openFleetServices } from './link/fleet-services.ts';
import { openAgentIdentity } from './link/identity.ts';
import type { LinkDoor } from './link/link-door.ts';
import { LinkRecordFile } from './link/link-record.ts';
import { LinkedConnections } from './link/linked-connections.ts';
import type { Log } from './log.ts';
import { openPairing, type Pairing } from './pairing.ts';
import { watchPairingWindow } from './pairing-window.ts';
import type { AgentSettings } from './settings.ts';

export interface DirectAgentOptions {
  readonly settings: AgentSettings;
  /** For DOCKER_HOST and its kin. */
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
}

/** Short calls may end by themselves for so long; what goes on after that is a stream. */
const FINISH_MS = 2_000;
/** Streams have so long to say goodbye before their connections are cut. */
const GOODBYE_MS = 2_000;

/** Resolves when the agent listens, whether its engine answers or not; rejects with a Fault when a setting is wrong. */
export async function openDirectAgent(options: DirectAgentOptions): Promise<AsyncDisposable> {
  const { settings, env, log } = options;
  const { dataFolder } = settings;
  const secret = settings.secret?.reveal();
  const identity = await loadOrCreateCertificate({
    certFile: join(dataFolder, 'agent-cert.pem'),
    keyFile: join(dataFolder, 'agent-key.pem'),
    commonName: 'fleet-agent',
    names: [...new Set(['localhost', hostname()])],
    addresses: ['127.0.0.1', '::1'],
  });
  const pairing = openPairing({ dataFolder, secret, log });
  const docker = await openDockerHealth({ choose: () => chooseEngine(env), log });
  const stopping = new AbortController();
  try {
    const linked = await openLinks({ settings, pairing, docker, log });
    const { fleet, links, takeLink } = linked;
    const parts = { docker, log, hostRoot: settings.hostRoot, dataFolder, fleet };
    const api = agentApi({ ...parts, stopping: stopping.signal }, { pairing, links, takeLink });
    const server = openHttpServer(api);
    links.serveOn(server);
    const listener = await openListener({ ...settings, identity, server });
    const fingerprint = fingerprintOf(new X509Certificate(identity.certificatePem).raw);
    const { host, port } = listener;
    log.info(`Listening on https://${host}:${port}.`, { host, port, certificate: fingerprint });
    const window = guardWindow({ settings, pairing, listener, log });
    return {
      async [Symbol.asyncDispose]() {
        await window[Symbol.asyncDispose]();
        await linked[Symbol.asyncDispose]();
        await stopListening(listener, stopping);
        await docker[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await docker[Symbol.asyncDispose]();
    throw error;
  }
}

interface LinkOptions {
  readonly settings: AgentSettings;
  readonly pairing: Pairing;
  readonly docker: DockerHealth;
  readonly log: Log;
}

/** The door for links, loaded when somebody first knocks: most of its weight is HTTP/2. */
async function openLinks({ settings, pairing, docker, log }: LinkOptions) {
  const { dataFolder } = settings;
  const secret = settings.secret?.reveal();
  const identity = await openAgentIdentity(dataFolder);
  const record = new LinkRecordFile(dataFolder);
  const links = new LinkedConnections();
  const announceServerKey = (fingerprint: string) => pairing.announceNext(fingerprint);
  const fleet = openFleetServices({ dataFolder, docker, identity, record, announceServerKey });
  let door: Promise<LinkDoor> | undefined;
  const openDoor = async () => {
    const module = await import('./link/link-door.ts');
    const accept = links.admit.bind(links);
    return new module.LinkDoor({ identity, pairing, secret, record, log, accept });
  };
  return {
    fleet,
    links,
    async takeLink(request: IncomingMessage, upgrade: UpgradeSide) {
      door ??= openDoor();
      await (await door).take(request, upgrade);
    },
    async [Symbol.asyncDispose]() {
      await (await door)?.[Symbol.asyncDispose]();
      await fleet[Symbol.asyncDispose]();
    },
  };
}

interface Guarded {
  readonly settings: AgentSettings;
  readonly pairing: Pairing;
  readonly listener: Listener;
  readonly log: Log;
}

function guardWindow({ settings, pairing, listener, log }: Guarded): AsyncDisposable {
  if (!pairing.isPaired()) {
    log.info('Not paired yet: the first server or console that contacts this agent will own it.');
  }
  return watchPairingWindow({
    windowMs: settings.pairingWindowMs,
    isPaired: () => pairing.isPaired(),
    onOver() {
      void listener.close();
      listener.cut();
      log.warn(
        'Nobody paired with this agent in time; it listens no more. Restart it to try again.',
      );
    },
  });
}

async function stopListening(listener: Listener, stopping: AbortController): Promise<void> {
  const closed = listener.close();
  const finish = setTimeout(() => {
    stopping.abort(new Fault('environment-down', 'The agent is stopping.'));
  }, FINISH_MS);
  const cut = setTimeout(() => listener.cut(), FINISH_MS + GOODBYE_MS);
  await closed;
  clearTimeout(finish);
  clearTimeout(cut);
  stopping.abort(new Fault('environment-down', 'The agent is stopping.'));
}
