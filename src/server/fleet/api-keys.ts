/**
 * API keys (`ptr_…`): the rights of their user or, with a scope, less; with an end or without. Only a digest is kept;
 * the key is shown once.
 */
import { createHash, randomBytes } from 'node:crypto';
import { Fault } from '../../protocol/fault.ts';
import type { ApiKeyRecord, Store } from '../store/store.ts';
import type { KeyScope, Proof } from './grant.ts';

const PREFIX_LENGTH = 7;
const MARK_USED_EVERY_S = 60;
const MAX_DESCRIPTION = 128;

/** An API key as the doors see one: without the key. */
export type ApiKey = ApiKeyRecord;

/** What a key is made for; without anything else it is its account's whole power, for ever. */
export interface KeyWish {
  readonly description: string;
  /** In unix seconds. */
  readonly expiresAt?: number | undefined;
  readonly environmentIds?: readonly number[] | undefined;
  readonly roleId?: number | undefined;
}

const scopeOf = ({ environmentIds, roleId }: ApiKeyRecord): KeyScope | undefined =>
  environmentIds === null && roleId === null ? undefined : { environmentIds, roleId };

const digestOf = (key: string): string => createHash('sha256').update(key).digest('base64');

/** Creates, checks and removes API keys. */
export class ApiKeys {
  readonly #store: Store;
  readonly #now: () => number;

  constructor(store: Store, now: () => number = Date.now) {
    this.#store = store;
    this.#now = now;
  }

  /** Fault bad-request for a description, an end or a role that make no sense. */
  async create(userId: number, wish: KeyWish): Promise<{ key: string; record: ApiKeyRecord }> {
    const name = wish.description.trim();
    if (name === '' || name.length > MAX_DESCRIPTION) {
      throw new Fault('bad-request', 'Invalid request payload', {
        details: `Give a description of 1 to ${MAX_DESCRIPTION} characters.`,
      });
    }
    if (wish.expiresAt !== undefined && wish.expiresAt <= this.#nowS()) {
      throw new Fault('bad-request', 'Invalid request payload', {
        details: 'A key ends in the future, at a moment in unix seconds.',
      });
    }
    const key = `ptr_${randomBytes(32).toString('base64')}`;
    const record = await this.#store.apiKeys.insert({
      userId,
      description: name,
      prefix: key.slice(0, PREFIX_LENGTH),
      digest: digestOf(key),
      dateCreated: this.#nowS(),
      lastUsed: 0,
      expiresAt: wish.expiresAt ?? null,
      environmentIds: wish.environmentIds ?? null,
      roleId: wish.roleId ?? null,
    });
    return { key, record };
  }

  /** What a key proves; Fault unauthorized when nobody has it, or when it has ended. */
  async check(key: string): Promise<Proof> {
    const record = await this.#store.apiKeys.findByDigest(digestOf(key));
    const user = record && (await this.#store.users.get(record.userId));
    const isOver = record?.expiresAt != null && record.expiresAt <= this.#nowS();
    if (record === undefined || user === undefined || isOver) {
      throw new Fault('unauthorized', 'Invalid JWT token', { details: 'Unauthorized' });
    }
    if (this.#nowS() - record.lastUsed >= MARK_USED_EVERY_S) {
      await this.#store.apiKeys.markUsed(record.id, this.#nowS());
    }
    const scope = scopeOf(record);
    return {
      user,
      via: 'api-key',
      credentialId: String(record.id),
      expiresAtMs: record.expiresAt === null ? null : record.expiresAt * 1000,
      ...(scope && { scope }),
    };
  }

  listOf(userId: number): Promise<ApiKeyRecord[]> {
    return this.#store.apiKeys.listOf(userId);
  }

  /** Removes a key of this user; Fault not-found for any other id. */
  async remove(userId: number, keyId: number): Promise<void> {
    const own = await this.#store.apiKeys.listOf(userId);
    if (!own.some((record) => record.id === keyId)) {
      throw new Fault(
        'not-found',
        'Unable to find an API key with the specified identifier inside the database',
      );
    }
    await this.#store.apiKeys.remove(keyId);
  }

  #nowS(): number {
    return Math.floor(this.#now() / 1000);
  }
}
