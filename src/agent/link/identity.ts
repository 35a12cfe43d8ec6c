/**
 * Who this agent is on links: a key with a self-signed certificate, and during a rotation the next pair beside it. The key
 * is what counts and is written or moved in one step, so that a crash at any point leaves a pair that works.
 */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { certificateAround, selfSigned } from '../../link/certificate.ts';
import { linkFingerprint } from '../../link/fingerprint.ts';
import type { TlsIdentity } from '../../link/tls-pipe.ts';
import { asFault, Fault } from '../../protocol/fault.ts';
import type { KeyOffer } from '../../protocol/link-api.ts';

/** In the data folder; there once the agent has an identity. */
export const LINK_KEY_FILE = 'link.key';

export interface AgentIdentity {
  /** With which the next link is made. */
  readonly current: TlsIdentity;
  readonly fingerprint: string;
  /** Makes the next pair, or answers the one that waits already; nothing changes before the commit. */
  offerNext(): Promise<KeyOffer>;
  /** Links are made with the offered pair from now on; harmless to repeat. Fault conflict when it is not the offered one. */
  commit(offer: KeyOffer): Promise<void>;
}

interface Files {
  readonly key: string;
  readonly certificate: string;
}

interface KeptPair extends TlsIdentity {
  readonly fingerprint: string;
}

/** The identity kept in the folder, made at the first call; Fault bad-settings when it can't be read or written. */
export async function openAgentIdentity(dataFolder: string): Promise<AgentIdentity> {
  const present = filesOf(dataFolder, 'link');
  const next = filesOf(dataFolder, 'link-next');
  try {
    await mkdir(dataFolder, { recursive: true, mode: 0o700 });
    const pair =
      (await readPair(present)) ??
      (await finishCommit(present, next)) ??
      (await certifyAnew(present)) ??
      (await makePair(present));
    return new KeptIdentity(pair, present, next);
  } catch (cause) {
    const sentence = `The agent's own key can't be kept in ${dataFolder}. Is the folder writable?`;
    throw asFault(cause, 'bad-settings', sentence);
  }
}

/** Rotations are asked for over links, of which a direct agent may have several: one step at a time. */
class KeptIdentity implements AgentIdentity {
  readonly #present: Files;
  readonly #next: Files;
  #pair: KeptPair;
  #step: Promise<unknown> = Promise.resolve();

  constructor(pair: KeptPair, present: Files, next: Files) {
    this.#pair = pair;
    this.#present = present;
    this.#next = next;
  }

  get current(): TlsIdentity {
    return this.#pair;
  }

  get fingerprint(): string {
    return this.#pair.fingerprint;
  }

  offerNext(): Promise<KeyOffer> {
    return this.#inTurn(async () => {
      const { fingerprint } = (await readPair(this.#next)) ?? (await makePair(this.#next));
      return { fingerprint };
    });
  }

  commit({ fingerprint }: KeyOffer): Promise<void> {
    return this.#inTurn(async () => {
      if (fingerprint === this.#pair.fingerprint) return;
      const next = await readPair(this.#next);
      if (next?.fingerprint !== fingerprint) {
        throw new Fault('conflict', 'That key is not the one this agent offered last.');
      }
      // From this line on the new key counts; what a crash leaves undone after it is done at the next start.
      await rename(this.#next.key, this.#present.key);
      await settleFolder(this.#present.key);
      this.#pair = next;
      await rename(this.#next.certificate, this.#present.certificate);
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#step.then(work);
    this.#step = done.catch(() => undefined);
    return done;
  }
}

function filesOf(folder: string, name: string): Files {
  return { key: join(folder, `${name}.key`), certificate: join(folder, `${name}.crt`) };
}

/** After a crash in the middle of a commit the key is the new one, and its certificate still bears the name of the next. */
async function finishCommit(present: Files, next: Files): Promise<KeptPair | undefined> {
  const pair = await readPair({ key: present.key, certificate: next.certificate });
  if (pair) await rename(next.certificate, present.certificate);
  return pair;
}

/** A key whose certificate was lost keeps its name: whoever trusts it trusts the key. Undefined without a key. */
async function certifyAnew(files: Files): Promise<KeptPair | undefined> {
  const keyPem = await read(files.key);
  if (keyPem === undefined) return undefined;
  const key = parseKey(keyPem);
  if (!key) {
    const sentence = `${files.key} holds no P-256 key. Bring it back, or remove it to have this agent join anew.`;
    throw new Fault('bad-settings', sentence);
  }
  const { certificatePem } = certificateAround(key, 'fleet-agent');
  await write(files.certificate, certificatePem);
  return { keyPem, certificatePem, fingerprint: linkFingerprint(key) };
}

/** Undefined when one is missing or the two do not belong together. */
async function readPair(files: Files): Promise<KeptPair | undefined> {
  const [keyPem, certificatePem] = await Promise.all([read(files.key), read(files.certificate)]);
  if (keyPem === undefined || certificatePem === undefined) return undefined;
  const key = parseKey(keyPem);
  if (!key || !belongsTo(certificatePem, key)) return undefined;
  return { keyPem, certificatePem, fingerprint: linkFingerprint(key) };
}

async function makePair(files: Files): Promise<KeptPair> {
  await rm(files.key, { force: true });
  const made = await selfSigned({ commonName: 'fleet-agent', names: [hostname()], addresses: [] });
  await write(files.certificate, made.certificatePem);
  await write(files.key, made.keyPem);
  return { ...made, fingerprint: linkFingerprint(createPrivateKey(made.keyPem)) };
}

async function write(file: string, text: string): Promise<void> {
  const fresh = `${file}.new`;
  const handle = await open(fresh, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await chmod(fresh, 0o600);
  await rename(fresh, file);
}

/** The server forgets the old key as soon as it sees the new one: losing power must not bring the old one back. */
async function settleFolder(file: string): Promise<void> {
  const handle = await open(dirname(file), 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function read(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw asFault(cause, 'bad-settings', `${file} can't be read. Check its owner and mode.`);
  }
}

function parseKey(pem: string): KeyObject | undefined {
  try {
    const key = createPrivateKey(pem);
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : undefined;
  } catch {
    return undefined;
  }
}

function belongsTo(certificatePem: string, key: KeyObject): boolean {
  try {
    return new X509Certificate(certificatePem).checkPrivateKey(key);
  } catch {
    return false;
  }
}
