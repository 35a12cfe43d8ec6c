/**
 * `fleet-server rekey`: seals every secret of a stopped server's store with another key. The new key is on disk before the
 * store is changed in one transaction, so that a crash at any moment leaves a store and the key that opens it.
 */
import { rename, rm } from 'node:fs/promises';
import { Command } from 'commander';
import { loadOrCreateKey } from '../link/identity.ts';
import { nextOf } from '../link/key-wrap.ts';
import { Fault } from '../protocol/fault.ts';
import { secretIn } from '../protocol/secret.ts';
import { Seal } from './fleet/seal.ts';
import { sealedKeyWrap, WrapChange } from './fleet/sealed-key-files.ts';
import { sealedStore } from './fleet/sealed-store.ts';
import {
  checkOf,
  KEY_CHECK,
  newSecretKey,
  openSecretKey,
  parseSecretKey,
  type SecretKeyPlace,
  secretKeyFileOf,
  writeKeyFile,
} from './fleet/secret-key.ts';
import { type DataTools, onStoppedData } from './stopped-data.ts';
import type { Store } from './store/store.ts';

/** The exit status: 0 done, 1 not done and nothing changed, 2 wrong words. */
export async function rekeyCommand(argv: readonly string[], tools: DataTools): Promise<number> {
  const program = new Command('fleet-server rekey')
    .description(
      'Seals all secrets with a new key: the one in FLEET_NEW_SECRET_KEY, else a new one in the key file. The present one is read as the server reads it.',
    )
    .option('--data <folder>', "the stopped server's data folder", '/data')
    .option('--secret-key-file <file>', 'where the key lies, if not in the data folder')
    .allowExcessArguments(false)
    .exitOverride();
  try {
    program.parse([...argv], { from: 'user' });
  } catch (thrown) {
    return (thrown as { exitCode?: number }).exitCode === 0 ? 0 : 2;
  }
  const { data, secretKeyFile } = program.opts<{ data: string; secretKeyFile?: string }>();
  const secretKey = secretIn(process.env['FLEET_SECRET_KEY']);
  const place = { dataFolder: data, secretKey, secretKeyFile };
  return await onStoppedData(tools, {
    folder: data,
    whileItRuns: 'stop it first, since it holds the old key',
    run: async (store) => {
      tools.print(await rekey(store, place, process.env['FLEET_NEW_SECRET_KEY'] || undefined));
      return 0;
    },
  });
}

/** The sentence to say about it. Fault bad-settings when the present key is not the store's; then nothing was changed. */
async function rekey(store: Store, place: SecretKeyPlace, wanted: string | undefined) {
  const present = await openSecretKey(place, store.settings);
  const wrap = sealedKeyWrap(present);
  const old = new Seal(present, await loadOrCreateKey(place.dataFolder, wrap));
  await sealedStore(store, old);
  const file = secretKeyFileOf(place);
  const text = wanted ?? newSecretKey();
  const key = parseSecretKey(text, 'FLEET_NEW_SECRET_KEY');
  const fresh = new Seal(key);
  const next = nextOf(file);
  await rm(next, { force: true });
  if (wanted === undefined) await writeKeyFile(next, text);
  const files = await WrapChange.begin(place.dataFolder, wrap, sealedKeyWrap(key));
  const keyCheck = { name: KEY_CHECK, value: checkOf(key) };
  await store.reseal((sealed) => fresh.close(opened(old, sealed)), keyCheck);
  if (wanted === undefined) await rename(next, file);
  await files.end();
  if (wanted !== undefined)
    return 'All secrets are sealed with FLEET_NEW_SECRET_KEY: start the server with it as FLEET_SECRET_KEY.';
  return `All secrets are sealed with a new key, in ${file}.`;
}

function opened(seal: Seal, sealed: string): Buffer {
  const bytes = seal.open(sealed);
  if (bytes !== undefined) return bytes;
  throw new Fault('bad-settings', 'A sealed secret can not be opened; nothing was changed.');
}
