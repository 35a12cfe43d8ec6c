/**
 * What a person changes of the own account in a session (never with an API key): the password, and the second factor under
 * /api/fleet/users/{id}/second-factor.
 */
import { Fault } from '../protocol/fault.ts';
import type { Credential } from './context-shape.ts';
import { callServer, type ServerAnswer, type ServerCall, type ServerReach } from './server-call.ts';
import { fieldsOf, type Login, makeKey, openSession, refused } from './sign-in.ts';

/** What an authenticator app takes over. */
export interface FactorEnrolment {
  /** Base32, for typing. */
  readonly secret: string;
  /** otpauth://… */
  readonly url: string;
}

/** The server's own words where it refuses what was typed. */
function unlessTaken(reach: ServerReach, what: string, answer: ServerAnswer): Fault {
  const { details } = fieldsOf(answer);
  const isTyped = [400, 403, 409, 422].includes(answer.status) && typeof details === 'string';
  if (!isTyped) return refused(reach, what, answer);
  return new Fault('bad-request', `${reach.address.where}: ${details.slice(0, 300)}`);
}

/** A session for as long as the changes take; disposing signs out of it. */
export class OwnAccount implements AsyncDisposable {
  readonly #reach: ServerReach;
  readonly #login: Login;
  readonly #token: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #userId: number;
  #isOver = false;

  private constructor(reach: ServerReach, login: Login, token: string, userId: number) {
    this.#reach = reach;
    this.#login = login;
    this.#token = token;
    this.#headers = { authorization: `Bearer ${token}` };
    this.#userId = userId;
  }

  /** The faults of openSession. */
  static async open(reach: ServerReach, login: Login): Promise<OwnAccount> {
    const token = await openSession(reach, login);
    const headers = { authorization: `Bearer ${token}` };
    const me = await callServer(reach, { method: 'GET', path: '/api/users/me', headers });
    const { Id } = fieldsOf(me);
    if (typeof Id !== 'number') throw refused(reach, 'say who signed in', me);
    return new OwnAccount(reach, login, token, Id);
  }

  /** Every session of the account ends, this one included. Fault bad-request says what is wrong with it. */
  async changePassword(newPassword: string): Promise<void> {
    const body = { password: this.#login.password, newPassword };
    const path = `/api/users/${this.#userId}/passwd`;
    await this.#call('change the password', { method: 'PUT', path, body });
    this.#isOver = true;
  }

  async hasFactor(): Promise<boolean> {
    const call = { method: 'GET', path: this.#factorPath() } as const;
    return fieldsOf(await this.#call('tell of the second factor', call)).isOn === true;
  }

  async beginFactor(): Promise<FactorEnrolment> {
    const body = { password: this.#login.password };
    const call = { method: 'POST', path: this.#factorPath(), body } as const;
    const answer = await this.#call('begin a second factor', call);
    const { secret, url } = fieldsOf(answer);
    const isWhole = typeof secret === 'string' && typeof url === 'string';
    if (!isWhole) throw refused(this.#reach, 'begin a second factor', answer);
    return { secret, url };
  }

  /** The recovery codes. */
  confirmFactor(code: string): Promise<readonly string[]> {
    return this.#recoveryCodes('/confirm', code);
  }

  /** A key of this console, as signing in makes one. */
  async signIn(): Promise<Credential> {
    return await makeKey(this.#reach, this.#token, this.#login.password);
  }

  /** New recovery codes; the old ones are good no more. */
  renewCodes(code: string): Promise<readonly string[]> {
    return this.#recoveryCodes('/recovery-codes', code);
  }

  async removeFactor(code: string): Promise<void> {
    const body = { password: this.#login.password, code };
    const call = { method: 'DELETE', path: this.#factorPath(), body } as const;
    await this.#call('turn the second factor off', call);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isOver) return;
    const call = { method: 'POST', path: '/api/auth/logout', headers: this.#headers } as const;
    await callServer(this.#reach, call).catch(() => undefined);
  }

  #factorPath(tail = ''): string {
    return `/api/fleet/users/${this.#userId}/second-factor${tail}`;
  }

  async #recoveryCodes(tail: string, code: string): Promise<readonly string[]> {
    const call = { method: 'POST', path: this.#factorPath(tail), body: { code } } as const;
    const { recoveryCodes } = fieldsOf(await this.#call('take the code', call));
    return Array.isArray(recoveryCodes) ? recoveryCodes.map(String) : [];
  }

  async #call(what: string, call: ServerCall): Promise<ServerAnswer> {
    const answer = await callServer(this.#reach, { ...call, headers: this.#headers });
    if (answer.status === 404) {
      throw new Fault('not-found', `${this.#reach.address.where} has no second factors.`);
    }
    if (answer.status >= 300) throw unlessTaken(this.#reach, what, answer);
    return answer;
  }
}
