/** Docker Hub's rate limit, read from the headers of a request that does not count ("Docker Hub pull usage and limits"). */
import { type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { errorCode } from '../../protocol/dial-fault.ts';
import { asFault, Fault } from '../../protocol/fault.ts';

export interface PullLimits {
  readonly remaining: number;
  readonly limit: number;
}

export interface PullLimitOptions {
  /** Undefined asks for what anonymous pulls from this address may do. */
  readonly account: { readonly username: string; readonly password: string } | undefined;
  readonly signal: AbortSignal;
  readonly tokenUrl?: string;
  readonly manifestUrl?: string;
}

const REPOSITORY = 'ratelimitpreview/test';
const TOKEN_URL = `https://auth.docker.io/token?service=registry.docker.io&scope=repository:${REPOSITORY}:pull`;
const MANIFEST_URL = `https://registry-1.docker.io/v2/${REPOSITORY}/manifests/latest`;
const DEADLINE_MS = 5_000;
const ANSWER_LIMIT_BYTES = 256 << 10;

/** Undefined when Docker Hub can't be reached or sets no limit; Fault wrong-password when it refuses the account. */
export async function pullLimits(options: PullLimitOptions): Promise<PullLimits | undefined> {
  const { account, tokenUrl = TOKEN_URL, manifestUrl = MANIFEST_URL } = options;
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(DEADLINE_MS)]);
  const basic = account
    ? `Basic ${Buffer.from(`${account.username}:${account.password}`).toString('base64')}`
    : undefined;
  try {
    const granted = await call(tokenUrl, { method: 'GET', authorization: basic, signal });
    if (granted.status === 401) {
      throw new Fault('wrong-password', 'Docker Hub refuses this user name or password.');
    }
    const { token } = JSON.parse(granted.body) as { token?: unknown };
    const authorization = `Bearer ${String(token)}`;
    const { headers } = await call(manifestUrl, { method: 'HEAD', authorization, signal });
    return limitsOf(headers);
  } catch (error) {
    if (error instanceof Fault) throw error;
    if (errorCode(error) !== '' || error instanceof SyntaxError || signal.aborted) return undefined;
    throw asFault(error, 'internal', "Docker Hub's limits can't be read.");
  }
}

function limitsOf(headers: IncomingMessage['headers']): PullLimits | undefined {
  const limit = countOf(headers['ratelimit-limit']);
  const remaining = countOf(headers['ratelimit-remaining']);
  return limit === undefined || remaining === undefined ? undefined : { remaining, limit };
}

/** "100;w=21600" is 100 in six hours. */
function countOf(header: string | string[] | undefined): number | undefined {
  const count = /^\d+/.exec(String(header ?? ''))?.[0];
  return count === undefined ? undefined : Number(count);
}

interface HubCall {
  readonly method: string;
  readonly authorization: string | undefined;
  readonly signal: AbortSignal;
}

interface HubAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

function call(url: string, { method, authorization, signal }: HubCall): Promise<HubAnswer> {
  const send = url.startsWith('https:') ? requestSecure : requestPlain;
  const headers = authorization === undefined ? {} : { Authorization: authorization };
  return new Promise((resolve, reject) => {
    const outgoing = send(url, { method, headers, signal }, (answer) => {
      let body = '';
      answer.setEncoding('utf8');
      answer.on('data', (text: string) => {
        body += text;
        if (body.length > ANSWER_LIMIT_BYTES) outgoing.destroy();
      });
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }),
      );
      answer.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}
