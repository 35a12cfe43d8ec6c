/** Trust at first contact: a certificate is accepted once, by its fingerprint, and from then on no other is. */
import { createHash } from 'node:crypto';
import { Fault } from '../protocol/fault.ts';

/** SHA-256 of the certificate's DER as 32 upper-case hex pairs joined by colons, as openssl and browsers print it. */
export function fingerprintOf(certificateDer: Buffer): string {
  const hex = createHash('sha256').update(certificateDer).digest('hex').toUpperCase();
  return (hex.match(/../g) ?? []).join(':');
}

export interface Pin {
  /** Undefined before the first contact. */
  readonly pinned?: string | undefined;
  /** Hears of the first certificate, to keep it; without it an unknown certificate is refused. */
  readonly onFirst?: (fingerprint: string) => void;
  /** Whose certificate it is, for the sentence: "The agent at 10.0.0.7:9001". */
  readonly subject: string;
}

/** A judge of certificates for NetworkTls.checkPeer; remembers what `onFirst` was told. */
export function checkPin(pin: Pin): (certificateDer: Buffer) => Fault | undefined {
  let known = pin.pinned;
  return (certificateDer) => {
    const shown = fingerprintOf(certificateDer);
    if (known === undefined && pin.onFirst) {
      known = shown;
      pin.onFirst(shown);
    }
    if (known === shown) return undefined;
    const sentence =
      known === undefined
        ? `${pin.subject} shows a certificate that nobody has accepted yet.`
        : `${pin.subject} shows another certificate than the one accepted before.`;
    return new Fault('wrong-certificate', sentence, {
      details: `Its fingerprint is ${shown}. Accept it only if you know why it changed.`,
    });
  };
}
