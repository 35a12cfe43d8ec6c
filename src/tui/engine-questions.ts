/** What the console asks engines for a view of one thing: inspect answers, masked unless a person asked otherwise. */
import { createHmac, randomBytes } from 'node:crypto';
import type { Fleet } from '../client/fleet.ts';
import { asFault } from '../protocol/fault.ts';
import type { EffectOf, EffectRows } from './effect-rows.ts';
import { readDocument } from './model/document.ts';
import type { AppEvent, Effect } from './model/event.ts';
import { containerIdOf, environmentIdOf } from './model/live-fleet.ts';

export interface EngineQuestionParts {
  readonly fleet: Pick<Fleet, 'engine' | 'reveal'>;
  readonly send: (event: AppEvent) => void;
  readonly now: () => number;
}

type EngineQuestion = Extract<
  Effect,
  { kind: 'fetch-document' | 'stop-documents' | 'fetch-disk' | 'stop-disk' }
>;

/** Questions beyond these give up the oldest. */
const MOST_OPEN = 8;
const TAG_LENGTH = 6;

/** Asks and tells the answers as events; disposing of it gives up what is under way. */
export class EngineQuestions implements Disposable {
  readonly #parts: EngineQuestionParts;
  readonly #documents = new Map<number, AbortController>();
  #disk = new AbortController();
  /** Of this process alone, so that a tag on a screen tells nothing to anybody who tries values. */
  readonly #tagKey = randomBytes(32);

  constructor(parts: EngineQuestionParts) {
    this.#parts = parts;
  }

  /** Each returns at once and never throws. */
  readonly rows: EffectRows<EngineQuestion['kind']> = {
    'fetch-document': (effect) => this.#fetch(effect),
    'stop-documents': () => this.#stop(),
    'fetch-disk': (effect) => this.#fetchDisk(effect),
    'stop-disk': () => this.#disk.abort(),
  };

  [Symbol.dispose](): void {
    this.#stop();
    this.#disk.abort();
  }

  #stop(): void {
    for (const abort of this.#documents.values()) abort.abort();
    this.#documents.clear();
  }

  #fetch(effect: EffectOf<'fetch-document'>): void {
    const { requestId, isRevealed } = effect;
    const abort = new AbortController();
    for (const [oldest, running] of this.#documents) {
      if (this.#documents.size < MOST_OPEN) break;
      running.abort();
      this.#documents.delete(oldest);
    }
    this.#documents.set(requestId, abort);
    const { send, now } = this.#parts;
    void this.#document(effect, abort.signal)
      .catch((thrown: unknown) => ({
        why: asFault(thrown, 'internal', 'Inspecting the container failed.').message,
      }))
      .then((answer) => {
        this.#documents.delete(requestId);
        if (abort.signal.aborted) return;
        send({ kind: 'document-read', requestId, answer, isRevealed, atMs: now() });
      });
  }

  #fetchDisk({ requestId, environmentId }: EffectOf<'fetch-disk'>): void {
    this.#disk.abort();
    this.#disk = new AbortController();
    const { signal } = this.#disk;
    const { fleet, send, now } = this.#parts;
    const measured = async () => ({ usage: await fleet.engine(environmentId).diskUsage(signal) });
    void measured()
      .catch((thrown: unknown) => ({
        why: asFault(thrown, 'internal', 'Measuring the disk failed.').message,
      }))
      .then((answer) => {
        if (!signal.aborted) send({ kind: 'disk-read', requestId, answer, atMs: now() });
      });
  }

  async #document({ key, isRevealed }: EffectOf<'fetch-document'>, signal: AbortSignal) {
    const { fleet } = this.#parts;
    const [environmentId, id] = [environmentIdOf(key), containerIdOf(key)];
    // Asked first: without its note the server's console shows nothing.
    const revealed = isRevealed ? await fleet.reveal?.(environmentId, id, signal) : undefined;
    const answer = await fleet.engine(environmentId).inspect(id, signal);
    if (!isRevealed) return { document: readDocument(answer, (secret) => this.#tag(secret)) };
    const Config = { ...answer.Config, ...(revealed && { Env: [...revealed] }) };
    return { document: readDocument({ ...answer, Config }, undefined) };
  }

  #tag(secret: string): string {
    return createHmac('sha256', this.#tagKey).update(secret).digest('hex').slice(0, TAG_LENGTH);
  }
}
