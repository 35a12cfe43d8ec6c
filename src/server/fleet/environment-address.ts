/** Reads the URL of an environment as Portainer's clients write it. */
import { formatDockerAddress, parseDockerAddress } from '../../docker/docker-address.ts';
import { asFault, Fault } from '../../protocol/fault.ts';

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

/** The URL in the one form we keep: unix:///PATH or tcp://HOST:PORT. Fault bad-request. */
export function normaliseUrl(type: 1 | 2, url: string): string {
  if (type === 2) return formatDockerAddress({ kind: 'tcp', ...parseAgentAddress(url) });
  try {
    return formatDockerAddress(parseDockerAddress(url.trim() === '' ? DEFAULT_SOCKET_URL : url));
  } catch (thrown) {
    throw invalid(
      asFault(thrown, 'bad-request', 'The URL is unix:///PATH or tcp://HOST:PORT.').message,
    );
  }
}
