/** Reads the URL of an environment as Portainer's clients write it. */
import { formatDockerAddress, parseDockerAddress } from '../../docker/docker-address.ts';
import { asFault, Fault } from '../../protocol/fault.ts';
import type { EnvironmentType } from '../store/store.ts';

export const DEFAULT_SOCKET_URL = 'unix:///var/run/docker.sock';
const AGENT_PORT = 9001;

export interface AgentAddress {
  readonly host: string;
  readonly port: number;
}

const invalid = (details: string): Fault =>
  new Fault('bad-request', 'Invalid environment URL', { details });

/** `tcp://HOST:PORT`, `https://HOST:PORT` or `HOST[:PORT]`; the port is 9001 unless said. Fault bad-request. */
export function parseAgentAddress(url: string): AgentAddress {
  const bare = url.trim().replace(/^(tcp|https?):\/\//i, '');
  const hasPort = /:\d{1,5}\/?$/.test(bare) && !/^[0-9a-f:]+$/i.test(bare);
  let parsed: ReturnType<typeof parseDockerAddress>;
  try {
    parsed = parseDockerAddress(
      `tcp://${hasPort ? bare : `${bare.replace(/\/$/, '')}:${AGENT_PORT}`}`,
    );
  } catch (thrown) {
    throw invalid(
      asFault(thrown, 'bad-request', 'The URL of an agent is tcp://HOST:PORT.').message,
    );
  }
  if (parsed.kind === 'socket') throw invalid('The URL of an agent is tcp://HOST:PORT.');
  return parsed;
}

/** The server's own address as edge agents shall dial it, without a trailing slash. Fault bad-request in Portainer's words. */
function parseServerUrl(url: string): string {
  const trimmed = url.trim();
  const bad = (details: string): Fault =>
    new Fault('bad-request', 'Unable to parse host', { details });
  if (!/^https?:\/\/[^/|\s]+(\/[^|\s]*)?$/i.test(trimmed) || !URL.canParse(trimmed)) {
    throw bad("Give this server's address as agents reach it, such as https://fleet.example:9443.");
  }
  const { hostname, username, search, hash } = new URL(trimmed);
  if (hostname === 'localhost' || hostname === '') {
    throw bad('The agent runs on another machine: localhost would lead it to itself.');
  }
  if (username !== '' || search !== '' || hash !== '') {
    throw bad('The address has a scheme, a host and a port only.');
  }
  return trimmed.replace(/\/+$/, '');
}

/** The host of an edge environment's URL, without its port. */
export function edgeHostOf(url: string): string {
  return new URL(url).hostname;
}

/** The URL in the one form we keep: unix:///PATH, tcp://HOST:PORT, or https://HOST[:PORT] for edge agents. Fault bad-request. */
export function normaliseUrl(type: EnvironmentType, url: string): string {
  if (type === 4) return parseServerUrl(url);
  if (type === 2) return formatDockerAddress({ kind: 'tcp', ...parseAgentAddress(url) });
  try {
    return formatDockerAddress(parseDockerAddress(url.trim() === '' ? DEFAULT_SOCKET_URL : url));
  } catch (thrown) {
    throw invalid(
      asFault(thrown, 'bad-request', 'The URL is unix:///PATH or tcp://HOST:PORT.').message,
    );
  }
}
