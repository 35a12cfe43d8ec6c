/**
 * This agent's engine as a feed: it watches the engine itself, from the first reader on and through every cut, and
 * streams snapshot, changes and beats. Environment id 0 stands for "this one"; the server knows its number.
 */
import type { ServerResponse } from 'node:http';
import { hostname } from 'node:os';
import { dockerodeEngine } from '../../docker/dockerode-engine.ts';
import { type EngineWatcher, watchEngine } from '../../docker/watcher.ts';
import type { FeedMessage } from '../../protocol/feed.ts';
import type { FeedOpening } from '../../protocol/link-api.ts';
import type { DockerHealth } from '../docker-health.ts';
import { FeedJournal, type JournalLimits } from './feed-journal.ts';
import { foundEngine } from './found-engine.ts';

export interface FeedRequest {
  /** The feed and the sequence number to go on after; undefined for a reader that knows nothing yet. */
  readonly resume?: { readonly feedId: string; readonly sequence: number };
  /** Idle time after which a beat is sent, milliseconds. */
  readonly beatIntervalMs: number;
  readonly signal: AbortSignal;
}

export interface AgentFeedOptions {
  readonly docker: DockerHealth;
  readonly limits?: JournalLimits;
}

const SHORTEST_BEAT_MS = 1_000;
const LONGEST_BEAT_MS = 600_000;

export class AgentFeed implements AsyncDisposable {
  readonly #watcher: EngineWatcher;
  readonly #journal: FeedJournal;
  #seenAtMs = 0;

  constructor({ docker, limits }: AgentFeedOptions) {
    this.#journal = new FeedJournal(limits);
    this.#watcher = watchEngine({
      environment: {
        id: 0,
        name: hostname(),
        kind: 'socket',
        address: docker.state.address ?? 'the engine of this machine',
      },
      engine: foundEngine(docker, dockerodeEngine),
      onChanges: (changes) => this.#journal.append(changes, Date.now()),
      onSeen: (atMs) => {
        this.#seenAtMs = atMs;
      },
    });
  }

  /** Writes the feed as NDJSON until the reader goes, the signal fires, or the reader is too slow for the journal. */
  async stream(response: ServerResponse, request: FeedRequest): Promise<void> {
    const reader = new Reader(response, request.signal);
    const { opening, position } = this.#open(request);
    try {
      await reader.write(line(opening));
      if (!opening.isResumed) await reader.write(line(this.#snapshot()));
      await this.#follow(reader, position, clampedBeat(request.beatIntervalMs));
    } finally {
      reader.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#watcher[Symbol.asyncDispose]();
  }

  #open({ resume }: FeedRequest): { opening: FeedOpening; position: number } {
    const { id, sequence } = this.#journal;
    const canResume = resume?.feedId === id && this.#journal.after(resume.sequence) !== undefined;
    return {
      opening: {
        kind: 'opening',
        feedId: id,
        isResumed: canResume,
        hasGap: resume !== undefined && !canResume,
      },
      position: canResume ? resume.sequence : sequence,
    };
  }

  async #follow(reader: Reader, start: number, beatMs: number): Promise<void> {
    let position = start;
    const stop = this.#journal.onAppend(() => reader.wake());
    try {
      while (!reader.isGone) {
        const lines = this.#journal.after(position);
        // Too slow: what is due is no longer kept. The reader comes back and is told of the gap.
        if (!lines) return;
        position += lines.length;
        if (lines.length > 0) await reader.write(lines.join(''));
        else if (!(await reader.sleep(beatMs))) await reader.write(line(this.#beat()));
      }
    } finally {
      stop();
    }
  }

  #snapshot(): FeedMessage {
    return {
      kind: 'snapshot',
      sequence: this.#journal.sequence,
      atMs: Date.now(),
      environments: [this.#watcher.environment],
      containers: [...this.#watcher.containers.values()],
    };
  }

  #beat(): FeedMessage {
    const { sequence } = this.#journal;
    const seenAtMs: Record<string, number> = this.#seenAtMs > 0 ? { '0': this.#seenAtMs } : {};
    return { kind: 'beat', sequence, atMs: Date.now(), seenAtMs };
  }
}

/** A response that is written no faster than it is read. */
class Reader {
  readonly #response: ServerResponse;
  readonly #signal: AbortSignal;
  #wakeUp: (isAppend: boolean) => void = () => {};
  readonly #leave = () => this.#wakeUp(true);

  constructor(response: ServerResponse, signal: AbortSignal) {
    this.#response = response;
    this.#signal = signal;
    response.on('close', this.#leave);
    response.on('drain', this.#leave);
    signal.addEventListener('abort', this.#leave, { once: true });
  }

  get isGone(): boolean {
    return this.#signal.aborted || this.#response.destroyed;
  }

  wake(): void {
    this.#wakeUp(true);
  }

  async write(text: string): Promise<void> {
    if (this.isGone || this.#response.write(text)) return;
    while (!this.isGone && this.#response.writableNeedDrain) await this.sleep(LONGEST_BEAT_MS);
  }

  /** True when woken before the time was over. */
  sleep(ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#wakeUp(false), ms);
      this.#wakeUp = (isAppend) => {
        clearTimeout(timer);
        resolve(isAppend);
      };
    });
  }

  close(): void {
    this.#response.off('close', this.#leave).off('drain', this.#leave);
    this.#signal.removeEventListener('abort', this.#leave);
    this.#response.end();
  }
}

function line(message: FeedMessage | FeedOpening): string {
  return `${JSON.stringify(message)}\n`;
}

function clampedBeat(ms: number): number {
  return Number.isFinite(ms) ? Math.min(LONGEST_BEAT_MS, Math.max(SHORTEST_BEAT_MS, ms)) : 10_000;
}
