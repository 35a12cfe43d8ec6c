/**
 * The second factor of accounts: codes of an authenticator app (RFC 6238, SHA-1, six digits, 30 s, as all apps know them) and
 * recovery codes. Secrets are kept sealed, recovery codes as digests; whatever was used once is refused afterwards.
 */
import { createHash, randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { Fault } from '../../protocol/fault.ts';
import type { SecondFactorStore } from '../store/sign-in-store.ts';
import type { UserRecord } from '../store/store.ts';
import type { Seal } from './seal.ts';
import type { SignInBrake } from './sign-in-brake.ts';

const SECRET_BYTES = 20;
const PERIOD_S = 30;
/** Steps before and after now that count: clocks of phones are not always right. */
const WINDOW = 1;
const RECOVERY_CODES = 10;
/** 80 bits: nothing to guess, so a plain digest keeps them well. */
const RECOVERY_BYTES = 10;
const APP_CODE = /^\d{6}$/;
const ISSUER = 'fleet-server';

export interface SecondFactorParts {
  readonly store: SecondFactorStore;
  readonly seal: Seal;
  readonly brake: SignInBrake;
  readonly now: () => number;
}

/** What an authenticator app takes over; told once. */
export interface Enrolment {
  /** Base32, for typing. */
  readonly secret: string;
  /** otpauth://totp/…, for a QR code. */
  readonly url: string;
}

export interface FactorState {
  readonly isOn: boolean;
  /** Unix seconds; null while it is off. */
  readonly since: number | null;
  readonly recoveryCodesLeft: number;
}

const missingCode = (): Fault =>
  new Fault('second-factor', 'Second factor required', {
    details: 'Give the six digits of your authenticator app, or a recovery code, as Code.',
  });

const wrongCode = (): Fault =>
  new Fault('second-factor', 'Invalid code', {
    details:
      'The code is wrong, was used before, or the clock of the phone or the server is off; take the next one.',
  });

const plain = (code: string): string => code.replaceAll(/[\s-]/g, '').toUpperCase();

const digestOf = (userId: number, code: string): string =>
  createHash('sha256').update(`${userId}:${code}`).digest('base64');

/** `ABCD-EFGH-…`: read from paper and typed by hand. */
function recoveryCode(): string {
  const text = new Secret({ buffer: new Uint8Array(randomBytes(RECOVERY_BYTES)).buffer }).base32;
  return (text.match(/.{4}/g) ?? []).join('-');
}

/** Enrols, checks and removes second factors. */
export class SecondFactors {
  readonly #parts: SecondFactorParts;

  constructor(parts: SecondFactorParts) {
    this.#parts = parts;
  }

  async stateOf(userId: number): Promise<FactorState> {
    const { store } = this.#parts;
    const record = await store.get(userId);
    if (!record?.confirmedAt) return { isOn: false, since: null, recoveryCodesLeft: 0 };
    const recoveryCodesLeft = await store.countRecoveryCodes(userId);
    return { isOn: true, since: record.confirmedAt, recoveryCodesLeft };
  }

  /** Of all accounts whose factor is on. */
  async accounts(): Promise<ReadonlySet<number>> {
    return new Set(await this.#parts.store.listConfirmed());
  }

  /** A new secret, which is not asked for before it is confirmed; Fault conflict while the factor is on. */
  async begin({ id, username }: UserRecord): Promise<Enrolment> {
    const { store, seal } = this.#parts;
    if ((await this.stateOf(id)).isOn) {
      throw new Fault('conflict', 'The second factor is on already', {
        details: 'Remove it first, with one of its codes.',
      });
    }
    const bytes = randomBytes(SECRET_BYTES);
    await store.begin(id, seal.close(bytes));
    const secret = secretOf(bytes);
    const shown = { issuer: ISSUER, label: username, period: PERIOD_S };
    return { secret: secret.base32, url: new TOTP({ ...shown, secret }).toString() };
  }

  /** Turns it on by a first code; the recovery codes, told once. Faults conflict, second-factor, too-many. */
  async confirm(userId: number, code: string): Promise<readonly string[]> {
    const { store, now } = this.#parts;
    const record = await store.get(userId);
    if (record === undefined || record.confirmedAt !== null) {
      throw new Fault('conflict', 'There is no second factor to confirm', {
        details: 'Begin with a new one.',
      });
    }
    await this.#braked(userId, () => this.#useAppCode(userId, plain(code)));
    await store.confirm(userId, Math.floor(now() / 1000));
    return await this.renewRecoveryCodes(userId);
  }

  /** New recovery codes in the place of the old ones, told once. */
  async renewRecoveryCodes(userId: number): Promise<readonly string[]> {
    const codes = Array.from({ length: RECOVERY_CODES }, recoveryCode);
    const digests = codes.map((code) => digestOf(userId, plain(code)));
    await this.#parts.store.putRecoveryCodes(userId, digests);
    return codes;
  }

  /** Resolves when the account has no factor, or the code is one of it. Faults second-factor, too-many. */
  async check(userId: number, code: string | undefined): Promise<void> {
    if (!(await this.stateOf(userId)).isOn) return;
    if (code === undefined || code.trim() === '') throw missingCode();
    const given = plain(code);
    await this.#braked(userId, () =>
      APP_CODE.test(given)
        ? this.#useAppCode(userId, given)
        : this.#parts.store.useRecoveryCode(userId, digestOf(userId, given)),
    );
  }

  /** With its recovery codes. */
  async remove(userId: number): Promise<void> {
    await this.#parts.store.remove(userId);
  }

  async #braked(userId: number, isRight: () => Promise<boolean>): Promise<void> {
    const { brake } = this.#parts;
    const key = `factor:${userId}`;
    brake.check(key);
    // Counted before it is checked, as passwords are.
    brake.failed(key);
    if (!(await isRight())) throw wrongCode();
    brake.succeeded(key);
  }

  async #useAppCode(userId: number, code: string): Promise<boolean> {
    const { store, seal, now } = this.#parts;
    const record = await store.get(userId);
    const bytes = record && seal.open(record.secret);
    if (bytes === undefined || !APP_CODE.test(code)) return false;
    const timestamp = now();
    const time = { period: PERIOD_S, timestamp };
    const found = TOTP.validate({ token: code, secret: secretOf(bytes), window: WINDOW, ...time });
    if (found === null) return false;
    return await store.useStep(userId, TOTP.counter(time) + found);
  }
}

function secretOf(bytes: Buffer): Secret {
  return new Secret({ buffer: new Uint8Array(bytes).buffer });
}
