/**
 * Signing in by the OIDC provider, from the first step to the account. What is under way lives in memory, bounded in number and
 * time; a handle (a cookie in a browser, a field in a console) is good once.
 */
import { randomBytes } from 'node:crypto';
import { Fault } from '../../protocol/fault.ts';
import type { UserRecord } from '../store/store.ts';
import { accountOf, type OidcAccountParts } from './oidc-accounts.ts';
import { type OidcIdentity, OidcProvider, type PendingLogin } from './oidc-provider.ts';
import type { OidcBook, OidcSettings } from './oidc-settings.ts';

const LOGIN_FOR_MS = 10 * 60_000;
const MAX_LOGINS = 1_000;
const MAX_DEVICES = 200;
const MAX_DEVICES_PER_ADDRESS = 5;
const MAX_DEVICE_S = 15 * 60;
/** A console that stands open asks every few seconds. */
const FORGOTTEN_AFTER_MS = 60_000;

interface Device {
  readonly address: string;
  readonly stop: AbortController;
  readonly giveUp: NodeJS.Timeout;
  readonly end: NodeJS.Timeout;
  outcome: { readonly identity: OidcIdentity } | { readonly fault: unknown } | undefined;
}

/** What a console shows while somebody agrees in a browser. */
export interface DeviceInvitation {
  readonly handle: string;
  readonly userCode: string;
  readonly verificationUri: string;
  readonly verificationUriComplete: string | undefined;
  readonly expiresInS: number;
}

const newHandle = (): string => randomBytes(32).toString('base64url');

const isOff = (): Fault =>
  new Fault('not-found', 'OAuth is not turned on', {
    details: 'An administrator turns it on in the settings (AuthenticationMethod 3).',
  });

const unknownHandle = (): Fault =>
  new Fault('unauthorized', 'Unable to authenticate through OAuth', {
    details: 'This sign-in is over or was never begun here; begin again.',
  });

/** Browsers begin and finish; consoles begin and ask until somebody has agreed. */
export class OidcSignIn {
  readonly #book: OidcBook;
  readonly #parts: OidcAccountParts;
  readonly #now: () => number;
  readonly #logins = new Map<string, PendingLogin & { readonly atMs: number }>();
  readonly #devices = new Map<string, Device>();
  #provider: { readonly settings: OidcSettings; readonly provider: OidcProvider } | undefined;

  constructor(book: OidcBook, parts: OidcAccountParts, now: () => number = Date.now) {
    this.#book = book;
    this.#parts = parts;
    this.#now = now;
  }

  get isOn(): boolean {
    return this.#book.settings.isOn;
  }

  /** Resolves when the provider of these settings says who it is; Fault unauthorized. */
  async tryOut(settings: OidcSettings): Promise<void> {
    await new OidcProvider(settings, this.#now).check();
  }

  /** Where to send a browser, and the handle that it brings back. */
  async begin(state: string | undefined): Promise<{ url: string; handle: string }> {
    const { url, pending } = await this.#current().begin(state);
    const handle = newHandle();
    this.#logins.set(handle, { ...pending, atMs: this.#now() });
    const [oldest] = this.#logins.keys();
    if (this.#logins.size > MAX_LOGINS && oldest !== undefined) this.#logins.delete(oldest);
    return { url, handle };
  }

  /** Whose code it is; Faults unauthorized, forbidden. */
  async finish(handle: string, code: string): Promise<UserRecord> {
    const pending = this.#logins.get(handle);
    this.#logins.delete(handle);
    if (pending === undefined || this.#now() - pending.atMs > LOGIN_FOR_MS) throw unknownHandle();
    return await this.#accountOf(await this.#current().finish(code, pending));
  }

  /** Faults unauthorized when the provider has no device flow, too-many when too many wait. */
  async beginDevice(address: string): Promise<DeviceInvitation> {
    const provider = this.#current();
    const own = [...this.#devices.values()].filter((one) => one.address === address);
    if (this.#devices.size >= MAX_DEVICES || own.length >= MAX_DEVICES_PER_ADDRESS) {
      throw new Fault('too-many', 'Too many sign-ins are waiting', {
        details: 'Finish or leave one of them, and try again in a minute.',
        retryAfterS: 60,
      });
    }
    const handle = newHandle();
    const stop = new AbortController();
    const forget = () => this.#forget(handle);
    const device: Device = {
      address,
      stop,
      giveUp: setTimeout(forget, FORGOTTEN_AFTER_MS).unref(),
      end: setTimeout(forget, MAX_DEVICE_S * 1000).unref(),
      outcome: undefined,
    };
    this.#devices.set(handle, device);
    try {
      const { identity, ...shown } = await provider.beginDevice(stop.signal);
      identity.then(
        (told) => {
          device.outcome = { identity: told };
        },
        (fault: unknown) => {
          device.outcome = { fault };
        },
      );
      return { ...shown, handle, expiresInS: Math.min(shown.expiresInS, MAX_DEVICE_S) };
    } catch (thrown) {
      forget();
      throw thrown;
    }
  }

  /** The account once somebody has agreed, and undefined before; Faults unauthorized, forbidden. */
  async askDevice(handle: string): Promise<UserRecord | undefined> {
    const device = this.#devices.get(handle);
    if (device === undefined) throw unknownHandle();
    device.giveUp.refresh();
    const { outcome } = device;
    if (outcome === undefined) return undefined;
    this.#forget(handle);
    if (!this.isOn) throw isOff();
    if ('fault' in outcome) throw outcome.fault;
    return await this.#accountOf(outcome.identity);
  }

  [Symbol.dispose](): void {
    for (const handle of [...this.#devices.keys()]) this.#forget(handle);
    this.#logins.clear();
  }

  #forget(handle: string): void {
    const device = this.#devices.get(handle);
    if (device === undefined) return;
    this.#devices.delete(handle);
    clearTimeout(device.giveUp);
    clearTimeout(device.end);
    device.stop.abort();
  }

  #current(): OidcProvider {
    const { settings } = this.#book;
    if (!settings.isOn) throw isOff();
    if (this.#provider?.settings !== settings) {
      this.#provider = { settings, provider: new OidcProvider(settings, this.#now) };
    }
    return this.#provider.provider;
  }

  #accountOf(identity: OidcIdentity): Promise<UserRecord> {
    return accountOf(this.#parts, identity, this.#book.settings);
  }
}
