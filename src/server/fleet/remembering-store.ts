/**
 * A store that remembers what every request asks for: its API key, its account, its environment. This process alone has the
 * store open, so what was read last is what is kept, until this process writes.
 */
import type {
  ApiKeyRecord,
  ApiKeyStore,
  EnvironmentRecord,
  EnvironmentStore,
  Store,
  UserRecord,
  UserStore,
} from '../store/store.ts';

/** Of each kind; the snapshot of an environment may be large. */
const REMEMBERED = 64;

/** Values by what they were asked for, as they were read last. */
class LastRead<Key, Value> {
  readonly #values = new Map<Key, Value>();
  #writes = 0;

  /** What `read` gives, asked once; a value that may be older than a write is not remembered. */
  async get(key: Key, read: (key: Key) => Promise<Value | undefined>): Promise<Value | undefined> {
    const known = this.#values.get(key);
    if (known !== undefined) return known;
    const writes = this.#writes;
    const value = await read(key);
    if (value !== undefined && writes === this.#writes) this.#keep(key, value);
    return value;
  }

  /** Does `write`; what was read before it or meanwhile is forgotten, whether it succeeds or not. */
  async around<Result>(write: () => Promise<Result>): Promise<Result> {
    this.#forget();
    try {
      return await write();
    } finally {
      this.#forget();
    }
  }

  #keep(key: Key, value: Value): void {
    const [oldest] = this.#values.keys();
    if (this.#values.size >= REMEMBERED && oldest !== undefined) this.#values.delete(oldest);
    this.#values.set(key, value);
  }

  #forget(): void {
    this.#writes += 1;
    this.#values.clear();
  }
}

/** The same store, which is not to be written to past this one. */
export function rememberingStore(store: Store): Store {
  const keys = rememberedKeys(store.apiKeys);
  return {
    ...store,
    apiKeys: keys.apiKeys,
    users: rememberedUsers(store.users, keys.around),
    environments: rememberedEnvironments(store.environments),
  };
}

type Around = LastRead<string, unknown>['around'];

function rememberedKeys(apiKeys: ApiKeyStore) {
  const last = new LastRead<string, ApiKeyRecord>();
  const around: Around = (write) => last.around(write);
  const remembered: ApiKeyStore = {
    ...apiKeys,
    findByDigest: (digest) => last.get(digest, apiKeys.findByDigest),
    insert: (key) => around(() => apiKeys.insert(key)),
    markUsed: (id, atS) => around(() => apiKeys.markUsed(id, atS)),
    remove: (id) => around(() => apiKeys.remove(id)),
  };
  return { apiKeys: remembered, around };
}

/** With an account its keys go, too. */
function rememberedUsers(users: UserStore, aroundKeys: Around): UserStore {
  const last = new LastRead<number, UserRecord>();
  return {
    ...users,
    get: (id) => last.get(id, users.get),
    insert: (user) => last.around(() => users.insert(user)),
    update: (id, change) => last.around(() => users.update(id, change)),
    replaceHash: (id, from, to) => last.around(() => users.replaceHash(id, from, to)),
    remove: (id) => last.around(() => aroundKeys(() => users.remove(id))),
  };
}

function rememberedEnvironments(environments: EnvironmentStore): EnvironmentStore {
  const last = new LastRead<number, EnvironmentRecord>();
  return {
    ...environments,
    get: (id) => last.get(id, environments.get),
    insert: (environment) => last.around(() => environments.insert(environment)),
    update: (id, change) => last.around(() => environments.update(id, change)),
    remove: (id) => last.around(() => environments.remove(id)),
  };
}
