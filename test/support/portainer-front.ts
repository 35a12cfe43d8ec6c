/**
 * Our server as a genuine Portainer looks from outside: its own API alone, over HTTPS. What we add is not there (404 as its
 * mux says it), and its Docker proxy passes no connection on: terminals are WebSockets with messages of at most 2 KiB.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { networkRoute } from '../../src/docker/network-route.ts';
import { passThrough, passUpgrade } from '../../src/docker/pass-through.ts';
import { fingerprintOf } from '../../src/link/pin.ts';
import { type Certificate, certificateFor } from './listeners.ts';

export interface PortainerFront extends AsyncDisposable {
  readonly url: string;
  readonly fingerprint: string;
  readonly certificate: Certificate;
  /** Paths of requests and upgrades, in order. */
  readonly asked: readonly string[];
}

const isOurs = (path: string): boolean => path.startsWith('/api/fleet/');

/** Stands before the server at this URL, in the place of one that has gone where there was one. */
export async function startPortainerFront(
  behind: string,
  before?: PortainerFront,
): Promise<PortainerFront> {
  const { hostname, port } = new URL(behind);
  const route = networkRoute({
    address: behind,
    host: hostname,
    port: Number(port),
    tls: { verify: false },
  });
  const certificate = before?.certificate ?? (await certificateFor());
  const asked: string[] = [];
  const server = createServer({ ...certificate }, (request, response) => {
    const path = request.url ?? '/';
    asked.push(path);
    if (isOurs(path)) {
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('404 page not found\n');
      return;
    }
    const onError = () => void response.writeHead(502).end();
    void passThrough(request, response, { route, path, onError });
  });
  server.on('upgrade', (request, socket, head) => {
    const path = request.url ?? '/';
    asked.push(path);
    const refuse = (status: string) => () =>
      void socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    if (isOurs(path)) refuse('404 Not Found')();
    else if (!path.startsWith('/api/websocket/')) refuse('500 Internal Server Error')();
    else
      void passUpgrade(request, socket, head, { route, path, onError: refuse('502 Bad Gateway') });
  });
  server.listen(before === undefined ? 0 : Number(new URL(before.url).port), '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fingerprint: fingerprintOf(derOf(certificate.cert)),
    asked,
    certificate,
    [Symbol.asyncDispose]: () => closed(server, () => route[Symbol.asyncDispose]()),
  };
}

const derOf = (pem: string): Buffer =>
  Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/gu, ''), 'base64');

async function closed(server: Server, then: () => PromiseLike<void>): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await then();
}
