/** The server's private keys in its data folder, sealed with the secret key: a copy of the folder is worth nothing without it. */
import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type KeyWrap, nextOf, readWrapped, writeDurably } from '../../link/key-wrap.ts';
import { Fault } from '../../protocol/fault.ts';
import { Seal } from './seal.ts';

/** Files of the data folder that are written with the wrap; of the second one the certificate lies beside it. */
const WRAPPED_FILES = ['portainer.key', 'key.pem', 'https.pem', 'link-keys.json'];
const MARK = 'fleet-server sealed this with its secret key\n';

/** The wrap of a secret key. */
export function sealedKeyWrap(secretKey: Buffer): KeyWrap {
  const seal = new Seal(secretKey);
  return {
    close: (text) => `${MARK}${seal.close(Buffer.from(text))}\n`,
    open(kept) {
      if (!kept.startsWith(MARK)) return undefined;
      const bytes = seal.open(kept.slice(MARK.length).trim());
      if (bytes !== undefined) return bytes.toString();
      const sentence =
        'A private key in the data folder was sealed with another secret key, or changed since. Bring it back from a backup.';
      throw new Fault('bad-settings', sentence);
    },
  };
}

/** A change of the secret key: what is written beside the files first, and takes their place when the store has changed. */
export class WrapChange {
  readonly #files: readonly string[];

  private constructor(files: readonly string[]) {
    this.#files = files;
  }

  /** Writes each sealed file anew, beside it. What lies bare opens with any key, and may be the operator's: it is left alone. */
  static async begin(dataFolder: string, from: KeyWrap, to: KeyWrap): Promise<WrapChange> {
    const files: string[] = [];
    for (const name of WRAPPED_FILES) {
      const file = join(dataFolder, name);
      if (await liesBare(file)) continue;
      const text = await readWrapped(file, from);
      if (text === undefined) continue;
      await writeDurably(nextOf(file), to.close(text));
      files.push(file);
    }
    return new WrapChange(files);
  }

  /** Puts them in place; begun anew by whoever reads the files next. */
  async end(): Promise<void> {
    for (const file of this.#files) await rename(nextOf(file), file);
  }
}

async function liesBare(file: string): Promise<boolean> {
  const kept = await readFile(file, 'utf8').catch(() => MARK);
  return !kept.startsWith(MARK);
}
