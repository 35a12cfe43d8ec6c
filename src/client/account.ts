/** Who a console is at a server: the key that goes with every call, and another one after signing in again. */
import type { Credential } from './context-shape.ts';
import type { FactorEnrolling } from './factor-enrolling.ts';
import type { ProviderInvitation } from './provider-sign-in.ts';
import type { ServerAddress } from './server-address.ts';
import type { ServerReach } from './server-call.ts';
import { credentialHeaders, type Login, signIn, signInWithKey } from './sign-in.ts';

export interface AccountOptions {
  readonly credential: Credential;
  readonly fingerprint?: string | undefined;
  /** Of the saved context that it is. */
  readonly contextName?: string | undefined;
  /** Saves a new key where the old one was saved. */
  readonly keep?: ((credential: Credential) => Promise<void>) | undefined;
}

export class Account {
  readonly #address: ServerAddress;
  readonly #options: AccountOptions;
  #credential: Credential;

  constructor(address: ServerAddress, options: AccountOptions) {
    this.#address = address;
    this.#options = options;
    this.#credential = options.credential;
  }

  get credential(): Credential {
    return this.#credential;
  }

  /** Of every call from now on. */
  get headers(): Readonly<Record<string, string>> {
    return credentialHeaders(this.#credential);
  }

  /** Rejects with a Fault; a key that can't be saved still holds until this console ends. */
  async signIn(login: Login, signal: AbortSignal): Promise<void> {
    await this.#take(await signIn(this.#reach(signal), login));
  }

  /** As signIn, with a key that is there already. */
  async signInWithKey(key: string, signal: AbortSignal): Promise<void> {
    await this.#take(await signInWithKey(this.#reach(signal), key));
  }

  /** As signIn, by the server's OIDC provider. */
  async signInByProvider(
    invited: (invitation: ProviderInvitation) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const { signInByProvider } = await import('./provider-sign-in.ts');
    await this.#take(await signInByProvider(this.#reach(signal), invited));
  }

  /** Turns on the second factor that the server requires before it lets the account do anything. */
  async enrolFactor(login: Login, signal: AbortSignal): Promise<FactorEnrolling> {
    const { enrolFactor } = await import('./factor-enrolling.ts');
    return await enrolFactor(this.#reach(signal), login, (credential) => this.#take(credential));
  }

  #reach(signal: AbortSignal): ServerReach {
    return { address: this.#address, pin: this.#options.fingerprint, signal };
  }

  async #take(credential: Credential): Promise<void> {
    this.#credential = credential;
    await this.#options.keep?.(credential);
  }
}
