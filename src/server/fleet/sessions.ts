/**
 * Sessions: JWTs with the claims of Portainer's REST API (HS256, 8 h). The secret is kept, so a restart signs nobody out;
 * therefore sign-outs are kept too, until the token would have expired.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { Fault } from '../../protocol/fault.ts';
import type {
  RevocationStore,
  SettingStore,
  Store,
  UserRecord,
  UserStore,
} from '../store/store.ts';
import type { Proof } from './grant.ts';

const LIFETIME_S = 8 * 3600;
const FRESH_FOR_MS = 10 * 60_000;
const SECRET_NAME = 'session-secret';

const badToken = (cause?: unknown): Fault =>
  new Fault('unauthorized', 'Invalid JWT token', {
    details: 'Unauthorized',
    ...(cause !== undefined && { cause }),
  });

async function loadOrCreateSecret(settings: SettingStore): Promise<Uint8Array> {
  const kept = await settings.get(SECRET_NAME);
  if (kept !== undefined && kept !== '') return Buffer.from(kept, 'base64');
  return await makeSecret(settings);
}

/** Takes the secret away: the server that opens these settings next makes another, and knows none of the old tokens. */
export async function forgetSessionSecret(settings: SettingStore): Promise<void> {
  await settings.set(SECRET_NAME, '');
}

async function makeSecret(settings: SettingStore): Promise<Uint8Array> {
  const made = randomBytes(32);
  await settings.set(SECRET_NAME, made.toString('base64'));
  return made;
}

/** Issues, checks and revokes session tokens. */
export class Sessions {
  #secret: Uint8Array;
  readonly #revoked: Set<string>;
  readonly #revocations: RevocationStore;
  readonly #users: UserStore;
  readonly #settings: SettingStore;
  readonly #now: () => number;

  private constructor(store: Store, secret: Uint8Array, revoked: Set<string>, now: () => number) {
    this.#secret = secret;
    this.#revoked = revoked;
    this.#revocations = store.revocations;
    this.#users = store.users;
    this.#settings = store.settings;
    this.#now = now;
  }

  static async open(store: Store, now: () => number = Date.now): Promise<Sessions> {
    const secret = await loadOrCreateSecret(store.settings);
    const revoked = await store.revocations.listValid(Math.floor(now() / 1000));
    return new Sessions(store, secret, new Set(revoked), now);
  }

  /** A signed token for a user who has proved the password. */
  issue(user: UserRecord): Promise<string> {
    // Tokens of the second in which a password changed are refused: the first after it is dated as the first that is not.
    const nowS = Math.max(Math.floor(this.#now() / 1000), user.tokensValidFromS);
    return new SignJWT({
      id: user.id,
      username: user.username,
      role: user.role,
      scope: 'default',
      forceChangePassword: false,
    })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setJti(randomUUID())
      .setIssuedAt(nowS)
      .setExpirationTime(nowS + LIFETIME_S)
      .sign(this.#secret);
  }

  /** What a token proves; Fault unauthorized in Portainer's words. Role and name come from the store, not from the token. */
  async check(token: string): Promise<Proof> {
    const { payload } = await jwtVerify(token, this.#secret, {
      algorithms: ['HS256'],
      requiredClaims: ['jti', 'iat', 'exp', 'id'],
      currentDate: new Date(this.#now()),
    }).catch((thrown: unknown) => {
      throw badToken(thrown);
    });
    const { jti, iat, exp, id } = payload;
    if (jti === undefined || iat === undefined || exp === undefined || typeof id !== 'number') {
      throw badToken();
    }
    if (this.#revoked.has(jti)) throw badToken();
    const user = await this.#users.get(id);
    if (user === undefined) {
      throw new Fault('unauthorized', 'An authorization token is invalid', {
        details: 'Unauthorized',
      });
    }
    if (iat < user.tokensValidFromS) throw badToken();
    return { user, via: 'session', credentialId: jti, expiresAtMs: exp * 1000 };
  }

  /** Whether a session has only just begun: so long an account without a password needs no other proof of who it is. */
  isFresh({ via, expiresAtMs }: Proof): boolean {
    if (via !== 'session' || expiresAtMs === null) return false;
    return this.#now() - (expiresAtMs - LIFETIME_S * 1000) < FRESH_FOR_MS;
  }

  /** Makes every token that was issued so far useless, also after a restart. */
  async rotate(): Promise<void> {
    this.#secret = await makeSecret(this.#settings);
  }

  /** Makes the token of a session grant useless from now on, also after a restart. */
  async revoke(grant: Proof): Promise<void> {
    if (grant.via !== 'session') return;
    this.#revoked.add(grant.credentialId);
    await this.#revocations.insert(
      grant.credentialId,
      Math.ceil((grant.expiresAtMs ?? this.#now() + LIFETIME_S * 1000) / 1000),
    );
  }
}
