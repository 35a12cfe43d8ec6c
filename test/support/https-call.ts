/** One HTTPS request of a test to a server with a self-signed certificate, with everything of the answer. */
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { type Agent, request as httpsRequest } from 'node:https';

import { secretsGiven } from './told.ts';

export interface HttpsAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The text as JSON; undefined when it isn't. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely.
  readonly body: any;
}

export interface HttpsCall {
  readonly method?: string;
  readonly headers?: Record<string, string | string[]>;
  /** Text and bytes go as they are, anything else as JSON. */
  readonly body?: unknown;
  /** Keeps connections for many calls; without one each call has its own. */
  readonly agent?: Agent;
  /** Rejects when there is no answer by then. */
  readonly deadlineMs?: number;
}

const JSON_TYPE = 'application/json';

function encode(body: unknown): string | Buffer | undefined {
  if (body === undefined || typeof body === 'string' || Buffer.isBuffer(body)) return body;
  return JSON.stringify(body);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Passwords that were accepted, and keys that were answered. */
function noteSecrets(status: number, sent: unknown, answer: unknown): void {
  if (status >= 300) return;
  const { Password, password, NewPassword } = (sent ?? {}) as Record<string, unknown>;
  secretsGiven('password', Password, password, NewPassword);
  const { jwt, rawAPIKey, EdgeID } = (answer ?? {}) as Record<string, unknown>;
  secretsGiven('key', jwt, rawAPIKey, EdgeID);
}

/** Sends the path exactly as given, unlike fetch; rejects when the connection breaks before the answer ends. */
export function httpsCall(url: string, path: string, call: HttpsCall = {}): Promise<HttpsAnswer> {
  const { hostname, port, protocol } = new URL(url);
  const send = protocol === 'https:' ? httpsRequest : httpRequest;
  const payload = encode(call.body);
  return new Promise((resolve, reject) => {
    const outgoing = send({
      hostname,
      port,
      path,
      method: call.method ?? 'GET',
      rejectUnauthorized: false,
      agent: call.agent ?? false,
      ...(call.deadlineMs !== undefined && { signal: AbortSignal.timeout(call.deadlineMs) }),
      headers: {
        ...(payload !== undefined && { 'Content-Length': Buffer.byteLength(payload) }),
        ...(payload !== undefined && payload !== call.body && { 'Content-Type': JSON_TYPE }),
        ...call.headers,
      },
    });
    outgoing.on('error', reject);
    outgoing.on('upgrade', ({ headers }, socket) => {
      socket.destroy();
      resolve({ status: 101, headers, text: '', body: undefined });
    });
    outgoing.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const { statusCode = 0, headers } = response;
        const body = parse(text);
        noteSecrets(statusCode, call.body, body);
        resolve({ status: statusCode, headers, text, body });
      });
    });
    outgoing.end(payload);
  });
}
