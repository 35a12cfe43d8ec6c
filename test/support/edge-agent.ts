/** A simulated agent: the real link code, dialling and greeting, in front of a pretended engine. Cheap enough for a thousand. */

import { X509Certificate } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { dialLink, EDGE_LINK_PATH } from '../../src/link/dial.ts';
import { type EdgeKey, parseEdgeKey } from '../../src/link/edge-key.ts';
import { linkFingerprint } from '../../src/link/fingerprint.ts';
import { type AgentHello, greetServer, type ServerHello } from '../../src/link/greeting.ts';
import { joinKey, joinProof } from '../../src/link/join-proof.ts';
import { type Link, type LinkPipe, linkFromAgent } from '../../src/link/link.ts';
import { keepLinked, type LinkAttemptEnd, type Redial } from '../../src/link/redial.ts';
import type { TlsIdentity } from '../../src/link/tls-pipe.ts';
import type { Container } from '../../src/protocol/container.ts';
import { Fault } from '../../src/protocol/fault.ts';
import {
  AGENT_FEED_PATH,
  AGENT_OPERATIONS_PATH,
  AGENT_REPORT_PATH,
  AGENT_ROTATE_COMMIT_PATH,
  AGENT_ROTATE_PATH,
  OPERATION_HEADER,
  type OperationOutcome,
} from '../../src/protocol/link-api.ts';
import { type FakeEngine, fakeEngine } from './fake-engine.ts';
import { FakeJournal } from './fake-journal.ts';
import { throwAwayIdentity } from './link-pair.ts';

export interface EdgeAgentOptions {
  readonly edgeKey: string;
  /** Absent for an agent that doesn't know it, or is bound already. */
  readonly edgeId?: string;
  readonly identity?: TlsIdentity;
  readonly name?: string;
  readonly containers?: number;
  /** How many changes it keeps for a server that is away. */
  readonly journalLimit?: number;
  /** Changes its hello before it is sent. */
  readonly forge?: (hello: AgentHello) => AgentHello;
  /** Answers a request in its own way and says so; false leaves it to the agent. */
  readonly turncoat?: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Of the redial's pauses, from 0 up to 1; Math.random by default. */
  readonly random?: () => number;
}

export class EdgeAgent implements AsyncDisposable {
  readonly engine: FakeEngine;
  journal: FakeJournal;
  /** Every end of a link or attempt so far. */
  readonly ends: LinkAttemptEnd[] = [];
  readonly hellos: ServerHello[] = [];
  readonly outcomes = new Map<string, OperationOutcome>();
  /** While true no dial is made: the cable is out. */
  isCut = false;
  identity: TlsIdentity;
  #nextIdentity: TlsIdentity | undefined;
  readonly #key: EdgeKey;
  readonly #options: EdgeAgentOptions;
  readonly #http: Server;
  readonly #redial: Redial;
  readonly #news = new Set<() => void>();
  #link: Link | undefined;
  #pipe: LinkPipe | undefined;

  constructor(options: EdgeAgentOptions, identity: TlsIdentity) {
    this.#options = options;
    this.identity = identity;
    this.#key = parseEdgeKey(options.edgeKey);
    const name = options.name ?? `edge-${this.#key.environmentId}`;
    this.engine = fakeEngine(name, options.containers);
    this.journal = this.newJournal();
    this.#http = createServer((request, response) => void this.#answer(request, response));
    this.#redial = keepLinked({
      dial: (signal) => this.#dial(signal),
      up: (link) => {
        this.#link = link;
        this.#tellNews();
      },
      down: (end) => {
        this.#link = undefined;
        this.ends.push(end);
        this.#tellNews();
      },
      ...(options.random !== undefined && { random: options.random }),
    });
  }

  get link(): Link | undefined {
    return this.#link;
  }

  get fingerprint(): string {
    return fingerprintOf(this.identity);
  }

  /** A journal as after a restart of the agent: another feed, no memory. */
  newJournal(): FakeJournal {
    const name = this.#options.name ?? `edge-${this.#key.environmentId}`;
    const containers = this.engine.ids.map((id, index) => fakeContainer(id, `${name}-${index}`));
    const { journalLimit: limit } = this.#options;
    return new FakeJournal({ name, containers, ...(limit !== undefined && { limit }) });
  }

  /** Resolves when it is greeted and linked. */
  async linked(): Promise<Link> {
    await this.until(() => this.#link !== undefined);
    if (this.#link === undefined) throw new Error('not linked');
    return this.#link;
  }

  /** Resolves with the sentence of the next end or failed attempt that matches. */
  async ended(pattern: RegExp): Promise<LinkAttemptEnd> {
    const find = () => this.ends.find(({ sentence }) => pattern.test(sentence));
    await this.until(() => find() !== undefined);
    const end = find();
    if (end === undefined) throw new Error('no such end');
    return end;
  }

  async until(isTrue: () => boolean): Promise<void> {
    while (!isTrue()) {
      await new Promise<void>((resolve) => this.#news.add(resolve));
    }
  }

  /** Pulls the cable: the TCP connection ends without a word, and no dial succeeds until `heal`. */
  cut(): void {
    this.isCut = true;
    this.#pipe?.destroy();
  }

  heal(): void {
    this.isCut = false;
    this.#redial.retryNow();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#redial[Symbol.asyncDispose]();
    this.#http.close();
    this.#http.closeAllConnections();
  }

  async #dial(signal: AbortSignal): Promise<Link> {
    if (this.isCut) throw new Fault('unreachable', 'The cable is out.');
    const wish = { url: this.#key.url, path: EDGE_LINK_PATH, verify: false } as const;
    const pipe = await dialLink(wish, signal);
    this.#pipe = pipe;
    pipe.on('error', () => undefined);
    let first: ((stream: Duplex) => void) | undefined;
    const opened = new Promise<Duplex>((resolve) => {
      first = resolve;
    });
    const link = await linkFromAgent(pipe, this.#parts(), (stream) => {
      if (first === undefined) this.#http.emit('connection', stream);
      else first(stream);
      first = undefined;
    });
    const ended = link.ended.then(({ sentence }) => {
      throw new Fault('unreachable', sentence);
    });
    ended.catch(() => undefined);
    try {
      const stream = await Promise.race([opened, ended]);
      this.hellos.push(await greetServer(stream, () => this.#hello(link)));
    } catch (thrown) {
      await link[Symbol.asyncDispose]();
      throw thrown;
    }
    return link;
  }

  #parts() {
    return {
      identity: this.identity,
      checkPeer: ({ publicKey }: X509Certificate) =>
        linkFingerprint(publicKey) === this.#key.fingerprint
          ? undefined
          : new Fault('wrong-certificate', 'The server has another key than the EDGE_KEY names.'),
    };
  }

  #hello({ exporter }: Link): AgentHello {
    const { edgeId, forge } = this.#options;
    const hello = {
      versions: [1],
      product: 'fleet-agent simulated',
      atMs: Date.now(),
      environmentId: this.#key.environmentId,
      capabilities: [],
      ...(edgeId !== undefined && { proof: joinProof(joinKey(edgeId), exporter, 'agent') }),
    };
    return forge ? forge(hello) : hello;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.#options.turncoat?.(request, response)) return;
    const url = request.url ?? '';
    const [path = ''] = url.split('?', 1);
    if (path === AGENT_FEED_PATH) this.journal.serve(url, response);
    else if (path === AGENT_REPORT_PATH) this.#report(response);
    else if (path.startsWith(AGENT_OPERATIONS_PATH)) {
      const id = decodeURIComponent(path.slice(AGENT_OPERATIONS_PATH.length));
      response.end(JSON.stringify(this.outcomes.get(id) ?? { state: 'unknown' }));
    } else if (path === AGENT_ROTATE_PATH) await this.#makeNext(response);
    else if (path === AGENT_ROTATE_COMMIT_PATH) await this.#commitNext(request, response);
    else await this.#change(request, response);
  }

  /** A change is done once by its operation id, whether anybody still waits for the answer or not. */
  async #change(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const id = request.headers[OPERATION_HEADER.toLowerCase()];
    request.resume();
    if (typeof id === 'string') {
      if (this.outcomes.has(id)) {
        response.writeHead(409).end();
        return;
      }
      this.outcomes.set(id, { state: 'running', sinceMs: Date.now() });
    }
    await this.engine.answer(request, response);
    if (typeof id === 'string') {
      const { statusCode: status } = response;
      const body = status === 404 ? '{"message":"No such container"}' : '';
      this.outcomes.set(id, { state: 'ended', atMs: Date.now(), status, body });
    }
  }

  #report(response: ServerResponse): void {
    const ends = this.ends.slice(-10).map((end) => ({ ...end, side: 'agent' }));
    const { fingerprint } = this;
    const atMs = Date.now();
    response.end(JSON.stringify({ product: 'simulated', hostName: 'h', atMs, fingerprint, ends }));
  }

  async #makeNext(response: ServerResponse): Promise<void> {
    this.#nextIdentity = await throwAwayIdentity();
    response.end(JSON.stringify({ fingerprint: fingerprintOf(this.#nextIdentity) }));
  }

  async #commitNext(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { fingerprint } = JSON.parse(await text(request)) as { fingerprint: string };
    const next = this.#nextIdentity;
    if (next !== undefined && fingerprintOf(next) === fingerprint) this.identity = next;
    response.writeHead(fingerprint === this.fingerprint ? 204 : 409).end();
  }

  #tellNews(): void {
    const waiting = [...this.#news];
    this.#news.clear();
    for (const tell of waiting) tell();
  }
}

function fingerprintOf({ certificatePem }: TlsIdentity): string {
  return linkFingerprint(new X509Certificate(certificatePem).publicKey);
}

/** Starts to dial at once and for ever, until it is disposed of. */
export async function startEdgeAgent(options: EdgeAgentOptions): Promise<EdgeAgent> {
  return new EdgeAgent(options, options.identity ?? (await throwAwayIdentity()));
}

/** A running container as a feed tells it. */
export function fakeContainer(id: string, name: string): Container {
  return {
    environmentId: 0,
    id,
    name,
    image: 'busybox',
    imageId: 'sha256:1',
    command: 'sleep 1000',
    createdAtMs: 1_700_000_000_000,
    state: 'running',
    health: 'none',
    exitCode: null,
    startedAtMs: 1_700_000_000_000,
    finishedAtMs: null,
    isTimeExact: true,
    ports: [],
    labels: {},
    networks: ['bridge'],
    mountCount: 0,
    networkOf: null,
    restartsSeen: 0,
    oomsSeen: 0,
  };
}
