/**
 * Whose requests the agent obeys. With a secret: whoever signs it. Without: the first key that signs properly, kept in
 * the data folder; the file is read at each request, so that `fleet-agent unpair` works on a running agent.
 */
import { createPublicKey, type KeyObject } from 'node:crypto';
import {
  accessSync,
  constants,
  linkSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { linkFingerprint } from '../link/fingerprint.ts';
import { checkSignature, publicKeyHex, type SignedHeaders } from '../link/signature.ts';
import { asFault, Fault } from '../protocol/fault.ts';
import type { Log } from './log.ts';

const PAIRED_KEY_FILE = 'paired-server.pub';
/** The fingerprint of the key that the owner will have next. */
const NEXT_KEY_FILE = 'paired-server.next';

export interface Pairing {
  /** Undefined when the request may go on, else the refusal (Portainer agent protocol, signature check). */
  refusal(headers: SignedHeaders, from: string): Fault | undefined;
  /** Whether somebody owns this agent: always with a secret. */
  isPaired(): boolean;
  /** The same for the key that proved itself in a link's handshake; with a secret, proofs decide and not the key. */
  keyRefusal(key: KeyObject): Fault | undefined;
  /** A link with this key stands: it owns the agent from now on, if none did or if it was announced as the next. */
  joined(key: KeyObject, from: string): void;
  /** The owner's next key, by its fingerprint. */
  announceNext(fingerprint: string): void;
}

export interface PairingOptions {
  readonly dataFolder: string;
  readonly secret: string | undefined;
  readonly log: Log;
}

/** Throws Fault bad-settings when a kept pairing can't be read, or none could be kept. */
export function openPairing({ dataFolder, secret, log }: PairingOptions): Pairing {
  if (secret !== undefined) {
    return {
      refusal: (headers) => refusalOf(checkSignature(headers, { secret })),
      isPaired: () => true,
      keyRefusal: () => undefined,
      joined: () => undefined,
      announceNext: () => undefined,
    };
  }
  return pairingByKey(dataFolder, log);
}

function pairingByKey(dataFolder: string, log: Log): Pairing {
  const file = join(dataFolder, PAIRED_KEY_FILE);
  const nextFile = join(dataFolder, NEXT_KEY_FILE);
  if (readPinned(file) === undefined) checkWritable(dataFolder);
  return {
    ...linkedPairing(file, nextFile, log),
    refusal(headers, from) {
      try {
        const pinned = readPinned(file);
        const proved = checkSignature(headers, pinned === undefined ? {} : { pinned });
        if (proved instanceof Fault || pinned !== undefined) return refusalOf(proved);
        keep(file, proved);
        log.info('Paired: from now on only this server is obeyed.', { from, key: nameOf(proved) });
        return undefined;
      } catch (error) {
        return asFault(error, 'internal', "The pairing of this agent can't be checked.");
      }
    },
    isPaired: () => readPinned(file) !== undefined,
  };
}

function linkedPairing(file: string, nextFile: string, log: Log) {
  return {
    keyRefusal(key: KeyObject) {
      try {
        const pinned = readPinned(file);
        const shown = publicKeyHex(key);
        if (pinned === undefined || pinned === shown) return undefined;
        if (nameOf(shown) === readText(nextFile)) return undefined;
        const sentence = `This agent belongs to another server (its key is ${nameOf(pinned)}). "fleet-agent unpair" on its machine frees it.`;
        return new Fault('forbidden', sentence);
      } catch (error) {
        return asFault(error, 'internal', "The pairing of this agent can't be checked.");
      }
    },
    joined(key: KeyObject, from: string) {
      const pinned = readPinned(file);
      const shown = publicKeyHex(key);
      if (pinned === shown) return;
      if (pinned === undefined) keep(file, shown);
      else replace(file, shown);
      rmSync(nextFile, { force: true });
      log.info('Paired: from now on only this server is obeyed.', { from, key: nameOf(shown) });
    },
    announceNext: (fingerprint: string) => replace(nextFile, fingerprint),
  };
}

/** Forgets the server that the agent with this data folder belongs to; false when it belonged to none. */
export function forgetPairing(dataFolder: string): boolean {
  const file = join(dataFolder, PAIRED_KEY_FILE);
  try {
    rmSync(join(dataFolder, NEXT_KEY_FILE), { force: true });
    rmSync(file);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw asFault(cause, 'bad-settings', `${file} can't be removed. Check its owner and mode.`);
  }
}

/** Better said at the start than to the first server that contacts the agent. */
function checkWritable(dataFolder: string): void {
  try {
    accessSync(dataFolder, constants.W_OK);
  } catch (cause) {
    const sentence = `No pairing can be kept in ${dataFolder} (DATA_PATH). Is the folder writable?`;
    throw asFault(cause, 'bad-settings', sentence);
  }
}

function refusalOf(checked: string | Fault): Fault | undefined {
  return checked instanceof Fault ? checked : undefined;
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw asFault(cause, 'bad-settings', `${file} can't be read. Check its owner and mode.`);
  }
}

function readPinned(file: string): string | undefined {
  const text = readText(file);
  if (text === undefined || /^[0-9a-f]{64,1024}$/.test(text)) return text;
  throw new Fault(
    'bad-settings',
    `${file} holds no public key. Run "fleet-agent unpair" to pair anew.`,
  );
}

/** Linked into place whole; whoever comes second finds a file and is refused. */
function keep(file: string, keyHex: string): void {
  const fresh = `${file}.${process.pid}.new`;
  try {
    writeFileSync(fresh, `${keyHex}\n`, { mode: 0o600, flush: true });
    linkSync(fresh, file);
  } catch (cause) {
    throw asFault(cause, 'internal', `The pairing can't be kept in ${file}.`);
  } finally {
    rmSync(fresh, { force: true });
  }
}

function replace(file: string, text: string): void {
  const fresh = `${file}.${process.pid}.new`;
  try {
    writeFileSync(fresh, `${text}\n`, { mode: 0o600, flush: true });
    renameSync(fresh, file);
  } catch (cause) {
    throw asFault(cause, 'internal', `The pairing can't be kept in ${file}.`);
  }
}

function nameOf(keyHex: string): string {
  return linkFingerprint(
    createPublicKey({ key: Buffer.from(keyHex, 'hex'), format: 'der', type: 'spki' }),
  );
}
