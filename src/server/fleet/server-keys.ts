/**
 * The keys by which agents know this server: the present one, and after a change the one before it, for as long as somebody may
 * know no other. All in one file that is replaced whole, so that a crash at any point leaves keys that work.
 */
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { certificateAround } from '../../link/certificate.ts';
import { linkFingerprint } from '../../link/fingerprint.ts';
import { type KeyWrap, readWrapped, writeWrapped } from '../../link/key-wrap.ts';
import type { TlsIdentity } from '../../link/tls-pipe.ts';
import { asFault } from '../../protocol/fault.ts';

const FILE = 'link-keys.json';

const keySchema = z.object({ keyPem: z.string(), madeAtMs: z.number() });
const fileSchema = z.object({ current: keySchema, previous: keySchema.nullable() });
type KeptKeys = z.infer<typeof fileSchema>;

export interface ServerKey {
  readonly identity: TlsIdentity;
  readonly fingerprint: string;
  readonly madeAtMs: number;
}

/** Where they are kept. */
export interface ServerKeyPlace {
  readonly dataFolder: string;
  readonly wrap: KeyWrap;
}

interface KeptIn {
  readonly file: string;
  readonly wrap: KeyWrap;
}

/** Two keys at most. */
export class ServerKeys {
  readonly #place: KeptIn;
  #kept: KeptKeys;
  #current: ServerKey;
  #previous: ServerKey | undefined;
  #replacing: Promise<void> = Promise.resolve();

  private constructor(place: KeptIn, kept: KeptKeys, keys: [ServerKey, ServerKey | undefined]) {
    this.#place = place;
    this.#kept = kept;
    [this.#current, this.#previous] = keys;
  }

  /** The keys of the data folder; `first` is the key of a server that has never changed it. Fault bad-settings. */
  static async open(
    { dataFolder, wrap }: ServerKeyPlace,
    first: KeyObject,
    nowMs: number,
  ): Promise<ServerKeys> {
    const file = join(dataFolder, FILE);
    const place = { file, wrap };
    try {
      const found = await read(place);
      const current = { keyPem: pemOf(first), madeAtMs: nowMs };
      const kept = found ?? { current, previous: null };
      const keys = certified(kept);
      if (found === undefined) await write(place, kept);
      return new ServerKeys(place, kept, keys);
    } catch (cause) {
      const sentence = `The server's link keys in ${file} can't be used. Bring the file back from a backup; without it, agents that know only its keys must join anew.`;
      throw asFault(cause, 'bad-settings', sentence);
    }
  }

  get current(): ServerKey {
    return this.#current;
  }

  /** Undefined when nobody needs it any more. */
  get previous(): ServerKey | undefined {
    return this.#previous;
  }

  /** For a peer that accepts these keys: the newest of them that we have; for one that names none, the oldest that we have. */
  acceptedBy(fingerprints: readonly string[]): ServerKey {
    const known = [this.#current, this.#previous].find(
      (key) => key !== undefined && fingerprints.includes(key.fingerprint),
    );
    if (known !== undefined) return known;
    return fingerprints.length > 0 ? this.#current : (this.#previous ?? this.#current);
  }

  /** Makes a new key the current one and keeps the one before; whatever was before that is gone. */
  async renew(nowMs: number): Promise<void> {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const current = { keyPem: pemOf(privateKey), madeAtMs: nowMs };
    await this.#replace((kept) => ({ current, previous: kept.current }));
  }

  /** From now on the previous key is worth nothing, if it still is that one. */
  async dropPrevious(fingerprint: string): Promise<void> {
    await this.#replace((kept) =>
      this.#previous?.fingerprint === fingerprint ? { ...kept, previous: null } : kept,
    );
  }

  /** One after the other: two at once would write over each other's file. */
  #replace(next: (kept: KeptKeys) => KeptKeys): Promise<void> {
    const replaced = this.#replacing.then(async () => {
      const kept = next(this.#kept);
      if (kept === this.#kept) return;
      const keys = certified(kept);
      await write(this.#place, kept);
      this.#kept = kept;
      [this.#current, this.#previous] = keys;
    });
    this.#replacing = replaced.catch(() => undefined);
    return replaced;
  }
}

function certified(kept: KeptKeys): [ServerKey, ServerKey | undefined] {
  const { current, previous } = kept;
  return [certify(current), previous === null ? undefined : certify(previous)];
}

function certify({ keyPem, madeAtMs }: KeptKeys['current']): ServerKey {
  const key = createPrivateKey(keyPem);
  const identity = certificateAround(key, 'fleet-server');
  return { identity, fingerprint: linkFingerprint(key), madeAtMs };
}

function pemOf(key: KeyObject): string {
  return String(key.export({ type: 'pkcs8', format: 'pem' }));
}

async function read({ file, wrap }: KeptIn): Promise<KeptKeys | undefined> {
  const text = await readWrapped(file, wrap);
  return text === undefined ? undefined : fileSchema.parse(JSON.parse(text));
}

/** On disk before anybody may hear of a key. */
async function write({ file, wrap }: KeptIn, kept: KeptKeys): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeWrapped(file, `${JSON.stringify(kept)}\n`, wrap);
}
