/** What the audit screen asks of the server: pages of the trail, and whether it is whole. */
import type { Fleet } from '../client/fleet.ts';
import { asFault, Fault } from '../protocol/fault.ts';
import type { EffectOf, EffectRows } from './effect-rows.ts';
import type { AppEvent } from './model/event.ts';

export interface AuditQuestionParts {
  readonly fleet: Pick<Fleet, 'audit' | 'verifyAudit'>;
  readonly send: (event: AppEvent) => void;
  readonly now: () => number;
}

/** Asks and tells the answers as events; disposing of it gives up what is under way. */
export class AuditQuestions implements Disposable {
  readonly #parts: AuditQuestionParts;
  #page = new AbortController();
  #chain = new AbortController();

  constructor(parts: AuditQuestionParts) {
    this.#parts = parts;
  }

  /** Each returns at once and never throws. */
  readonly rows: EffectRows<'fetch-audit' | 'verify-audit' | 'stop-audit'> = {
    'fetch-audit': (effect) => void this.#fetch(effect),
    'verify-audit': () => void this.#verify(),
    'stop-audit': () => this[Symbol.dispose](),
  };

  [Symbol.dispose](): void {
    this.#page.abort();
    this.#chain.abort();
  }

  async #fetch({ requestId, narrowing, before }: EffectOf<'fetch-audit'>): Promise<void> {
    this.#page.abort();
    this.#page = new AbortController();
    const { signal } = this.#page;
    const { fleet, send, now } = this.#parts;
    const asked = fleet.audit?.({ narrowing, before }, signal) ?? Promise.reject(withoutServer());
    const answer = await asked.catch(sentence);
    if (!signal.aborted) send({ kind: 'audit-read', requestId, answer, atMs: now() });
  }

  async #verify(): Promise<void> {
    this.#chain.abort();
    this.#chain = new AbortController();
    const { signal } = this.#chain;
    const { fleet, send, now } = this.#parts;
    const asked = fleet.verifyAudit?.(signal) ?? Promise.reject(withoutServer());
    const answer = await asked.catch(sentence);
    if (!signal.aborted) send({ kind: 'audit-verified', answer, atMs: now() });
  }
}

function withoutServer(): Fault {
  return new Fault('not-found', 'There is no server behind this console, and so no audit trail.');
}

function sentence(thrown: unknown): { readonly why: string } {
  return { why: asFault(thrown, 'internal', 'The server could not be asked.').message };
}
