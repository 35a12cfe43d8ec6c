/**
 * How an admitted call is answered: by the engine's bytes as they are, by an answer told anew for the account, or by a creation
 * whose owner is written down.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { passThrough } from '../../docker/pass-through.ts';
import { countPassing } from '../../link/passing-bytes.ts';
import { createdKind } from '../../protocol/docker-object.ts';
import { asFault, type Fault } from '../../protocol/fault.ts';
import { isLimited } from '../fleet/permissions.ts';
import { type Answer, SAFE_HEADERS, sendAnswer } from './answer.ts';
import { CREDENTIAL_HEADERS } from './credential.ts';
import type { AskedEngine } from './engine-object.ts';
import { isToldAnew, toldAnswer } from './guarded-call.ts';
import type { GuardedCall } from './judged-call.ts';
import { tellsEvents } from './owned-answer.ts';
import { createdAnswer, passedHeaders, type ReadBody } from './owned-creation.ts';
import { forgetRemoved, ownedEvents } from './owned-events.ts';
import type { Services } from './services.ts';

/** Never taken from a client: they would be sent beside our own signature. */
const SIGNATURE_HEADERS = ['x-portaineragent-publickey', 'x-portaineragent-signature'];
/** Request headers that stay here. */
export const DROPPED_HEADERS = [...CREDENTIAL_HEADERS, ...SIGNATURE_HEADERS];

export interface AdmittedCall {
  readonly guarded: GuardedCall;
  readonly engine: AskedEngine;
  /** Still encoded, with its query. */
  readonly path: string;
  /** As it was judged; undefined when it goes on unread. */
  readonly body: ReadBody | undefined;
  /** For the engine's agent and for the client. */
  readonly operationHeaders: Readonly<Record<string, string>> | undefined;
  /** Is given the bytes that pass; never those of an answer told anew. */
  readonly tap: ((bytes: Buffer) => void) | undefined;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Answers; resolves with the Fault when nothing was answered. */
export async function answerThrough(
  services: Services,
  exchange: Exchange,
  call: AdmittedCall,
): Promise<Fault | undefined> {
  const own = ownAnswer(services, exchange, call);
  if (own === undefined) return await passed(services, exchange, call);
  try {
    const { headers, ...answer } = await own;
    const all = { ...call.operationHeaders, ...headers };
    sendAnswer(exchange.request, exchange.response, { ...answer, headers: all });
    return undefined;
  } catch (thrown) {
    const ending: unknown = call.engine.signal.reason;
    return asFault(ending ?? thrown, 'internal', 'The answer could not be told.');
  }
}

function ownAnswer(
  services: Services,
  { request }: Exchange,
  { guarded, engine, path, body, operationHeaders }: AdmittedCall,
): Promise<Answer> | undefined {
  if (isToldAnew(services, guarded)) return toldAnswer(services, guarded, engine, path);
  if (body === undefined || createdKind(guarded.method, guarded.path) === undefined) {
    return undefined;
  }
  const headers = { ...passedHeaders(request), ...operationHeaders };
  return createdAnswer(services, { call: guarded, engine, path, body, headers });
}

async function passed(
  services: Services,
  { request, response }: Exchange,
  { guarded, engine, path, body, operationHeaders, tap }: AdmittedCall,
): Promise<Fault | undefined> {
  const { grant, access } = guarded;
  const isNarrow = tellsEvents(guarded.path) && isLimited(grant, access);
  let failure: Fault | undefined;
  await passThrough(request, response, {
    route: engine.route,
    path,
    dropHeaders: isNarrow ? [...DROPPED_HEADERS, 'accept-encoding'] : DROPPED_HEADERS,
    signal: engine.signal,
    ...(body && { body: body.bytes }),
    tap: (bytes) => {
      countPassing(bytes.length);
      tap?.(bytes);
    },
    ...(isNarrow && { filter: ownedEvents(services, guarded, engine) }),
    ...(operationHeaders && { addHeaders: operationHeaders }),
    answerHeaders: { ...SAFE_HEADERS, ...operationHeaders },
    onError: (fault) => {
      failure = fault;
    },
  });
  if (response.statusCode < 300) await forgetRemoved(services, guarded, engine);
  return failure;
}
