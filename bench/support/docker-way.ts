/** Docker calls by different roads to the same engine: its own socket, a forwarded port, our server's proxy. */
import {
  Agent as HttpAgent,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type RequestOptions,
  request,
} from 'node:http';
import { Agent as HttpsAgent, request as requestTls } from 'node:https';
import type { Duplex, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { TestServer } from '../../test/support/server.ts';

export interface Call {
  /** Engine path and query. */
  readonly path: string;
  readonly method?: string;
  readonly body?: string | Readable;
  readonly headers?: OutgoingHttpHeaders;
}

export interface DockerWay {
  readonly name: string;
  /** Sends the call over a kept connection; resolves with the head of the answer. */
  call(call: Call): Promise<IncomingMessage>;
  /** A hijacked connection: resolves after the engine's 101. */
  hijack(call: Call): Promise<Duplex>;
}

interface Road {
  readonly where: RequestOptions;
  readonly isTls: boolean;
  readonly prefix: string;
  readonly headers: OutgoingHttpHeaders;
}

/** Straight to something that speaks the engine's API: a unix socket or a port of 127.0.0.1, in plain or TLS. */
export function plainWay(name: string, where: RequestOptions, isTls = false): DockerWay {
  return new RoadWay(name, { where, isTls, prefix: '', headers: {} });
}

/** Through the server's proxy to one of its environments, with an API key as scripts use it. */
export async function serverWay(name: string, server: TestServer, id: number): Promise<DockerWay> {
  const key = await server.createApiKey(name);
  const { hostname, port } = new URL(server.url);
  const prefix = `/api/endpoints/${id}/docker`;
  const headers = { 'X-API-Key': key };
  return new RoadWay(name, { where: { hostname, port }, isTls: true, prefix, headers });
}

class RoadWay implements DockerWay {
  readonly name: string;
  readonly #road: Road;
  readonly #agent: HttpAgent;

  constructor(name: string, road: Road) {
    this.name = name;
    this.#road = road;
    const options = { keepAlive: true };
    this.#agent = road.isTls ? new HttpsAgent(options) : new HttpAgent(options);
  }

  call(call: Call): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const sent = this.#request(call, {}).on('response', resolve).on('error', reject);
      if (call.body === undefined || typeof call.body === 'string') sent.end(call.body);
      else call.body.pipe(sent);
    });
  }

  hijack(call: Call): Promise<Duplex> {
    const headers = { Connection: 'Upgrade', Upgrade: 'tcp' };
    return new Promise((resolve, reject) => {
      this.#request(call, headers)
        .on('upgrade', (_, socket: Duplex) => resolve(socket))
        .on('response', ({ statusCode }) => reject(new Error(`no hijack: ${statusCode}`)))
        .on('error', reject)
        .end(call.body);
    });
  }

  #request({ path, method = 'GET', body, headers }: Call, more: OutgoingHttpHeaders) {
    const { where, isTls, prefix, headers: own } = this.#road;
    const isText = typeof body === 'string';
    const framing = isText ? { 'Content-Length': Buffer.byteLength(body) } : {};
    const type = isText ? { 'Content-Type': 'application/json' } : {};
    return (isTls ? requestTls : request)({
      ...where,
      agent: this.#agent,
      rejectUnauthorized: false,
      path: prefix + path,
      method,
      headers: { ...type, ...framing, ...own, ...headers, ...more },
    } as RequestOptions);
  }
}

/** Reads an answer to its end; its size in bytes. Rejects unless its status tells of success. */
export async function sizeOf(answer: IncomingMessage): Promise<number> {
  let bytes = 0;
  const { statusCode = 500 } = answer;
  let text = '';
  await pipeline(answer, async (chunks) => {
    for await (const chunk of chunks as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (statusCode >= 300) text += chunk.toString();
    }
  });
  if (statusCode >= 300) throw new Error(`the call was answered ${statusCode}: ${text}`);
  return bytes;
}

/** How long the work takes, in ms. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}
