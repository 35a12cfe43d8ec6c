/**
 * /api/endpoints/{id}/docker/…: the engine's own API behind our accounts. Bytes pass through untouched in both directions;
 * credentials of this server stay here. A successful create answers 200, as Portainer's proxy does (openhoat and others rely on it).
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { passUpgrade } from '../../docker/pass-through.ts';
import { Fault } from '../../protocol/fault.ts';
import { OPERATION_HEADER } from '../../protocol/link-api.ts';
import type { KeptEnvironment } from '../fleet/environments.ts';
import type { Grant } from '../fleet/grant.ts';
import { checkMayCall } from '../fleet/permissions.ts';
import { answerOf, sendAnswer, sendRawAnswer } from './answer.ts';
import { answerThrough, DROPPED_HEADERS } from './answer-through.ts';
import { isCredentialParameter } from './credential.ts';
import { checkMayAsk, checkMayUpgrade, judgedBody } from './guarded-call.ts';
import type { GuardedCall } from './judged-call.ts';
import { linkOperation, outcomeAnswer } from './link-operation.ts';
import { touchedTarget, withTarget } from './owned-call.ts';
import { type RequestTarget, withoutParameters } from './request-target.ts';
import type { Services } from './services.ts';
import { noteResize, recordStart } from './session-recording.ts';
import type { UpgradeExchange } from './upgrade-route.ts';

const PROXY_PATH = /^\/api\/endpoints\/([^/]+)\/(?:agent\/)?docker(\/.*)?$/;
const FIRST_BYTE_MS = 10_000;

/** On a stream that becomes raw bytes there is no outcome to remember. */
const DROPPED_FROM_UPGRADES = [...DROPPED_HEADERS, OPERATION_HEADER.toLowerCase()];

/** A call on an engine: which environment, and the engine's path with its encoding untouched. */
export interface ProxyCall {
  readonly environmentId: string;
  readonly enginePath: string;
}

/** Reads a proxied call from a path; undefined for any other path. */
export function readProxyCall(path: string): ProxyCall | undefined {
  const [, environmentId, enginePath] = PROXY_PATH.exec(path) ?? [];
  if (environmentId === undefined) return undefined;
  return { environmentId, enginePath: enginePath ?? '/' };
}

interface Passage {
  readonly record: KeptEnvironment;
  /** Still encoded, with its query. */
  readonly path: string;
  readonly guarded: GuardedCall;
}

/** Finds the environment and checks that the account may make the call; throws a Fault. */
async function admit(
  services: Services,
  call: ProxyCall,
  asked: { grant: Grant; method: string; target: RequestTarget },
): Promise<Passage> {
  if (!/^[1-9]\d{0,14}$/.test(call.environmentId)) {
    throw new Fault('bad-request', 'Invalid environment identifier route parameter', {
      details: 'The identifier is a positive whole number.',
    });
  }
  const record = await services.environments.record(Number(call.environmentId));
  const { grant, method } = asked;
  const { query, search } = asked.target;
  const access = services.access.of(record.id);
  const named = { grant, access, method, path: decodeURIComponent(call.enginePath) };
  // The role first: nobody may ask an engine through us about what is refused anyway.
  checkMayCall(grant, { access, touches: 'usable' }, named);
  const touched = await touchedTarget(services, named, query.get('container'));
  checkMayCall(grant, { access, touches: touched.touches }, named);
  checkMayAsk(named, query);
  const enginePath = withTarget(call.enginePath, named.path, touched);
  const guarded = { ...named, path: decodeURIComponent(enginePath) };
  return {
    record,
    path: `${enginePath}${withoutParameters(search, isCredentialParameter)}`,
    guarded,
  };
}

function refusal(record: KeptEnvironment, fault: Fault): Fault {
  const isSocket = record.url.startsWith('unix:');
  const message = isSocket
    ? 'Unable to proxy the request via the Docker socket'
    : 'Unable to proxy the request to the environment';
  const status = isSocket ? 500 : 502;
  return new Fault(fault.code, message, { status, details: fault.message, cause: fault });
}

/**
 * What may end a proxied call early: the account's sign-out, the environment going down before anything was answered,
 * and, when it is down already, ten seconds without a first byte.
 */
class Ending {
  readonly #stop = new AbortController();
  readonly #release: (() => void)[] = [];

  /** Its reason is the Fault to answer. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  end(reason: Fault): void {
    this.#stop.abort(reason);
  }

  on(signal: AbortSignal, then: () => void): void {
    signal.addEventListener('abort', then, { once: true });
    this.#release.push(() => signal.removeEventListener('abort', then));
  }

  after(delayMs: number, then: () => void): void {
    const timer = setTimeout(then, delayMs);
    this.#release.push(() => clearTimeout(timer));
  }

  [Symbol.dispose](): void {
    for (const release of this.#release) release();
  }
}

const downFault = (record: KeptEnvironment, why: string): Fault =>
  new Fault('environment-down', `Environment "${record.name}" is down: ${why}`);

/** Passes one request on; every refusal is answered here. */
export async function proxyRequest(
  services: Services,
  exchange: {
    readonly request: IncomingMessage;
    readonly response: ServerResponse;
    readonly target: RequestTarget;
    readonly grant: Grant;
    readonly call: ProxyCall;
  },
): Promise<void> {
  const { request, response, target, grant, call } = exchange;
  const method = request.method ?? 'GET';
  const { record, path, guarded } = await admit(services, call, { grant, method, target });
  const body = await judgedBody(services, guarded, request);
  const { route, watcher, life } = services.supervisor.get(record.id);
  const { operations } = services.links;
  const operation = linkOperation(operations, request, { environmentId: record.id, life });
  using ending = new Ending();
  using _held = services.heldGrants.watch(grant, () =>
    ending.end(new Fault('unauthorized', 'The session has ended.')),
  );
  const endUnanswered = (why: string) => (): void => {
    if (!response.headersSent) ending.end(downFault(record, why));
  };
  // What became of a change can be asked for when the link is back; giving it up would be guessing.
  if (operation === undefined) {
    ending.on(watcher.downSignal(), endUnanswered('it has just stopped answering.'));
  }
  if (watcher.environment.connection === 'down') {
    ending.after(FIRST_BYTE_MS, endUnanswered('no answer within 10 seconds.'));
  }
  const asked = { method, path: guarded.path, query: target.query };
  noteResize(services, record.id, asked);
  const opener = { request, grant, environment: record, route, signal: ending.signal };
  const recorder = method === 'POST' ? await recordStart(services, opener, asked) : undefined;
  const engine = { record, route, signal: ending.signal };
  const operationHeaders = operation && { [OPERATION_HEADER]: operation.id };
  const passage = { guarded, engine, path, body, operationHeaders, tap: recorder?.take };
  const failure = await answerThrough(services, { request, response }, passage);
  await recorder?.end();
  if (failure === undefined) return;
  const failed = { fault: failure, request, response };
  const outcome = operation && (await outcomeAnswer(operations, operation, failed));
  sendAnswer(request, response, outcome ?? answerOf(refusal(record, failure)));
}

/** Passes an upgrade (exec, attach, build session) on. */
export async function proxyUpgrade(
  services: Services,
  exchange: UpgradeExchange,
  call: ProxyCall,
): Promise<void> {
  const { request, socket, head, target, grant } = exchange;
  const method = request.method ?? 'GET';
  const { record, path, guarded } = await admit(services, call, { grant, method, target });
  checkMayUpgrade(guarded);
  const { route } = services.supervisor.get(record.id);
  using hold = services.heldGrants.hold(grant);
  const opener = { request, grant, environment: record, route, signal: hold.signal };
  const asked = { method, path: guarded.path, query: target.query };
  const recorder = await recordStart(services, opener, asked);
  try {
    await passUpgrade(request, socket, head, {
      route,
      path,
      dropHeaders: DROPPED_FROM_UPGRADES,
      signal: hold.signal,
      tap: recorder?.take,
      onError: (fault) => sendRawAnswer(socket, answerOf(refusal(record, fault))),
    });
  } finally {
    await recorder?.end();
  }
}
