/**
 * The server's side of links as small as it can be: takes edge agents at /api/edge/link behind its own TLS, greets them
 * with a judge of the test's, and calls them over the link.
 */
import { X509Certificate } from 'node:crypto';
import { Agent, type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { EDGE_LINK_PATH } from '../../src/link/dial.ts';
import { formatEdgeKey } from '../../src/link/edge-key.ts';
import { linkFingerprint } from '../../src/link/fingerprint.ts';
import { type AgentHello, greetAgent } from '../../src/link/greeting.ts';
import { joinKey, joinProof, provesJoin } from '../../src/link/join-proof.ts';
import { type Link, type LinkPipe, linkFromServer } from '../../src/link/link.ts';
import { LinkAcceptor } from '../../src/link/link-acceptor.ts';
import type { TlsIdentity } from '../../src/link/tls-pipe.ts';
import { asFault, Fault } from '../../src/protocol/fault.ts';
import { throwAwayIdentity } from './link-pair.ts';
import { certificateFor } from './listeners.ts';

export const ENVIRONMENT_ID = 7;
export const EDGE_ID = 'a5f1c9e2-0000-4000-8000-5e4d3c2b1a09';

export interface CallOptions {
  readonly method?: string;
  readonly body?: string;
  readonly headers?: OutgoingHttpHeaders;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** One link as the server sees it, with node:http over it. */
export class ServerEnd {
  readonly link: Link;
  readonly hello: AgentHello;
  readonly pool: Agent;

  constructor(link: Link, hello: AgentHello) {
    this.link = link;
    this.hello = hello;
    this.pool = new Agent({ keepAlive: true });
    this.pool.createConnection = () => link.open();
  }

  get fingerprint(): string {
    return linkFingerprint(this.link.peerCertificate.publicKey);
  }

  open(
    path: string,
    { method = 'GET', body, headers }: CallOptions = {},
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const options = { agent: this.pool, path, method, headers: headers ?? {} };
      request(options, resolve).on('error', reject).end(body);
    });
  }

  async call(path: string, options: CallOptions = {}): Promise<Answer> {
    const response = await this.open(path, options);
    return { status: response.statusCode ?? 0, body: await text(response) };
  }
}

/** The server's part of the hello over a link that it has opened or been dialled for. */
export async function greet(
  pipe: LinkPipe,
  identity: TlsIdentity,
  options: { judge?: JoinJudge; secret?: string } = {},
): Promise<ServerEnd> {
  const link = await linkFromServer(pipe, { identity, checkPeer: () => undefined });
  const { judge, secret } = options;
  const proof =
    secret === undefined ? {} : { proof: joinProof(joinKey(secret), link.exporter, 'server') };
  const own = { versions: [1], product: 'test', atMs: Date.now(), beatIntervalMs: 1_000, ...proof };
  try {
    const hello = await greetAgent(link.open(), own, (said) => judge?.(said, link));
    return new ServerEnd(link, hello);
  } catch (error) {
    setTimeout(() => void link[Symbol.asyncDispose](), 200).unref();
    throw error;
  }
}

export type JoinJudge = (hello: AgentHello, link: Link) => Fault | undefined;

/** Binds the first agent that proves the EDGE_ID, and from then on takes no other key. */
export class Binding {
  edgeId = EDGE_ID;
  /** The agent's present key, and during a rotation its next. */
  readonly bound = new Set<string>();
  proofs = 0;

  readonly judge: JoinJudge = (hello, link) => {
    if (hello.proof !== undefined) this.proofs += 1;
    const shown = linkFingerprint(link.peerCertificate.publicKey);
    if (hello.environmentId !== ENVIRONMENT_ID) return new Fault('forbidden', 'Which one?');
    if (this.bound.has(shown)) return undefined;
    if (this.bound.size > 0) return new Fault('forbidden', 'This EDGE_ID is used up.');
    if (!provesJoin(hello.proof, joinKey(this.edgeId), link.exporter, 'agent')) {
      return new Fault('forbidden', 'This EDGE_ID is not the one of the environment.');
    }
    this.bound.add(shown);
    return undefined;
  };
}

export interface LinkServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** The certificate of its outer TLS, self-signed for localhost and 127.0.0.1. */
  readonly certificate: string;
  identity: TlsIdentity;
  readonly binding: Binding;
  readonly edgeKey: string;
  /** The next link that is made, or the oldest one that nobody has asked for yet. */
  next(): Promise<ServerEnd>;
  /** The next Fault of a link that could not be made. */
  nextFailure(): Promise<Fault>;
  /** Cuts every connection, as a cable does. */
  cut(): void;
}

/** Hands out values in the order they came. */
class Queue<T> {
  readonly #values: T[] = [];
  readonly #waiting: ((value: T) => void)[] = [];

  put(value: T): void {
    const waiting = this.#waiting.shift();
    if (waiting) waiting(value);
    else this.#values.push(value);
  }

  take(): Promise<T> {
    const value = this.#values.shift();
    if (value !== undefined) return Promise.resolve(value);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

export async function startLinkServer(port = 0): Promise<LinkServer> {
  const { cert, key } = await certificateFor();
  const https = createServer({ cert, key }, (_, response) => response.writeHead(404).end());
  const identity = await throwAwayIdentity();
  const acceptor = new LinkAcceptor();
  const made = new Queue<ServerEnd>();
  const failed = new Queue<Fault>();
  const pipes = new Set<LinkPipe>();
  const binding = new Binding();
  await new Promise<void>((resolve) => https.listen(port, '127.0.0.1', resolve));
  const url = `https://127.0.0.1:${(https.address() as AddressInfo).port}`;
  const fingerprint = linkFingerprint(keyOf(identity));
  const server: LinkServer = {
    url,
    port: (https.address() as AddressInfo).port,
    certificate: cert,
    identity,
    binding,
    edgeKey: formatEdgeKey({
      url,
      tunnelAddress: '127.0.0.1:8000',
      fingerprint,
      environmentId: ENVIRONMENT_ID,
    }),
    next: () => made.take(),
    nextFailure: () => failed.take(),
    cut: () => {
      for (const pipe of pipes) pipe.destroy();
    },
    async [Symbol.asyncDispose]() {
      server.cut();
      https.closeAllConnections();
      await new Promise((resolve) => https.close(resolve));
    },
  };
  const dialled = async (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const isForUs = request.url === EDGE_LINK_PATH;
    const pipe = isForUs ? await acceptor.take(request, socket, head) : undefined;
    if (!pipe) return;
    pipes.add(pipe);
    pipe.once('close', () => pipes.delete(pipe));
    made.put(await greet(pipe, server.identity, { judge: binding.judge }));
  };
  https.on('upgrade', (request, socket, head) => {
    dialled(request, socket, head).catch((thrown: unknown) =>
      failed.put(asFault(thrown, 'internal', String(thrown))),
    );
  });
  return server;
}

/** The public key of an identity. */
export function keyOf({ certificatePem }: TlsIdentity) {
  return new X509Certificate(certificatePem).publicKey;
}
