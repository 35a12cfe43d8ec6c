/** Signs in to the server again, in each of the ways that its form offers. */
import type { FactorEnrolling } from '../client/factor-enrolling.ts';
import type { Fleet } from '../client/fleet.ts';
import type { Login } from '../client/sign-in.ts';
import { asFault, Fault } from '../protocol/fault.ts';
import type { EffectOf, EffectRows } from './effect-rows.ts';
import type { AppEvent } from './model/event.ts';
import type { SignInEffect } from './model/sign-in-event.ts';

export interface SignInParts {
  readonly fleet: Pick<Fleet, 'signIn' | 'enrolFactor' | 'signInWithKey' | 'signInByProvider'>;
  readonly send: (event: AppEvent) => void;
  readonly now: () => number;
}

/** What a sign-in comes to that leads to a second factor first. */
const GOES_ON = Symbol('goes on');

/** One at a time; disposing of it gives up what is under way. */
export class SignInQuestions implements Disposable {
  readonly #parts: SignInParts;
  #signing = new AbortController();
  readonly #over = new AbortController();
  /** While a form asks for the first code of a second factor. */
  #enrolling: FactorEnrolling | undefined;

  constructor(parts: SignInParts) {
    this.#parts = parts;
  }

  /** Each returns at once and never throws. */
  readonly rows: EffectRows<SignInEffect['kind']> = {
    'sign-in': (effect) => this.#signIn(effect),
    'key-sign-in': ({ requestId, key }) =>
      this.#tell(requestId, (signal) => this.#parts.fleet.signInWithKey?.(key, signal)),
    'provider-sign-in': (effect) => this.#signInByProvider(effect),
    'confirm-factor': (effect) => void this.#confirm(effect),
    'stop-sign-in': () => this.#stop(),
  };

  [Symbol.dispose](): void {
    this.#stop();
    this.#over.abort();
  }

  #stop(): void {
    this.#signing.abort();
    const left = this.#enrolling;
    this.#enrolling = undefined;
    void left?.[Symbol.asyncDispose]();
  }

  #signIn({ requestId, username, password, code }: EffectOf<'sign-in'>): void {
    const login = { username, password, ...(code !== '' && { code }) };
    const { fleet } = this.#parts;
    this.#tell(requestId, (signal) =>
      fleet.signIn?.(login, signal).then(undefined, async (thrown: unknown) => {
        if (!isDue(thrown) || !fleet.enrolFactor) throw thrown;
        await this.#begin(requestId, login, signal);
        return GOES_ON;
      }),
    );
  }

  /** Its session outlives `signal`, so that it can be signed out of. */
  async #begin(requestId: number, login: Login, signal: AbortSignal): Promise<void> {
    const { fleet, send, now } = this.#parts;
    const enrolling = await fleet.enrolFactor?.(login, this.#over.signal);
    const { qrRows } = await import('./qr-rows.ts');
    if (signal.aborted || !enrolling) return void enrolling?.[Symbol.asyncDispose]();
    this.#enrolling = enrolling;
    const { secret, url } = enrolling.enrolment;
    send({ kind: 'factor-begun', requestId, secret, picture: qrRows(url), atMs: now() });
  }

  /** Goes on when the form is left: the factor may be on then, and its recovery codes are told only once. */
  async #confirm({ requestId, code }: EffectOf<'confirm-factor'>): Promise<void> {
    const enrolling = this.#enrolling;
    this.#enrolling = undefined;
    if (!enrolling) return;
    const { send, now } = this.#parts;
    const { signal } = this.#signing;
    let recoveryCodes: readonly string[];
    try {
      recoveryCodes = await enrolling.confirm(code);
    } catch (thrown) {
      if (signal.aborted) return void enrolling[Symbol.asyncDispose]();
      this.#enrolling = enrolling;
      const answer = { why: sentence(thrown) };
      return send({ kind: 'factor-confirmed', requestId, answer, atMs: now() });
    }
    const why = await enrolling.signIn().then(() => undefined, sentence);
    void enrolling[Symbol.asyncDispose]();
    if (this.#over.signal.aborted) return;
    send({ kind: 'factor-confirmed', requestId, answer: { recoveryCodes, why }, atMs: now() });
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

  #tell(requestId: number, signIn: (signal: AbortSignal) => Promise<unknown> | undefined): void {
    this.#signing.abort();
    this.#signing = new AbortController();
    const { signal } = this.#signing;
    const { send, now } = this.#parts;
    const tell = (why: string | undefined, asksCode: boolean): void => {
      if (!signal.aborted) send({ kind: 'signed-in', requestId, why, asksCode, atMs: now() });
    };
    void (signIn(signal) ?? Promise.reject(withoutServer())).then(
      (outcome) => outcome !== GOES_ON && tell(undefined, false),
      (thrown: unknown) => {
        const asksCode = thrown instanceof Fault && thrown.code === 'second-factor';
        tell(sentence(thrown), asksCode);
      },
    );
  }
}

const isDue = (thrown: unknown): boolean =>
  thrown instanceof Fault && thrown.code === 'second-factor-due';

const sentence = (thrown: unknown): string =>
  asFault(thrown, 'internal', 'The server could not be asked.').message;

function withoutServer(): Fault {
  return new Fault('not-found', 'There is no server behind this console to sign in to.');
}
