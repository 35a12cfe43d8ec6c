/** What the lists of people ask of the server, and the changes that a person has confirmed. */
import type { Fleet } from '../client/fleet.ts';
import { asFault, Fault } from '../protocol/fault.ts';
import type { DeedRefusal, PeopleDeed } from '../protocol/people.ts';
import type { EffectOf, EffectRows } from './effect-rows.ts';
import type { AppEvent } from './model/event.ts';
import type { Invitation } from './model/invitation.ts';
import type { PeopleEffect } from './model/people-event.ts';

export interface PeopleQuestionParts {
  readonly fleet: Pick<Fleet, 'directory' | 'carryOut'>;
  readonly send: (event: AppEvent) => void;
  readonly now: () => number;
}

/** Asks and tells the answers as events; disposing of it gives up what is under way. */
export class PeopleQuestions implements Disposable {
  readonly #parts: PeopleQuestionParts;
  #reading = new AbortController();
  /** Of waiting until somebody agrees at the OIDC provider. */
  #agreeing = new AbortController();
  readonly #stop = new AbortController();

  constructor(parts: PeopleQuestionParts) {
    this.#parts = parts;
  }

  /** Each returns at once and never throws. */
  readonly rows: EffectRows<PeopleEffect['kind']> = {
    'read-directory': (effect) => void this.#read(effect),
    'stop-directory': () => {
      this.#reading.abort();
      this.#reading = new AbortController();
    },
    'carry-out': (effect) => void this.#carryOut(effect),
    'stop-deed': () => this.#agreeing.abort(),
  };

  [Symbol.dispose](): void {
    this.#reading.abort();
    this.#agreeing.abort();
    this.#stop.abort();
  }

  async #read({ requestId, wish }: EffectOf<'read-directory'>): Promise<void> {
    const { signal } = this.#reading;
    const { fleet, send, now } = this.#parts;
    const asked = fleet.directory?.(wish, signal) ?? Promise.reject(withoutServer());
    const answer = await asked.catch(sentence);
    if (!signal.aborted) send({ kind: 'directory-read', requestId, answer, atMs: now() });
  }

  /** Goes on when the form is left: a word that was given stays given. Only the waiting for one ends. */
  async #carryOut({ requestId, deed }: EffectOf<'carry-out'>): Promise<void> {
    const { signal } = this.#stop;
    const { fleet, send, now } = this.#parts;
    this.#agreeing.abort();
    this.#agreeing = new AbortController();
    const { signal: waiting } = this.#agreeing;
    const invited = (invitation: Invitation): void => {
      if (!waiting.aborted) send({ kind: 'sign-in-invited', requestId, invitation, atMs: now() });
    };
    const asked = fleet.carryOut?.(deed, signal, { invited, signal: waiting });
    const answer = await (asked ?? Promise.reject(withoutServer())).catch(refusal);
    const isGivenUp = 'why' in answer && waiting.aborted && isAgreed(deed);
    if (isGivenUp) return;
    if (!signal.aborted) send({ kind: 'carried-out', requestId, deed, answer, atMs: now() });
  }
}

/** Whether somebody has to agree at the provider first. */
const isAgreed = (deed: PeopleDeed): boolean =>
  deed.kind === 'create-key' && deed.password === undefined;

function withoutServer(): Fault {
  return new Fault('not-found', 'There is no server behind this console, and so nobody to manage.');
}

function sentence(thrown: unknown): { readonly why: string } {
  return { why: asFault(thrown, 'internal', 'The server could not be asked.').message };
}

function refusal(thrown: unknown): DeedRefusal {
  const asksCode = thrown instanceof Fault && thrown.code === 'second-factor';
  return { ...sentence(thrown), ...(asksCode && { asksCode }) };
}
