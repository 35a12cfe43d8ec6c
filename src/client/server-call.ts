/** One REST call to a server, over undici with our own dialling (TLS, pins and sentences are there); for sign-in and probes, not for the feed. */
import type { IncomingHttpHeaders } from 'node:http';
import { Fault } from '../protocol/fault.ts';
import type { ServerAddress } from './server-address.ts';
import { answersTls, dialServer } from './server-dial.ts';
import { networkCode, silence, strangeProtocol, tlsPort } from './server-words.ts';

/** How a server may be reached: its address and the fingerprint a person accepted, if any. */
export interface ServerReach {
  readonly address: ServerAddress;
  readonly pin?: string | undefined;
  readonly signal: AbortSignal;
  /** For each step (TCP, TLS, the answer's head); 5 s, and 15 s for the answer, unless said. */
  readonly deadlineMs?: number | undefined;
  /** Of the answer; 1 MiB unless said. */
  readonly limitBytes?: number;
}

export interface ServerCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the server's base path: /api/auth. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
}

export interface ServerAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

const ANSWER_DEADLINE_MS = 15_000;
const ANSWER_LIMIT_BYTES = 1024 * 1024;

async function open(reach: ServerReach, answerMs: number) {
  // By its default export: a bundled CommonJS package has no other.
  const { default: undici } = await import('undici');
  const { address } = reach;
  return new undici.Client(`http${address.isTls ? 's' : ''}://${address.where}`, {
    headersTimeout: answerMs,
    bodyTimeout: answerMs,
    connect: (_options, callback) => {
      dialServer(address, dialOptions(reach)).then(
        ({ socket }) => callback(null, socket),
        (error: unknown) => callback(error as Error, null),
      );
    },
  });
}

function dialOptions({ signal, pin, deadlineMs }: ServerReach) {
  return { signal, pin, ...(deadlineMs === undefined ? {} : { deadlineMs }) };
}

async function readText(
  body: AsyncIterable<Buffer>,
  { address, limitBytes = ANSWER_LIMIT_BYTES }: ServerReach,
): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > limitBytes) {
      throw strangeProtocol(address, `an answer over ${limitBytes >> 20} MiB`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Only a failure that could come from TLS bytes is worth a second connection that asks. */
async function explain(reach: ServerReach, error: unknown, answerMs: number): Promise<Fault> {
  if (error instanceof Fault) return error;
  if (reach.signal.aborted)
    return new Fault('cancelled', 'The call was given up.', { cause: error });
  const { address } = reach;
  const code = networkCode(error) ?? '';
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT')
    return silence(address, 'an HTTP request', answerMs);
  if (!address.isTls && (await answersTls(address, dialOptions(reach)))) return tlsPort(address);
  return strangeProtocol(address, error);
}

/** The answer, whatever its status; rejects with a Fault that says in one sentence why there was none. */
export async function callServer(reach: ServerReach, call: ServerCall): Promise<ServerAnswer> {
  const answerMs = reach.deadlineMs ?? ANSWER_DEADLINE_MS;
  const client = await open(reach, answerMs);
  try {
    const { statusCode, headers, body } = await client.request({
      method: call.method,
      path: `${reach.address.basePath}${call.path}`,
      headers: {
        accept: 'application/json',
        ...call.headers,
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      signal: reach.signal,
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    });
    return { status: statusCode, headers, text: await readText(body, reach) };
  } catch (error) {
    throw await explain(reach, error, answerMs);
  } finally {
    await client.destroy();
  }
}

/** The body as JSON, or undefined when it is none. */
export function jsonOf(answer: ServerAnswer): unknown {
  try {
    return JSON.parse(answer.text);
  } catch {
    return undefined;
  }
}
