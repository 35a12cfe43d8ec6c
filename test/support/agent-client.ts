/** What a server does with an agent: signed HTTPS calls, raw upgrades and WebSockets, by one key. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { type RequestOptions, request } from 'node:https';
import type { Duplex } from 'node:stream';
import { connect, type TLSSocket } from 'node:tls';
import { WebSocket } from 'ws';
import { signatureHeaders } from '../../src/link/signature.ts';

export interface AgentAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON; throws when it is none. */
  json(): unknown;
}

export interface AgentCall {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Sends no signature. */
  readonly isUnsigned?: boolean;
}

export interface AgentPlace {
  readonly host: string;
  readonly port: number;
}

export function newServerKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}

export class AgentClient {
  readonly #place: AgentPlace;
  readonly #key: KeyObject;
  readonly #secret: string | undefined;

  constructor(place: AgentPlace, key = newServerKey(), secret?: string) {
    this.#place = place;
    this.#key = key;
    this.#secret = secret;
  }

  /** The answer, read to its end. */
  async call(path: string, call: AgentCall = {}): Promise<AgentAnswer> {
    const answer = await this.open(path, call);
    let text = '';
    answer.setEncoding('utf8');
    for await (const piece of answer as AsyncIterable<string>) text += piece;
    const { statusCode: status = 0, headers } = answer;
    return { status, headers, text, json: () => JSON.parse(text) as unknown };
  }

  /** The answer's head; its body is the caller's to read. */
  open(path: string, call: AgentCall = {}): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const outgoing = this.begin(path, call);
      outgoing.on('response', resolve);
      outgoing.on('error', reject);
      outgoing.end(call.body);
    });
  }

  /** A request whose body is the caller's to write. */
  begin(path: string, call: AgentCall = {}): ClientRequest {
    return request(this.#options(path, call));
  }

  /** A POST that asks for a raw stream, as the docker command hijacks exec and attach. */
  hijack(path: string, body: unknown): Promise<Duplex> {
    const call = {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Connection: 'Upgrade', Upgrade: 'tcp' },
    };
    return new Promise((resolve, reject) => {
      const outgoing = this.begin(path, call);
      outgoing.on('upgrade', (_, socket, head) => {
        if (head.length > 0) socket.unshift(head);
        resolve(socket);
      });
      outgoing.on('response', ({ statusCode }) => reject(new Error(`status ${statusCode}`)));
      outgoing.on('error', reject);
      outgoing.end(JSON.stringify(body));
    });
  }

  /** Opened, or rejected with the status of the refusal as its message. */
  websocket(path: string): Promise<WebSocket> {
    const { host, port } = this.#place;
    const websocket = new WebSocket(`wss://${host}:${port}${path}`, {
      headers: signatureHeaders(this.#key, this.#secret),
      rejectUnauthorized: false,
    });
    return new Promise((resolve, reject) => {
      websocket.on('open', () => resolve(websocket));
      websocket.on('unexpected-response', (_, answer) => {
        answer.resume();
        reject(new Error(`status ${answer.statusCode}`));
      });
      websocket.on('error', reject);
    });
  }

  /** A TLS connection on which nothing was sent yet. */
  async connect(): Promise<TLSSocket> {
    const socket = connect({ ...this.#place, rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    return socket;
  }

  #options(path: string, { method = 'GET', headers, isUnsigned }: AgentCall): RequestOptions {
    const signed = isUnsigned ? {} : signatureHeaders(this.#key, this.#secret);
    return {
      ...this.#place,
      path,
      method,
      headers: { ...signed, ...headers },
      rejectUnauthorized: false,
      agent: false,
    };
  }
}
