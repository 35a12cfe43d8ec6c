/**
 * A store whose secrets are sealed on their way to disk: nobody above it sees that they are. What an earlier release left
 * unsealed is sealed when it is opened.
 */
import { Fault } from '../../protocol/fault.ts';
import type { EnvironmentRecord, EnvironmentStore, SettingStore, Store } from '../store/store.ts';
import type { Seal } from './seal.ts';

/** Marks a sealed text among those of earlier releases. */
export const SEALED = 'sealed:';
/** Settings that are secrets. */
const SECRET_SETTINGS: ReadonlySet<string> = new Set(['session-secret']);

/** Closes and opens texts; '' stays ''. */
class SealedText {
  readonly #seal: Seal;

  constructor(seal: Seal) {
    this.#seal = seal;
  }

  close(text: string): string {
    return text === '' ? '' : `${SEALED}${this.#seal.close(Buffer.from(text))}`;
  }

  open(text: string): string {
    if (!text.startsWith(SEALED)) return text;
    const opened = this.#seal.open(text.slice(SEALED.length));
    if (opened !== undefined) return opened.toString();
    throw new Fault('bad-settings', 'A secret in the store was changed by others: it has no seal.');
  }
}

/** The same store with its secrets sealed. */
export async function sealedStore(store: Store, seal: Seal): Promise<Store> {
  const text = new SealedText(seal);
  const settings = sealedSettings(store.settings, text);
  const environments = sealedEnvironments(store.environments, text);
  for (const name of SECRET_SETTINGS) {
    const kept = await store.settings.get(name);
    if (kept !== undefined && !kept.startsWith(SEALED)) await settings.set(name, kept);
  }
  for (const { id, tlsKey } of await store.environments.list()) {
    const isOpen = tlsKey !== '' && !tlsKey.startsWith(SEALED);
    if (isOpen) await environments.update(id, { tlsKey });
  }
  return { ...store, settings, environments };
}

function sealedSettings(settings: SettingStore, text: SealedText): SettingStore {
  return {
    async get(name) {
      const kept = await settings.get(name);
      return kept !== undefined && SECRET_SETTINGS.has(name) ? text.open(kept) : kept;
    },
    set: (name, value) => settings.set(name, SECRET_SETTINGS.has(name) ? text.close(value) : value),
  };
}

function sealedEnvironments(environments: EnvironmentStore, text: SealedText): EnvironmentStore {
  const open = (record: EnvironmentRecord): EnvironmentRecord => ({
    ...record,
    tlsKey: text.open(record.tlsKey),
  });
  return {
    ...environments,
    list: async () => (await environments.list()).map(open),
    async get(id) {
      const record = await environments.get(id);
      return record && open(record);
    },
    insert: async (record) =>
      open(await environments.insert({ ...record, tlsKey: text.close(record.tlsKey) })),
    update: (id, change) => {
      const { tlsKey } = change;
      const sealed = tlsKey === undefined ? {} : { tlsKey: text.close(tlsKey) };
      return environments.update(id, { ...change, ...sealed });
    },
  };
}
