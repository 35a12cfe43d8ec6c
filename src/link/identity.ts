/** The P-256 key that a program is known by: made once, kept as PEM in its data folder, readable by its owner only. */
import { createPrivateKey, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { chmod, link, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asFault, Fault } from '../protocol/fault.ts';
import { BARE, type KeyWrap, readWrapped } from './key-wrap.ts';

export const KEY_FILE = 'portainer.key';

/**
 * The private key in `<dir>/portainer.key` (PEM, Portainer's own name for it), made at the first call. Throws Fault
 * bad-settings when the file can't be read, written or understood; an existing file is never overwritten.
 */
export async function loadOrCreateKey(dir: string, wrap: KeyWrap = BARE): Promise<KeyObject> {
  const file = join(dir, KEY_FILE);
  return parse((await read(file, wrap)) ?? (await create(dir, file, wrap)), file);
}

async function read(file: string, wrap: KeyWrap): Promise<string | undefined> {
  try {
    return await readWrapped(file, wrap);
  } catch (cause) {
    throw asFault(
      cause,
      'bad-settings',
      `The key ${file} can't be read. Check its owner and mode.`,
    );
  }
}

function parse(pem: string, file: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (cause) {
    throw asFault(
      cause,
      'bad-settings',
      `${file} holds no private key. Move it away to get a new one.`,
    );
  }
  if (key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return key;
  throw new Fault('bad-settings', `${file} holds a key that is not ECDSA P-256. Move it away.`);
}

/** Written beside and linked into place: whoever comes second takes the first one's key, and a crash leaves none half made. */
async function create(dir: string, file: string, wrap: KeyWrap): Promise<string> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ type: 'sec1', format: 'pem' }) as string;
  const fresh = `${file}.${randomUUID()}.new`;
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await writeFile(fresh, wrap.close(pem), { mode: 0o600 });
    await chmod(fresh, 0o600);
    await link(fresh, file);
    return pem;
  } catch (cause) {
    const theirs = await read(file, wrap);
    if (theirs !== undefined) return theirs;
    throw asFault(cause, 'bad-settings', `No key can be kept in ${dir}. Is the folder writable?`);
  } finally {
    await rm(fresh, { force: true });
  }
}
