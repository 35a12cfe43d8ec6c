/** Who may sign in: users, the first administrator, password changes. */
import { Fault } from '../../protocol/fault.ts';
import type { RoleNumber, UserRecord, UserStore } from '../store/store.ts';
import { networkOf } from './network-of.ts';
import { MAX_PASSWORD_LENGTH, type PasswordPolicy } from './password-policy.ts';
import { checkPassword, hashPassword, isKnownHash, isOutdated } from './passwords.ts';
import type { SignInBrake } from './sign-in-brake.ts';

const MAX_NAME_LENGTH = 128;
const CONTROL_CHARACTERS = /\p{Cc}/u;

const invalid = (details: string): Fault =>
  new Fault('bad-request', 'Invalid request payload', { details });

const noSuchUser = (): Fault =>
  new Fault('not-found', 'Unable to find a user with the specified identifier inside the database');

function checkName(username: string): void {
  if (username.trim() === '' || username.length > MAX_NAME_LENGTH) {
    throw invalid(`Invalid username. Must be 1 to ${MAX_NAME_LENGTH} characters.`);
  }
  if (CONTROL_CHARACTERS.test(username) || /^\s|\s$/.test(username)) {
    throw invalid('Invalid username. Must not contain control characters or outer spaces.');
  }
}

/** A user as the doors see one. */
export type User = UserRecord;

/** Where a password try comes from and for whom, as keys of the brake. */
const brakeKeys = (username: string, address: string): [string, string] => [
  `account:${username.toLowerCase().slice(0, MAX_NAME_LENGTH)}`,
  `address:${networkOf(address)}`,
];

export interface AccountParts {
  readonly users: UserStore;
  readonly brake: SignInBrake;
  readonly policy: PasswordPolicy;
  readonly now: () => number;
}

/** Users and their passwords. */
export class Accounts {
  readonly #users: UserStore;
  readonly #brake: SignInBrake;
  readonly #policy: PasswordPolicy;
  readonly #now: () => number;
  #creatingAdministrator: Promise<unknown> = Promise.resolve();

  constructor(parts: AccountParts) {
    this.#users = parts.users;
    this.#brake = parts.brake;
    this.#policy = parts.policy;
    this.#now = parts.now;
  }

  async hasAdministrator(): Promise<boolean> {
    return (await this.#users.countAdministrators()) > 0;
  }

  list(): Promise<UserRecord[]> {
    return this.#users.list();
  }

  /** Fault not-found when there is no such user. */
  async get(id: number): Promise<UserRecord> {
    const user = await this.#users.get(id);
    if (user === undefined) throw noSuchUser();
    return user;
  }

  /** By name, whatever its case. */
  find(username: string): Promise<UserRecord | undefined> {
    return this.#users.findByName(username);
  }

  /** The user whose password this is; Fault wrong-password or too-many. `address` is the client's IP. */
  async signIn(username: string, password: string, address: string): Promise<UserRecord> {
    const user = await this.#users.findByName(username);
    const isRight = await this.#tryPassword({ username, password, address, user });
    if (user === undefined || !isRight) {
      throw new Fault('wrong-password', 'Invalid credentials', { details: 'Unauthorized' });
    }
    if (isOutdated(user.passwordHash)) await this.#upgradeHash(user, password);
    return user;
  }

  /** Whether it is that user's password; braked like a sign-in (Fault too-many). */
  verify(user: UserRecord, password: string, address: string): Promise<boolean> {
    return this.#tryPassword({ username: user.username, password, address, user });
  }

  /** The first administrator; Fault conflict when there is one. Two at once: one wins. */
  async createFirstAdministrator(username: string, password: string): Promise<UserRecord> {
    await this.#policy.check(password, username);
    return await this.#createFirst(username, () => hashPassword(password));
  }

  /** As createFirstAdministrator, with a finished hash: argon2 in PHC form or bcrypt; Fault bad-settings for any other. */
  createFirstAdministratorFromHash(username: string, hash: string): Promise<UserRecord> {
    if (!isKnownHash(hash)) {
      throw new Fault(
        'bad-settings',
        '--admin-password takes an argon2 hash ($argon2id$…) or a bcrypt hash of cost 4 to 14 ($2b$12$…). For a plain password use --admin-password-file.',
      );
    }
    return this.#createFirst(username, () => Promise.resolve(hash));
  }

  async create(username: string, password: string, role: RoleNumber): Promise<UserRecord> {
    checkName(username);
    await this.#policy.check(password, username);
    return this.#insert(username, await hashPassword(password), role);
  }

  /** A standard user for whom another program vouches. */
  async createWithoutPassword(username: string, role: RoleNumber = 2): Promise<UserRecord> {
    checkName(username);
    return await this.#insert(username, '', role);
  }

  /** The user with the role that another program says; the last administrator keeps its own. */
  async followRole(user: UserRecord, role: RoleNumber): Promise<UserRecord> {
    const isLast = user.role === 1 && (await this.#users.countAdministrators()) <= 1;
    if (user.role === role || isLast) return user;
    await this.#users.update(user.id, { role });
    return { ...user, role };
  }

  /** Sets a new password; every session of the user ends, those of this very second too. */
  async setPassword(id: number, password: string): Promise<void> {
    const { username } = await this.get(id);
    await this.#policy.check(password, username);
    await this.#users.update(id, {
      passwordHash: await hashPassword(password),
      tokensValidFromS: Math.floor(this.#now() / 1000) + 1,
    });
  }

  /** The user with another role, whose sessions end; Faults not-found, and forbidden for the initial and the last administrator. */
  async setRole(id: number, role: RoleNumber): Promise<UserRecord> {
    const user = await this.get(id);
    if (user.role === role) return user;
    if (id === 1) throw new Fault('forbidden', 'The initial admin account stays an administrator');
    if (user.role === 1 && (await this.#users.countAdministrators()) <= 1) {
      throw new Fault('forbidden', 'The last administrator account stays one');
    }
    const change = { role, tokensValidFromS: Math.floor(this.#now() / 1000) };
    await this.#users.update(id, change);
    return { ...user, ...change };
  }

  /** Faults not-found, and forbidden for the initial administrator, oneself and the last administrator. */
  async remove(id: number, askedBy: number): Promise<void> {
    const user = await this.get(id);
    if (id === 1) throw new Fault('forbidden', 'Cannot remove the initial admin account');
    if (id === askedBy) throw new Fault('forbidden', 'Cannot remove your own user account');
    if (user.role === 1 && (await this.#users.countAdministrators()) <= 1) {
      throw new Fault('forbidden', 'Cannot remove the last administrator account');
    }
    await this.#users.remove(id);
  }

  async #tryPassword(attempt: {
    username: string;
    password: string;
    address: string;
    user: UserRecord | undefined;
  }): Promise<boolean> {
    const keys = brakeKeys(attempt.username, attempt.address);
    this.#brake.check(...keys);
    // Counted before it is checked: tries sent at the same moment must not slip through together.
    this.#brake.failed(...keys);
    const isRight =
      attempt.password.length <= MAX_PASSWORD_LENGTH &&
      (await checkPassword(attempt.password, attempt.user?.passwordHash));
    if (isRight) this.#brake.succeeded(...keys);
    return isRight;
  }

  /** The password is known to be right only now; whoever changes it meanwhile wins. */
  async #upgradeHash({ id, passwordHash }: UserRecord, password: string): Promise<void> {
    await this.#users.replaceHash(id, passwordHash, await hashPassword(password));
  }

  #createFirst(username: string, makeHash: () => Promise<string>): Promise<UserRecord> {
    checkName(username);
    const made = this.#creatingAdministrator.then(async () => {
      if (await this.hasAdministrator()) {
        throw new Fault('conflict', 'Unable to create administrator user', {
          details: 'An administrator already exists.',
        });
      }
      return this.#insert(username, await makeHash(), 1);
    });
    this.#creatingAdministrator = made.catch(() => undefined);
    return made;
  }

  #insert(username: string, passwordHash: string, role: RoleNumber): Promise<UserRecord> {
    return this.#users.insert({ username, passwordHash, role, tokensValidFromS: 0 });
  }
}
