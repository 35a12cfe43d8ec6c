/**
 * Asks an engine to turn a request into a raw byte stream, as `docker exec` and `attach` do (Engine API, "Hijacking"):
 * the engine answers 101 and the connection is ours, or it answers something else and it is not.
 */
import { type IncomingMessage, request } from 'node:http';
import type { Duplex } from 'node:stream';
import { dialFault } from '../protocol/dial-fault.ts';
import { Fault } from '../protocol/fault.ts';
import { within } from './deadline.ts';
import { engineFault } from './engine-fault.ts';
import type { EngineRoute } from './route.ts';

const HIJACK_DEADLINE_MS = 30_000;
const REFUSAL_LIMIT_BYTES = 64 << 10;

export interface UpgradeRequest {
  readonly method: string;
  /** Engine path with its query, after the route's prefix. */
  readonly path: string;
  /** Flat list of names and values: all headers, with the upgrade's own. */
  readonly headers: readonly string[];
  readonly body: Buffer;
  readonly signal?: AbortSignal;
}

export type UpgradeOutcome =
  | { readonly kind: 'upgraded'; readonly response: IncomingMessage; readonly stream: Duplex }
  | { readonly kind: 'answered'; readonly response: IncomingMessage };

/** Rejects with a Fault when there is no answer at all. The stream is half-open: its two ends end separately. */
export function requestUpgrade(
  route: EngineRoute,
  upgrade: UpgradeRequest,
): Promise<UpgradeOutcome> {
  return new Promise((resolve, reject) => {
    const { method, path, headers, body, signal } = upgrade;
    const outgoing = request({
      agent: route.agent,
      method,
      path: `${route.pathPrefix}${path}`,
      headers: [...headers],
      ...(signal ? { signal } : {}),
    });
    outgoing.on('error', (error) => reject(dialFault(error, route.address)));
    outgoing.on('response', (response) => resolve({ kind: 'answered', response }));
    outgoing.on('upgrade', (response, socket, head) => {
      socket.on('error', () => socket.destroy());
      // The pool's idle time is not for a shell in which nobody types.
      socket.setTimeout(0);
      if (head.length > 0) socket.unshift(head);
      resolve({ kind: 'upgraded', response, stream: socket });
    });
    outgoing.end(body);
  });
}

export interface HijackCall {
  /** Engine path with its query: /exec/ID/start, /containers/ID/attach?stream=1&…. */
  readonly path: string;
  /** JSON body. */
  readonly body: unknown;
  readonly signal: AbortSignal;
}

/** How the stream of a process is had: by taking the connection over, or in another way where that can't be done. */
export interface StreamWay {
  open(route: EngineRoute, call: HijackCall): Promise<Duplex>;
  /** Bytes that are no UTF-8 get lost on it, and so would the frames of a process without a terminal. */
  readonly isTextOnly: boolean;
}

/** POSTs and takes the connection over; rejects with a Fault in the engine's own words when it refuses. */
export function hijack(route: EngineRoute, call: HijackCall): Promise<Duplex> {
  const { signal, path } = call;
  const body = Buffer.from(JSON.stringify(call.body));
  const headers = Object.entries({
    ...route.headers(),
    'Content-Type': 'application/json',
    'Content-Length': String(body.length),
    Connection: 'Upgrade',
    Upgrade: 'tcp',
  }).flat();
  const limits = { signal, deadlineMs: HIJACK_DEADLINE_MS, address: route.address };
  return within(limits, async (stop) => {
    const outcome = await requestUpgrade(route, {
      method: 'POST',
      path,
      headers,
      body,
      signal: stop,
    });
    if (outcome.kind === 'upgraded') {
      if (!stop.aborted) return outcome.stream;
      outcome.stream.destroy();
      throw new Fault('cancelled', `The call to ${route.address} was cancelled.`);
    }
    throw await refusal(outcome.response, route.address);
  });
}

async function refusal(response: IncomingMessage, address: string): Promise<Fault> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > REFUSAL_LIMIT_BYTES) break;
    chunks.push(chunk);
  }
  const statusCode = response.statusCode ?? 0;
  const json = readJson(Buffer.concat(chunks));
  return engineFault({ statusCode, json }, address, 'open a terminal');
}

function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString()) as unknown;
  } catch {
    return body;
  }
}
