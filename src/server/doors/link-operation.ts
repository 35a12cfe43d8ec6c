/**
 * A change that goes through an agent's link carries an operation id. When the link breaks before the answer, the agent is asked,
 * once it is back, what became of it, and the client gets that as its answer: done, failed, or never arrived.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Fault } from '../../protocol/fault.ts';
import { OPERATION_HEADER } from '../../protocol/link-api.ts';
import type { Operation, Operations, Settled } from '../fleet/operations.ts';
import type { Supervised } from '../fleet/supervisor.ts';
import { type Answer, answerOf } from './answer.ts';

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD']);
const OPERATION_ID = /^[A-Za-z0-9._:-]{1,64}$/;
/** Faults that say by themselves that nothing was sent, or that nobody waits any more. */
const SETTLED_CODES: ReadonlySet<string> = new Set([
  'environment-down',
  'cancelled',
  'unauthorized',
  'bad-request',
  'too-large',
]);

/** Notes the change that a request asks for; undefined for reads and where there is no link in between. */
export function linkOperation(
  operations: Operations,
  request: IncomingMessage,
  { environmentId, life }: { readonly environmentId: number } & Pick<Supervised, 'life'>,
): Operation | undefined {
  if (SAFE_METHODS.has(request.method ?? 'GET') || life() === undefined) return undefined;
  const given = request.headers[OPERATION_HEADER.toLowerCase()];
  if (given !== undefined && (typeof given !== 'string' || !OPERATION_ID.test(given))) {
    throw new Fault('bad-request', 'Invalid operation id', {
      details: `${OPERATION_HEADER} has at most 64 letters, digits, dots, colons, hyphens and underscores.`,
    });
  }
  return operations.note(given ?? randomUUID(), environmentId, () => life() ?? '');
}

/** The answer to a change whose link broke; waits up to a minute for the agent. Undefined when `fault` says it all. */
export async function outcomeAnswer(
  operations: Operations,
  operation: Operation,
  failed: {
    readonly fault: Fault;
    readonly request: IncomingMessage;
    readonly response: ServerResponse;
  },
): Promise<Answer | undefined> {
  const { fault, request, response } = failed;
  if (SETTLED_CODES.has(fault.code)) return undefined;
  const headers = { [OPERATION_HEADER]: operation.id };
  if (!request.complete) {
    const sentence = 'The link to the agent ended before the whole request had reached it.';
    return { ...answerOf(linkLost(sentence, operation)), headers };
  }
  const gone = new AbortController();
  const leave = (): void => gone.abort();
  response.once('close', leave);
  try {
    const settled = await operations.settle(operation, gone.signal);
    const { headers: more, ...answer } = answerTo(settled, operation);
    return { ...answer, headers: { ...headers, ...more } };
  } finally {
    response.off('close', leave);
  }
}

function answerTo(settled: Settled, operation: Operation): Answer {
  switch (settled.state) {
    case 'ended': {
      const { status, body } = settled;
      if (status === 204 || status === 304 || body === '') return { status };
      const isJson = /^\s*[{[]/.test(body);
      return {
        status,
        text: body,
        headers: { 'Content-Type': isJson ? 'application/json' : 'text/plain; charset=utf-8' },
      };
    }
    case 'never-arrived':
      return answerOf(
        new Fault('link-lost', 'The link to the agent ended before the change arrived there.', {
          details: 'Nothing was done. It is safe to ask for it again.',
        }),
      );
    case 'forgotten': {
      const sentence =
        'The agent was started anew while the change was under way, so nobody knows whether it was done. Look at its object before you ask again.';
      return answerOf(linkLost(sentence, operation));
    }
    case 'running':
    case 'not-back': {
      const sentence =
        settled.state === 'running'
          ? 'The link ended while the change was under way; the agent is back and still at it.'
          : 'The link ended while the change was under way, and the agent is not back yet.';
      const { message, details } = linkLost(sentence, operation);
      return answerOf(new Fault('link-lost', message, { details: details ?? '', status: 504 }));
    }
  }
}

function linkLost(sentence: string, { id }: Operation): Fault {
  return new Fault('link-lost', sentence, {
    details: `Ask GET /api/fleet/operations/${id} what became of it.`,
  });
}
