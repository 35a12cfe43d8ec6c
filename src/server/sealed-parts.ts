/** What a server is put together from, with the secrets of its store sealed on their way to disk. */
import { loadOrCreateKey } from '../link/identity.ts';
import { Seal } from './fleet/seal.ts';
import { sealedStore } from './fleet/sealed-store.ts';
import { openSecretKey } from './fleet/secret-key.ts';
import type { ServerParts } from './server-parts.ts';

/** Fault bad-settings for a wrong secret key, before anything was changed. `key` is the server's own. */
export async function sealedParts(parts: ServerParts) {
  const { settings, store } = parts;
  const secretKey = await openSecretKey(settings, store.settings);
  const key = await loadOrCreateKey(settings.dataFolder);
  const seal = new Seal(secretKey, key);
  return { ...parts, key, seal, store: await sealedStore(store, seal) };
}
