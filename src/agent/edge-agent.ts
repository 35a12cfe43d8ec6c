/** The agent in edge mode, put together: engine, identity, API, and one outbound link. Nothing listens. */
import { chmodSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asFault, Fault } from '../protocol/fault.ts';
import { agentApi } from './api/agent-api.ts';
import { openDockerHealth } from './docker-health.ts';
import { openHttpServer } from './doors/http-server.ts';
import { chooseEngine } from './engine-choice.ts';
import { keepEdgeLink } from './link/edge-link.ts';
import { openFleetServices } from './link/fleet-services.ts';
import { openAgentIdentity } from './link/identity.ts';
import { LinkRecordFile } from './link/link-record.ts';
import { LinkedConnections } from './link/linked-connections.ts';
import { edgeTrust } from './link/server-trust.ts';
import type { Log } from './log.ts';
import { type AgentSettings, EDGE_KEY_FILE, type EdgeSettings } from './settings.ts';

export interface EdgeAgentOptions {
  readonly settings: AgentSettings;
  readonly edge: EdgeSettings;
  /** For DOCKER_HOST and its kin. */
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
}

/** Resolves when it dials, whether a server or an engine answers or not; rejects with a Fault when a setting is wrong. */
export async function openEdgeAgent(options: EdgeAgentOptions): Promise<AsyncDisposable> {
  const { settings, edge, env, log } = options;
  const { dataFolder, hostRoot } = settings;
  const identity = await openAgentIdentity(dataFolder);
  const record = new LinkRecordFile(dataFolder);
  const trust = edgeTrust(edge, record);
  keepEdgeKey(dataFolder, edge);
  const stopping = new AbortController();
  const stack = new AsyncDisposableParts();
  try {
    const docker = stack.use(await openDockerHealth({ choose: () => chooseEngine(env), log }));
    const announceServerKey = (fingerprint: string) => trust.announceNext(fingerprint);
    const services = { dataFolder, docker, identity, record, announceServerKey };
    const fleet = stack.use(openFleetServices(services));
    const links = new LinkedConnections();
    const parts = { docker, log, hostRoot, dataFolder, stopping: stopping.signal, fleet };
    links.serveOn(openHttpServer(agentApi(parts, { links })));
    const { url, environmentId } = edge.key;
    const { fingerprint } = identity;
    log.info('Edge mode: nothing listens here.', { url, environment: environmentId, fingerprint });
    const accept = links.admit.bind(links);
    stack.use(keepEdgeLink({ edge, identity, trust, record, log, accept }));
  } catch (error) {
    await stack.close();
    throw error;
  }
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort(new Fault('environment-down', 'The agent is stopping.'));
      await stack.close();
      record.change({ up: null });
    },
  };
}

/** For starts without EDGE_KEY (Portainer agent protocol, agent_edge_key). */
function keepEdgeKey(dataFolder: string, { keyText }: EdgeSettings): void {
  const file = join(dataFolder, EDGE_KEY_FILE);
  try {
    mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
    writeFileSync(`${file}.new`, keyText, { mode: 0o600 });
    chmodSync(`${file}.new`, 0o600);
    renameSync(`${file}.new`, file);
  } catch (cause) {
    throw asFault(cause, 'bad-settings', `The EDGE_KEY can't be kept in ${file}.`);
  }
}

/** Closed last opened first. */
class AsyncDisposableParts {
  readonly #parts: AsyncDisposable[] = [];

  use<Part extends AsyncDisposable>(part: Part): Part {
    this.#parts.push(part);
    return part;
  }

  async close(): Promise<void> {
    for (const part of this.#parts.splice(0).reverse()) await part[Symbol.asyncDispose]();
  }
}
