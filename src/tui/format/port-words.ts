/** Published ports in the short form people know: `443->8443/tcp`, the protocol left out where it is tcp. */
import type { PublishedPort } from '../../protocol/container.ts';

/** All published ports, each once though it may be bound at several addresses; lowest first. */
export function publishedPorts(ports: readonly PublishedPort[]): readonly string[] {
  const published = ports
    .filter((port) => port.publicPort !== null)
    .sort((a, b) => (a.publicPort ?? 0) - (b.publicPort ?? 0) || a.privatePort - b.privatePort)
    .map((port) => `${port.publicPort}->${port.privatePort}${protocol(port)}`);
  return [...new Set(published)];
}

/** Ports that are open inside but not published. */
export function innerPorts(ports: readonly PublishedPort[]): readonly string[] {
  const inner = ports
    .filter((port) => port.publicPort === null)
    .sort((a, b) => a.privatePort - b.privatePort)
    .map((port) => `${port.privatePort}${protocol(port)}`);
  return [...new Set(inner)];
}

function protocol(port: PublishedPort): string {
  return port.protocol === 'tcp' ? '' : `/${port.protocol}`;
}
