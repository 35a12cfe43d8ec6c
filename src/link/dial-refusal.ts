/** What an HTTP answer in place of an open link means: of the server, of the proxy on the way, or of something in front of either. */
import type { IncomingMessage } from 'node:http';
import { Fault } from '../protocol/fault.ts';

const BODY_LIMIT_BYTES = 2_000;
const BODY_DEADLINE_MS = 2_000;
const LONGEST_RETRY_S = 3_600;

/** Who answered, and how far the attempt had come. */
export interface Answerer {
  /** Begins the sentence; without credentials. */
  readonly address: string;
  readonly path: string;
  /** Undefined without a proxy; then the status of its answer to CONNECT, 0 before it. */
  readonly proxyStatus: number | undefined;
}

/** The answer as a Fault; a server's own words are quoted when it sent any. */
export async function refusal(response: IncomingMessage, progress: Answerer): Promise<Fault> {
  const status = response.statusCode ?? 0;
  if (progress.proxyStatus !== undefined && progress.proxyStatus !== 200) {
    response.destroy();
    return proxyRefusal(status, progress.address);
  }
  const retryAfterS = retryAfter(response);
  const more = retryAfterS === undefined ? {} : { retryAfterS };
  const said = ownWords(await firstBytes(response));
  if (said) {
    const code = status === 401 || status === 403 ? 'forbidden' : 'unreachable';
    return new Fault(code, said, { ...more, status });
  }
  return new Fault(status > 501 ? 'unreachable' : 'bad-peer', statusWords(status, progress), {
    ...more,
    status,
  });
}

/** What a proxy that refuses CONNECT with this status means; `proxy` begins the sentence: "The proxy 10.0.0.1:3128". */
export function proxyRefusal(status: number, proxy: string): Fault {
  // Squid answers 407 to wrong credentials, tinyproxy 401.
  if (status === 407 || status === 401) {
    const sentence = `${proxy} wants other credentials (${status}): put them into the proxy's address, http://user:password@host:port.`;
    return new Fault('forbidden', sentence);
  }
  if (status === 403) {
    return new Fault('forbidden', `${proxy} doesn't allow connections to that address (403).`);
  }
  const sentence = `${proxy} can't reach the server (it answers ${status}).`;
  return new Fault('unreachable', sentence);
}

function statusWords(status: number, { address, path }: Answerer): string {
  if (status === 404) {
    return `${address} answers, but knows no ${path} (404). Is it the right address, and does the proxy in front pass WebSockets on?`;
  }
  if (status === 502 || status === 503 || status === 504) {
    return `${address} answers ${status}: a proxy is up, the server behind it is not (or is just starting).`;
  }
  if (status === 200) {
    return `${address} answers with a web page: it is another server, or the proxy in front passes no WebSockets on.`;
  }
  return `${address} answers ${status} in place of opening the link.`;
}

function retryAfter(response: IncomingMessage): number | undefined {
  const seconds = Number(response.headers['retry-after']);
  return seconds > 0 ? Math.min(seconds, LONGEST_RETRY_S) : undefined;
}

/** The `message` of our server's error answer; undefined for anything else, such as a web page. */
function ownWords(body: string): string | undefined {
  try {
    const { message, details } = JSON.parse(body) as { message?: unknown; details?: unknown };
    if (typeof message !== 'string' || message === '') return undefined;
    const hasMore = typeof details === 'string' && details !== '' && !message.includes(details);
    return hasMore ? `${message} ${details}` : message;
  } catch {
    return undefined;
  }
}

async function firstBytes(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  const timer = setTimeout(() => response.destroy(), BODY_DEADLINE_MS);
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > BODY_LIMIT_BYTES) break;
    }
  } catch {
    // A body that breaks off tells no more than its status did.
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(chunks).subarray(0, BODY_LIMIT_BYTES).toString('utf8');
}
