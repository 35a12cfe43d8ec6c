/**
 * Which engine the agent serves. DOCKER_HOST and an existing /var/run/docker.sock are taken without asking whether they
 * answer, so that a Docker that starts after the agent is not passed over for a Podman that happened to be up.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDockerAddress, routeTo } from '../docker/docker-address.ts';
import type { NetworkTls } from '../docker/network-route.ts';
import type { EngineRoute } from '../docker/route.ts';
import { asFault, Fault } from '../protocol/fault.ts';

const DOCKER_SOCKET = '/var/run/docker.sock';

/** The engine's route; Fault no-engine when none is found now, bad-settings when DOCKER_HOST or its certificates are wrong. */
export async function chooseEngine(env: NodeJS.ProcessEnv): Promise<EngineRoute> {
  const named = env.DOCKER_HOST;
  if (named) return routeTo(parseDockerAddress(named), tlsOf(env));
  if (existsSync(DOCKER_SOCKET)) return routeTo({ kind: 'socket', path: DOCKER_SOCKET });
  // Loads dockerode, which an agent beside a Docker never needs.
  const { findLocalEngine } = await import('../docker/local-engine.ts');
  const found = await findLocalEngine(env);
  if ('address' in found) return routeTo(parseDockerAddress(found.address));
  const tried = found.tried.map(({ address, reason }) =>
    reason.includes(address) ? reason : `${address}: ${reason}`,
  );
  throw new Fault('no-engine', 'No Docker engine was found on this machine.', {
    details: tried.join(' '),
  });
}

/** TLS as docker's own clients take it from the environment: certificates by DOCKER_CERT_PATH, checked by DOCKER_TLS_VERIFY. */
function tlsOf(env: NodeJS.ProcessEnv): NetworkTls | undefined {
  const folder = env.DOCKER_CERT_PATH;
  if (!folder) return undefined;
  const read = (name: string) => {
    try {
      return readFileSync(join(folder, name));
    } catch (cause) {
      const sentence = `${join(folder, name)} can't be read; DOCKER_CERT_PATH names a folder with ca.pem, cert.pem and key.pem.`;
      throw asFault(cause, 'bad-settings', sentence);
    }
  };
  return {
    ca: read('ca.pem'),
    cert: read('cert.pem'),
    key: read('key.pem'),
    verify: Boolean(env.DOCKER_TLS_VERIFY),
  };
}
