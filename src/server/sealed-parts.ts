/** What a server is put together from: a store that remembers, its secrets and the private keys sealed on their way to disk. */
import type { KeyObject } from 'node:crypto';
import { loadOrCreateKey } from '../link/identity.ts';
import { BARE } from '../link/key-wrap.ts';
import { rememberingStore } from './fleet/remembering-store.ts';
import { Seal } from './fleet/seal.ts';
import { sealedKeyWrap } from './fleet/sealed-key-files.ts';
import { sealedStore } from './fleet/sealed-store.ts';
import { KEY_CHECK, openSecretKey, type SecretKeyPlace } from './fleet/secret-key.ts';
import type { ServerParts } from './server-parts.ts';
import type { SettingStore } from './store/store.ts';

/** Fault bad-settings for a wrong secret key, before anything was changed. `key` is the server's own. */
export async function sealedParts(parts: ServerParts) {
  const { settings, store } = parts;
  const secretKey = await openSecretKey(settings, store.settings);
  const wrap = sealedKeyWrap(secretKey);
  const key = await loadOrCreateKey(settings.dataFolder, wrap);
  const seal = new Seal(secretKey, key);
  return { ...parts, key, seal, wrap, store: rememberingStore(await sealedStore(store, seal)) };
}

/** The own key of a stopped server; a store that has no secret key yet keeps it bare. Fault bad-settings. */
export async function ownKey(place: SecretKeyPlace, settings: SettingStore): Promise<KeyObject> {
  const isSealed = (await settings.get(KEY_CHECK)) !== undefined;
  const wrap = isSealed ? sealedKeyWrap(await openSecretKey(place, settings)) : BARE;
  return await loadOrCreateKey(place.dataFolder, wrap);
}
