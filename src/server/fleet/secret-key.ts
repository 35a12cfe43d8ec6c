/**
 * The key that secrets in the store are sealed with: FLEET_SECRET_KEY, or a file made at first start. A store remembers which
 * key it was sealed with, so that a wrong one is noticed before anything is read or written with it.
 */
import { randomBytes } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { nextOf } from '../../link/key-wrap.ts';
import { asFault, Fault } from '../../protocol/fault.ts';
import type { Secret } from '../../protocol/secret.ts';
import type { SettingStore } from '../store/store.ts';
import { Seal } from './seal.ts';

/** Setting: a known text, sealed. */
export const KEY_CHECK = 'secret-key-check';
const CHECK_TEXT = Buffer.from('fleet-server');
const MIN_LENGTH = 32;

export interface SecretKeyPlace {
  readonly dataFolder: string;
  /** FLEET_SECRET_KEY; wins over any file. */
  readonly secretKey: Secret | undefined;
  /** --secret-key-file; `secret.key` in the data folder unless given. */
  readonly secretKeyFile: string | undefined;
}

/** Where the key lies when it is a file. */
export const secretKeyFileOf = (place: SecretKeyPlace): string =>
  place.secretKeyFile ?? join(place.dataFolder, 'secret.key');

const wordsFor = ({ secretKey }: SecretKeyPlace, file: string): string =>
  secretKey === undefined ? `the key in ${file}` : 'FLEET_SECRET_KEY';

/** A key in the form that files and the variable have it: 32 random bytes in base64. */
export const newSecretKey = (): string => randomBytes(32).toString('base64');

/** Fault bad-settings for what is too short to be a key. */
export function parseSecretKey(text: string, what: string): Buffer {
  const trimmed = text.trim();
  if (trimmed.length >= MIN_LENGTH) return Buffer.from(trimmed);
  const advice = 'Make one with: openssl rand -base64 32';
  throw new Fault('bad-settings', `${what} has less than ${MIN_LENGTH} characters. ${advice}`);
}

/** The key file's content; undefined when there is none. Fault bad-settings when it can't be read. */
export async function readKeyFile(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    const sentence = `The secret key ${file} can't be read. Check its owner and mode.`;
    throw asFault(cause, 'bad-settings', sentence);
  }
}

/** On disk, readable by its owner only, before anything is sealed with it; never over another key. */
export async function writeKeyFile(file: string, key: string): Promise<void> {
  try {
    const handle = await open(file, 'wx', 0o600);
    try {
      await handle.writeFile(`${key}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw asFault(cause, 'bad-settings', `The secret key can't be kept in ${file}.`);
  }
}

/** The secret key of a store; made when the store has none yet. Fault bad-settings when it is not the store's. */
export async function openSecretKey(
  place: SecretKeyPlace,
  settings: SettingStore,
): Promise<Buffer> {
  const check = await settings.get(KEY_CHECK);
  const file = secretKeyFileOf(place);
  const words = wordsFor(place, file);
  const given = place.secretKey?.reveal() ?? (await keptKey(file, check));
  if (given === undefined && check !== undefined) throw lost(words, place);
  if (given === undefined) {
    const made = newSecretKey();
    await writeKeyFile(file, made);
    return await remembered(parseSecretKey(made, words), settings);
  }
  const key = parseSecretKey(given, words);
  if (check === undefined) return await remembered(key, settings);
  if (!opens(key, check)) throw lost(words, place);
  return key;
}

/** What the store keeps to know its key by. */
export const checkOf = (key: Buffer): string => new Seal(key).close(CHECK_TEXT);

const opens = (key: Buffer, check: string): boolean =>
  new Seal(key).open(check)?.equals(CHECK_TEXT) ?? false;

async function remembered(key: Buffer, settings: SettingStore): Promise<Buffer> {
  await settings.set(KEY_CHECK, checkOf(key));
  return key;
}

/** A change of the key that broke off after the store had been sealed anew is brought to its end here. */
async function keptKey(file: string, check: string | undefined): Promise<string | undefined> {
  const next = await readKeyFile(nextOf(file));
  if (next !== undefined && check !== undefined && opens(Buffer.from(next.trim()), check)) {
    await rename(nextOf(file), file);
    return next;
  }
  return await readKeyFile(file);
}

function lost(words: string, { dataFolder }: SecretKeyPlace): Fault {
  return new Fault(
    'bad-settings',
    `The secrets in ${dataFolder} were sealed with another key than ${words}. Nothing was changed. Give the right FLEET_SECRET_KEY or --secret-key-file, or bring the key file back from a backup.`,
  );
}
