/**
 * A change that came over a link with an id. It runs once: a second request with the id gets the first one's outcome. And
 * once it has arrived whole it runs to its end, whether the link lives or not, so that its outcome can be told.
 */
import { type IncomingMessage, type ServerResponse, request as sendRequest } from 'node:http';
import { passFault } from '../../docker/pass-through.ts';
import { framingOf, hasBody, requestHeaders, responseHeaders } from '../../docker/relay-headers.ts';
import type { EngineRoute } from '../../docker/route.ts';
import { asFault, Fault } from '../../protocol/fault.ts';
import {
  OPERATION_HEADER,
  OPERATION_MEMORY_MS,
  type OperationOutcome,
} from '../../protocol/link-api.ts';
import { OPERATION_BODY_LIMIT_BYTES, type OperationMemory } from '../link/operation-memory.ts';
import { answerText, faultWords } from './answers.ts';
import type { ApiCall } from './call.ts';

export interface OperationOptions {
  readonly id: string;
  readonly memory: OperationMemory;
  readonly route: EngineRoute;
  readonly dropHeaders: readonly string[];
  readonly answerHeaders: Readonly<Record<string, string>>;
  readonly stopping: AbortSignal;
  /** What to answer when the engine could not be asked. */
  faultOf(fault: Fault): Fault;
}

/** The id of a change that came over a link; undefined for anything else. Fault bad-request for a malformed one. */
export function operationIdOf({ request, peer }: ApiCall): string | undefined {
  const id = request.headers[OPERATION_HEADER.toLowerCase()];
  if (!peer || id === undefined || request.method === 'GET' || request.method === 'HEAD') {
    return undefined;
  }
  if (typeof id === 'string' && /^[\x21-\x7e]{1,64}$/.test(id)) return id;
  throw new Fault('bad-request', `${OPERATION_HEADER} must be at most 64 printable characters.`);
}

/** Answers with a remembered outcome; Fault conflict while the first request with this id still runs. */
export function answerRemembered(
  response: ServerResponse,
  outcome: Exclude<OperationOutcome, { state: 'unknown' }>,
): void {
  if (outcome.state === 'running') {
    throw new Fault('conflict', 'The operation with this id is still under way.');
  }
  if (outcome.status === 101) {
    throw new Fault('conflict', 'The terminal with this id was opened before and is not shared.');
  }
  answerText(response, outcome.status, outcome.body);
}

/** Resolves when the engine has answered and everything that can still be delivered is; throws a Fault when it could not be asked. */
export async function runOperation(call: ApiCall, options: OperationOptions): Promise<void> {
  const { response } = call;
  const { id, memory } = options;
  const known = memory.begin(id);
  if (known) {
    answerRemembered(response, known);
    return;
  }
  const running = new AbortController();
  try {
    const incoming = await send(call, options, running.signal);
    const body = await relay(incoming, response, { options, running });
    memory.end(id, incoming.statusCode ?? 502, body);
    response.end();
  } catch (error) {
    running.abort();
    const fault = options.faultOf(passFault(error, options.route));
    memory.end(id, fault.status, faultWords(fault));
    if (response.headersSent) response.destroy();
    else if (!response.destroyed) throw fault;
  }
}

function send(
  { request, target }: ApiCall,
  options: OperationOptions,
  running: AbortSignal,
): Promise<IncomingMessage> {
  const { route, dropHeaders, stopping } = options;
  return new Promise((resolve, reject) => {
    const headers = requestHeaders(request, {
      drop: [...dropHeaders, OPERATION_HEADER],
      set: route.headers(),
    });
    const outgoing = sendRequest({
      agent: route.agent,
      method: request.method ?? 'POST',
      path: `${route.pathPrefix}${target}`,
      headers: [...headers, ...framingOf(request)],
    });
    const stop = () => outgoing.destroy(stopFault(stopping.reason));
    running.addEventListener('abort', () => outgoing.destroy(), { once: true });
    stopping.addEventListener('abort', stop, { once: true });
    outgoing.once('close', () => stopping.removeEventListener('abort', stop));
    outgoing.on('response', resolve);
    outgoing.on('error', reject);
    outgoing.on('upgrade', (_, socket) => {
      socket.destroy();
      reject(new Fault('bad-peer', 'The engine switched protocols without having been asked to.'));
    });
    if (stopping.aborted) stop();
    if (!hasBody(request)) {
      outgoing.end();
      return;
    }
    request.pipe(outgoing);
    request.once('close', () => {
      if (request.complete) return;
      const sentence = 'The link ended before the whole operation had arrived; it was given up.';
      outgoing.destroy(new Fault('link-lost', sentence));
    });
  });
}

interface Relay {
  readonly options: OperationOptions;
  readonly running: AbortController;
}

/** The answer's first 64 KiB as text; all of it goes to whoever still listens, and it is read to its end in any case. */
async function relay(
  incoming: IncomingMessage,
  response: ServerResponse,
  { options, running }: Relay,
): Promise<string> {
  const kept: Buffer[] = [];
  let size = 0;
  let timer: NodeJS.Timeout | undefined;
  const alone = () => {
    timer = setTimeout(() => running.abort(), OPERATION_MEMORY_MS);
  };
  writeHead(response, incoming, options.answerHeaders);
  response.once('close', alone);
  try {
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      if (size < OPERATION_BODY_LIMIT_BYTES) kept.push(chunk);
      size += chunk.length;
      if (!response.destroyed && !response.write(chunk)) await drained(response);
    }
  } finally {
    response.off('close', alone);
    clearTimeout(timer);
  }
  return Buffer.concat(kept).subarray(0, OPERATION_BODY_LIMIT_BYTES).toString('utf8');
}

function writeHead(
  response: ServerResponse,
  incoming: IncomingMessage,
  more: Readonly<Record<string, string>>,
): void {
  if (response.destroyed) return;
  const { statusCode = 502, statusMessage = '' } = incoming;
  try {
    response.writeHead(statusCode, statusMessage, responseHeaders(incoming, more));
    response.flushHeaders();
  } catch (error) {
    throw asFault(error, 'bad-peer', 'The engine answered with a head that HTTP does not allow.');
  }
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
    if (response.destroyed) done();
  });
}

function stopFault(reason: unknown): Fault {
  return asFault(reason, 'environment-down', 'The agent is stopping.');
}
