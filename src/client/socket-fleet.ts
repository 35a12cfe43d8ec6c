/** The fleet of one Docker engine reached directly: a Unix socket, or TCP. */
import { hostname } from 'node:os';
import { parseDockerAddress, routeTo } from '../docker/docker-address.ts';
import { dockerodeEngine } from '../docker/dockerode-engine.ts';
import { type CheckedFleet, oneEngineFleet } from './one-engine-fleet.ts';

/** `unix:///var/run/docker.sock` or `tcp://10.0.0.7:2375`; Fault bad-settings for anything else. */
export function socketFleet(address: string): CheckedFleet {
  const parsed = parseDockerAddress(address);
  const route = routeTo(parsed);
  return oneEngineFleet({
    title: route.address,
    name: parsed.kind === 'socket' ? hostname() : parsed.host,
    kind: parsed.kind,
    route,
    engine: dockerodeEngine(route),
  });
}
