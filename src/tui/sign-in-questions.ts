/** Signs in to the server again, in each of the ways that its form offers. */
import type { Fleet } from '../client/fleet.ts';
import { asFault, Fault } from '../protocol/fault.ts';
import type { EffectOf, EffectRows } from './effect-rows.ts';
import type { AppEvent } from './model/event.ts';
import type { SignInEffect } from './model/sign-in-event.ts';

export interface SignInParts {
  readonly fleet: Pick<Fleet, 'signIn' | 'signInWithKey' | 'signInByProvider'>;
  readonly send: (event: AppEvent) => void;
  readonly now: () => number;
}

/** One at a time; disposing of it gives up what is under way. */
export class SignInQuestions implements Disposable {
  readonly #parts: SignInParts;
  #signing = new AbortController();

  constructor(parts: SignInParts) {
    this.#parts = parts;
  }

  /** Each returns at once and never throws. */
  readonly rows: EffectRows<SignInEffect['kind']> = {
    'sign-in': (effect) => this.#signIn(effect),
    'key-sign-in': ({ requestId, key }) =>
      this.#tell(requestId, (signal) => this.#parts.fleet.signInWithKey?.(key, signal)),
    'provider-sign-in': (effect) => this.#signInByProvider(effect),
    'stop-sign-in': () => this.#signing.abort(),
  };

  [Symbol.dispose](): void {
    this.#signing.abort();
  }

  #signIn({ requestId, username, password, code }: EffectOf<'sign-in'>): void {
    const login = { username, password, ...(code !== '' && { code }) };
    this.#tell(requestId, (signal) => this.#parts.fleet.signIn?.(login, signal));
  }

  #signInByProvider({ requestId }: EffectOf<'provider-sign-in'>): void {
    const { fleet, send, now } = this.#parts;
    this.#tell(requestId, (signal) =>
      fleet.signInByProvider?.((invitation) => {
        if (signal.aborted) return;
        send({ kind: 'sign-in-invited', requestId, invitation, atMs: now() });
      }, signal),
    );
  }

  #tell(requestId: number, signIn: (signal: AbortSignal) => Promise<void> | undefined): void {
    this.#signing.abort();
    this.#signing = new AbortController();
    const { signal } = this.#signing;
    const { send, now } = this.#parts;
    const tell = (why: string | undefined, asksCode: boolean): void => {
      if (!signal.aborted) send({ kind: 'signed-in', requestId, why, asksCode, atMs: now() });
    };
    void (signIn(signal) ?? Promise.reject(withoutServer())).then(
      () => tell(undefined, false),
      (thrown: unknown) => {
        const asksCode = thrown instanceof Fault && thrown.code === 'second-factor';
        tell(asFault(thrown, 'internal', 'The server could not be asked.').message, asksCode);
      },
    );
  }
}

function withoutServer(): Fault {
  return new Fault('not-found', 'There is no server behind this console to sign in to.');
}
