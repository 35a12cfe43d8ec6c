/**
 * Which server an edge agent obeys, and whether that server has bound it. The EDGE_KEY names the server's key; once the
 * server has announced another one over a link and shown it, that one takes its place.
 */
import { createHash, type X509Certificate } from 'node:crypto';
import { linkFingerprint } from '../../link/fingerprint.ts';
import { asFault, Fault } from '../../protocol/fault.ts';
import type { EdgeSettings } from '../settings.ts';
import type { LinkRecordFile } from './link-record.ts';

export interface ServerTrust {
  /** Undefined for the server's present or announced key. */
  refusal(certificate: X509Certificate): Fault | undefined;
  /** Fingerprints, newest first; empty when any server's will do. */
  readonly accepted: readonly string[];
  /** The key to be accepted beside the present one, until it is first seen on a link. */
  announceNext(fingerprint: string): void;
  /** Whether the next hello carries the join proof. */
  needsProof(): boolean;
  /** The hello was accepted by the server with this certificate. */
  joined(certificate: X509Certificate, atMs: number): void;
  /** The hello was refused. */
  turnedAway(): void;
}

/** Forgets what belonged to another EDGE_KEY or EDGE_ID. */
export function edgeTrust(edge: EdgeSettings, file: LinkRecordFile): ServerTrust {
  startWith(edge, file);
  let isProofWanted = false;
  const named = () => file.record.serverFingerprint ?? edge.key.fingerprint;
  return {
    refusal(certificate) {
      const shown = shownBy(certificate);
      if (shown instanceof Fault) return shown;
      // No fingerprint at all: the first server is kept, as the outer certificate vouches for it.
      if (named() === '' || shown === named()) return undefined;
      if (shown === file.record.nextServerFingerprint) return undefined;
      return wrongServer(edge.key.url, named(), shown);
    },
    get accepted() {
      const { nextServerFingerprint: next } = file.record;
      return [next, named()].filter((key) => key !== null && key !== '') as string[];
    },
    announceNext: (fingerprint) =>
      file.change({ nextServerFingerprint: fingerprint === named() ? null : fingerprint }),
    needsProof: () => file.record.boundAtMs === null || isProofWanted,
    joined(certificate, atMs) {
      const shown = linkFingerprint(certificate.publicKey);
      const isNew = shown !== named();
      isProofWanted = false;
      file.change({
        boundAtMs: file.record.boundAtMs ?? atMs,
        refusal: null,
        ...(isNew ? { serverFingerprint: shown, nextServerFingerprint: null } : {}),
      });
    },
    turnedAway() {
      // A server that was restored from a backup may not know any more that it bound this agent.
      isProofWanted = !isProofWanted;
    },
  };
}

function startWith({ key, keyText, id }: EdgeSettings, file: LinkRecordFile): void {
  const { record } = file;
  const edgeKeyHash = hash(keyText);
  const edgeIdHash = id === undefined ? record.edgeIdHash : hash(id.reveal());
  const isOtherKey = record.edgeKeyHash !== edgeKeyHash;
  if (isOtherKey)
    file.change({ edgeKeyHash, serverFingerprint: null, nextServerFingerprint: null });
  if (isOtherKey || record.edgeIdHash !== edgeIdHash) {
    file.change({ edgeIdHash, boundAtMs: null, refusal: null });
  }
  if (file.record.boundAtMs !== null || id !== undefined) return;
  throw new Fault(
    'bad-settings',
    `EDGE_ID is not set, and this agent hasn't joined environment ${key.environmentId} yet: copy both values from the server.`,
  );
}

function shownBy(certificate: X509Certificate): string | Fault {
  try {
    return linkFingerprint(certificate.publicKey);
  } catch (cause) {
    return asFault(cause, 'bad-peer', 'The server shows a certificate without a P-256 key.');
  }
}

function wrongServer(url: string, expected: string, shown: string): Fault {
  return new Fault(
    'wrong-certificate',
    `${url} is not the server that the EDGE_KEY names: its key is ${shown}, expected ${expected}. Another server answers there, or somebody is in between.`,
  );
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
