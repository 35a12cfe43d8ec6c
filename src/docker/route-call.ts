/** One small request over a route, answered whole: for calls of our own that need the bare status and headers. */
import { type IncomingHttpHeaders, request } from 'node:http';
import { dialFault } from '../protocol/dial-fault.ts';
import { Fault } from '../protocol/fault.ts';
import { within } from './deadline.ts';
import type { EngineRoute } from './route.ts';

export interface RouteCall {
  /** GET unless said. */
  readonly method?: string;
  /** Engine path with its query, after the route's prefix. */
  readonly path: string;
  /** JSON text. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

export interface RouteAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const ANSWER_LIMIT_BYTES = 64 << 20;

/** The answer, whatever its status; rejects with a Fault (unreachable, timeout, bad-peer, wrong-certificate, cancelled). */
export function callRoute(route: EngineRoute, call: RouteCall): Promise<RouteAnswer> {
  const { signal, deadlineMs } = call;
  return within({ signal, deadlineMs, address: route.address }, (stop) =>
    send(route, call, stop).catch((thrown: unknown) => {
      throw dialFault(thrown, route.address);
    }),
  );
}

function send(route: EngineRoute, call: RouteCall, signal: AbortSignal): Promise<RouteAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({
      agent: route.agent,
      method: call.method ?? 'GET',
      path: `${route.pathPrefix}${call.path}`,
      headers: { ...call.headers, ...route.headers(), ...bodyHeaders(call) },
      signal,
    });
    outgoing.on('error', reject);
    outgoing.on('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        chunks.push(chunk);
        if (size <= ANSWER_LIMIT_BYTES) return;
        outgoing.destroy();
        reject(new Fault('bad-peer', `${route.address} answered with more than 64 MiB.`));
      });
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks),
        }),
      );
    });
    outgoing.end(call.body);
  });
}

/** An engine refuses a POST whose length is not said. */
function bodyHeaders({ method = 'GET', body }: RouteCall): Record<string, string | number> {
  if (body === undefined) return method === 'GET' ? {} : { 'Content-Length': 0 };
  return { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
}
