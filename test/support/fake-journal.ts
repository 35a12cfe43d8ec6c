/** The feed of a simulated agent: a snapshot, numbered changes, a bounded memory of them, readers that resume. */
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Container } from '../../src/protocol/container.ts';
import type { Environment } from '../../src/protocol/environment.ts';
import type { Change, FeedMessage } from '../../src/protocol/feed.ts';
import type { FeedOpening } from '../../src/protocol/link-api.ts';

export class FakeJournal {
  feedId: string = randomUUID();
  readonly #kept: Extract<FeedMessage, { kind: 'changes' }>[] = [];
  readonly #containers = new Map<string, Container>();
  readonly #readers = new Set<ServerResponse>();
  readonly #limit: number;
  #environment: Environment;
  #sequence = 0;
  /** What each reader asked for: the query of the feed's path. */
  readonly asked: string[] = [];

  constructor(options: { name: string; containers: readonly Container[]; limit?: number }) {
    this.#limit = options.limit ?? 1000;
    for (const container of options.containers) this.#containers.set(container.id, container);
    this.#environment = {
      id: 0,
      name: options.name,
      kind: 'socket',
      address: 'unix:///var/run/docker.sock',
      connection: 'up',
      sinceMs: Date.now(),
      reason: null,
      engine: {
        kind: 'docker',
        version: '27.0.0',
        apiVersion: '1.46',
        hostName: options.name,
        operatingSystem: 'Linux',
        architecture: 'amd64',
        cpus: 2,
        memoryBytes: 1 << 30,
      },
      lastSeenAtMs: Date.now(),
      tags: [],
    };
  }

  get sequence(): number {
    return this.#sequence;
  }

  /** Tells all readers, and remembers for those who are away. */
  tell(changes: readonly Change[]): void {
    for (const change of changes) {
      if (change.kind === 'container') this.#containers.set(change.container.id, change.container);
      if (change.kind === 'container-gone') this.#containers.delete(change.id);
      if (change.kind === 'environment') this.#environment = change.environment;
    }
    this.#sequence += 1;
    const message = {
      kind: 'changes' as const,
      sequence: this.#sequence,
      atMs: Date.now(),
      changes: [...changes],
    };
    this.#kept.push(message);
    if (this.#kept.length > this.#limit) this.#kept.shift();
    for (const reader of this.#readers) write(reader, message);
  }

  /** The engine comes or goes. */
  setConnection(connection: 'up' | 'down', reason: string | null): void {
    const environment = { ...this.#environment, connection, reason, sinceMs: Date.now() };
    this.tell([{ kind: 'environment', environment }]);
  }

  beat(): void {
    const message = {
      kind: 'beat' as const,
      sequence: this.#sequence,
      atMs: Date.now(),
      seenAtMs: {},
    };
    for (const reader of this.#readers) write(reader, message);
  }

  /** Answers GET AGENT_FEED_PATH. */
  serve(url: string, response: ServerResponse): void {
    const query = new URL(url, 'http://agent').searchParams;
    this.asked.push(query.toString());
    const wanted = query.has('sequence') ? Number(query.get('sequence')) : undefined;
    const isSameFeed = query.get('feed') === this.feedId;
    const oldest = this.#kept[0]?.sequence ?? this.#sequence + 1;
    const isResumed = wanted !== undefined && isSameFeed && wanted >= oldest - 1;
    response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
    const hasGap = wanted !== undefined && !isResumed;
    write(response, { kind: 'opening', feedId: this.feedId, isResumed, hasGap });
    if (isResumed) {
      for (const message of this.#kept) if (message.sequence > wanted) write(response, message);
    } else write(response, this.#snapshot());
    this.#readers.add(response);
    response.once('close', () => this.#readers.delete(response));
  }

  #snapshot(): FeedMessage {
    return {
      kind: 'snapshot',
      sequence: this.#sequence,
      atMs: Date.now(),
      environments: [this.#environment],
      containers: [...this.#containers.values()],
    };
  }
}

function write(reader: ServerResponse, message: FeedMessage | FeedOpening): void {
  reader.write(`${JSON.stringify(message)}\n`);
}
