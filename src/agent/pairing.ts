/**
 * Whose requests the agent obeys. With a secret: whoever signs it. Without: the first key that signs properly, kept in
 * the data folder; the file is read at each request, so that `fleet-agent unpair` works on a running agent.
 */
import { createPublicKey } from 'node:crypto';
import { accessSync, constants, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { linkFingerprint } from '../link/fingerprint.ts';
import { checkSignature, type SignedHeaders } from '../link/signature.ts';
import { asFault, Fault } from '../protocol/fault.ts';
import type { Log } from './log.ts';

const PAIRED_KEY_FILE = 'paired-server.pub';

export interface Pairing {
  /** Undefined when the request may go on, else the refusal (Portainer agent protocol, signature check). */
  refusal(headers: SignedHeaders, from: string): Fault | undefined;
  /** Whether somebody owns this agent: always with a secret. */
  isPaired(): boolean;
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
    };
  }
  const file = join(dataFolder, PAIRED_KEY_FILE);
  if (readPinned(file) === undefined) checkWritable(dataFolder);
  return {
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

/** Forgets the server that the agent with this data folder belongs to; false when it belonged to none. */
export function forgetPairing(dataFolder: string): boolean {
  const file = join(dataFolder, PAIRED_KEY_FILE);
  try {
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

function readPinned(file: string): string | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw asFault(cause, 'bad-settings', `${file} can't be read. Check its owner and mode.`);
  }
  if (/^[0-9a-f]{64,1024}$/.test(text)) return text;
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

function nameOf(keyHex: string): string {
  return linkFingerprint(
    createPublicKey({ key: Buffer.from(keyHex, 'hex'), format: 'der', type: 'spki' }),
  );
}
