/** How the agent answers: JSON, nothing, or Portainer's error object. Every answer tells that an agent gave it. */
import type { ServerResponse } from 'node:http';
import { hasBody } from '../../docker/relay-headers.ts';
import { Fault } from '../../protocol/fault.ts';
import { PORTAINER_VERSION } from '../../protocol/version.ts';
import { discardBody } from './request-body.ts';

/** On every answer (Portainer agent protocol, response headers); platform 1 is Docker. */
export const AGENT_HEADERS: Readonly<Record<string, string>> = {
  'Portainer-Agent': PORTAINER_VERSION,
  'Portainer-Agent-API-Version': '2',
  'Portainer-Agent-Platform': '1',
};

/** Status 200 with a compact JSON body, or the status given. */
export function answerJson(response: ServerResponse, body: unknown, status = 200): void {
  answer(response, status, { type: 'application/json', body: JSON.stringify(body) });
}

/** A status and a body that is JSON or text by the look of it. */
export function answerText(response: ServerResponse, status: number, body: string): void {
  const type = /^[[{]/.test(body) ? 'application/json' : 'text/plain; charset=utf-8';
  answer(response, status, body === '' ? undefined : { type, body });
}

/** The body with which a Fault is answered. */
export function faultWords({ message, details = message }: Fault): string {
  return JSON.stringify({ message, details: capitalised(details) });
}

/** A status without a body. */
export function answerEmpty(response: ServerResponse, status: number): void {
  answer(response, status);
}

/** What Go's router says of a path that it does not know. */
export function answerNoRoute(response: ServerResponse): void {
  answer(response, 404, { type: 'text/plain; charset=utf-8', body: '404 page not found\n' });
}

/** Portainer's error object; ends the connection instead when an answer has begun already. */
export function answerFault(response: ServerResponse, fault: Fault): void {
  const { status, retryAfterS } = fault;
  if (retryAfterS !== undefined && !response.headersSent) {
    response.setHeader('Retry-After', String(Math.ceil(retryAfterS)));
  }
  answer(response, status, { type: 'application/json', body: faultWords(fault) });
}

/** The thrown value as a Fault, and whether it was one: whatever was not is a failure to be logged with its cause. */
export function faultOf(thrown: unknown): { readonly fault: Fault; readonly isExpected: boolean } {
  if (thrown instanceof Fault) return { fault: thrown, isExpected: true };
  const fault = new Fault('internal', 'The agent failed; its log has the cause.', {
    cause: thrown,
  });
  return { fault, isExpected: false };
}

interface AnswerBody {
  readonly type: string;
  readonly body: string;
}

function answer(response: ServerResponse, status: number, content?: AnswerBody): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const bytes = Buffer.from(content?.body ?? '');
  for (const [name, value] of Object.entries(AGENT_HEADERS)) response.setHeader(name, value);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  if (content) response.setHeader('Content-Type', content.type);
  if (status !== 204 && status !== 304) response.setHeader('Content-Length', bytes.length);
  response.statusCode = status;
  if (response.req.complete || !hasBody(response.req)) response.end(bytes);
  else answerEarly(response, bytes);
}

/** Before the end of a request's body: the answer goes out whole, and the connection ends a little later. */
function answerEarly(response: ServerResponse, bytes: Buffer): void {
  response.shouldKeepAlive = false;
  if (bytes.length > 0) response.write(bytes);
  else response.flushHeaders();
  void discardBody(response.req).then(() => response.end());
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
