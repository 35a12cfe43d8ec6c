/** What the console asks of the server itself: how a link fares, to accept an agent, to add an environment. */
import type { Fleet } from '../client/fleet.ts';
import { asFault, Fault } from '../protocol/fault.ts';
import type { EffectRows } from './effect-rows.ts';
import type { AppEvent, Effect } from './model/event.ts';

export interface QuestionParts {
  readonly fleet: Pick<Fleet, 'linkStatus' | 'acceptAgent' | 'addEnvironment' | 'noteUnlock'>;
  readonly send: (event: AppEvent) => void;
  readonly now: () => number;
}

export type Question = Extract<
  Effect,
  {
    kind:
      | 'fetch-link'
      | 'stop-link'
      | 'accept-agent'
      | 'add-environment'
      | 'stop-adding'
      | 'note-unlock';
  }
>;

const NOTE_DEADLINE_MS = 10_000;

/** Asks and tells the answers as events; disposing of it gives up what is under way. */
export class ServerQuestions implements Disposable {
  readonly #parts: QuestionParts;
  #link = new AbortController();
  #adding = new AbortController();
  readonly #stop = new AbortController();

  constructor(parts: QuestionParts) {
    this.#parts = parts;
  }

  /** Each returns at once and never throws. */
  readonly rows: EffectRows<Question['kind']> = {
    'fetch-link': ({ requestId, environmentId }) => this.#fetchLink(requestId, environmentId),
    'stop-link': () => this.#link.abort(),
    'accept-agent': (effect) => this.#accept(effect),
    'add-environment': (effect) => this.#add(effect),
    'stop-adding': () => this.#adding.abort(),
    'note-unlock': (effect) => void this.#note(effect),
  };

  [Symbol.dispose](): void {
    this.#link.abort();
    this.#adding.abort();
    this.#stop.abort();
  }

  /** A fleet without a server has nobody who could note it. */
  async #note({ environmentIds, forMs, reason }: Extract<Question, { kind: 'note-unlock' }>) {
    const { fleet, send, now } = this.#parts;
    try {
      const deadline = AbortSignal.timeout(NOTE_DEADLINE_MS);
      const signal = AbortSignal.any([this.#stop.signal, deadline]);
      await fleet.noteUnlock?.({ environmentIds, forMs, reason }, signal);
    } catch (thrown) {
      if (this.#stop.signal.aborted) return;
      const { message } = asFault(thrown, 'internal', 'The server could not be told.');
      const why = `The server has not noted why this was unlocked: ${message}`;
      send({ kind: 'unlock-not-noted', why, atMs: now() });
    }
  }

  #fetchLink(requestId: number, environmentId: number): void {
    this.#link.abort();
    this.#link = new AbortController();
    const { signal } = this.#link;
    const { fleet, send, now } = this.#parts;
    const asked = fleet.linkStatus?.(environmentId, signal) ?? Promise.reject(withoutServer());
    void asked.catch(sentence).then((answer) => {
      if (!signal.aborted) send({ kind: 'link-status', requestId, answer, atMs: now() });
    });
  }

  /** Goes on when the view is left: a word that was given stays given. */
  #accept(effect: Extract<Question, { kind: 'accept-agent' }>): void {
    const { requestId, environmentId, fingerprint } = effect;
    const { signal } = this.#stop;
    const { fleet, send, now } = this.#parts;
    const asked =
      fleet.acceptAgent?.(environmentId, fingerprint, signal) ?? Promise.reject(withoutServer());
    void asked.catch(sentence).then((answer) => {
      if (!signal.aborted) send({ kind: 'link-status', requestId, answer, atMs: now() });
    });
  }

  #add({ requestId, draft }: Extract<Question, { kind: 'add-environment' }>): void {
    this.#adding.abort();
    this.#adding = new AbortController();
    const { signal } = this.#adding;
    const { fleet, send, now } = this.#parts;
    const asked = fleet.addEnvironment?.(draft, signal) ?? Promise.reject(withoutServer());
    void asked.catch(sentence).then((answer) => {
      if (!signal.aborted) send({ kind: 'environment-added', requestId, answer, atMs: now() });
    });
  }
}

function withoutServer(): Fault {
  return new Fault('not-found', 'There is no server behind this console.');
}

function sentence(thrown: unknown): { readonly why: string } {
  return { why: asFault(thrown, 'internal', 'The server could not be asked.').message };
}
