/**
 * Self-signed X.509 certificates for P-256 keys, written out in DER (RFC 5280, X.690). A library for all of X.509 stays
 * resident for months in an agent that needs one certificate on its first day.
 */
import { createPublicKey, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { isoTime } from '../protocol/iso-time.ts';

const LIFETIME_YEARS = 10;
/** From this year on a time has four digits for it (RFC 5280 4.1.2.5). */
const LONG_YEARS_FROM = 2050;

const ECDSA_WITH_SHA256 = oid('2a8648ce3d040302');
const COMMON_NAME = oid('550403');
const SUBJECT_ALT_NAME = oid('551d11');
const TRUE = tlv(0x01, Buffer.from([0xff]));
/** basicConstraints: not a CA; keyUsage: digitalSignature. Both critical. */
const BASIC_CONSTRAINTS = sequence(oid('551d13'), TRUE, octets(sequence()));
const KEY_USAGE = sequence(oid('551d0f'), TRUE, octets(tlv(0x03, Buffer.from([7, 0x80]))));
/** extKeyUsage: serverAuth and clientAuth. */
const EXTENDED_KEY_USAGE = sequence(
  oid('551d25'),
  octets(sequence(oid('2b06010505070301'), oid('2b06010505070302'))),
);

export interface CertificateNames {
  readonly commonName: string;
  readonly names: readonly string[];
  /** IPv4 or IPv6. */
  readonly addresses: readonly string[];
}

/** The certificate as PEM, valid from now for ten years. The key is private and on P-256. */
export function selfSignedPem(key: KeyObject, wish: CertificateNames): string {
  const content = certificateContent(key, wish);
  const signature = sign('sha256', content, key);
  const der = sequence(content, sequence(ECDSA_WITH_SHA256), bits(signature));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

function certificateContent(key: KeyObject, wish: CertificateNames): Buffer {
  const name = nameOf(wish.commonName);
  const from = new Date();
  const until = new Date(from);
  until.setUTCFullYear(until.getUTCFullYear() + LIFETIME_YEARS);
  return sequence(
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    tlv(0x02, serialNumber()),
    sequence(ECDSA_WITH_SHA256),
    name,
    sequence(time(from), time(until)),
    name,
    createPublicKey(key).export({ type: 'spki', format: 'der' }),
    tlv(0xa3, sequence(...extensions(wish))),
  );
}

function extensions({ names, addresses }: CertificateNames): Buffer[] {
  const alternatives = [
    ...names.map((name) => tlv(0x82, Buffer.from(name, 'latin1'))),
    ...addresses.map((address) => tlv(0x87, addressBytes(address))),
  ];
  const usages = [BASIC_CONSTRAINTS, KEY_USAGE, EXTENDED_KEY_USAGE];
  if (alternatives.length === 0) return usages;
  return [...usages, sequence(SUBJECT_ALT_NAME, octets(sequence(...alternatives)))];
}

function nameOf(commonName: string): Buffer {
  const value = tlv(0x0c, Buffer.from(commonName, 'utf8'));
  return sequence(tlv(0x31, sequence(COMMON_NAME, value)));
}

/** Positive and never empty, whatever the dice say. */
function serialNumber(): Buffer {
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  return serial;
}

function time(at: Date): Buffer {
  const digits = `${isoTime(at).replace(/[-:T]/g, '').slice(0, 14)}Z`;
  const isLong = at.getUTCFullYear() >= LONG_YEARS_FROM;
  return isLong ? tlv(0x18, Buffer.from(digits)) : tlv(0x17, Buffer.from(digits.slice(2)));
}

function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  const [plain = ''] = address.split('%', 1);
  // The URL standard writes every IPv6 address in one way, without dots.
  const [head = '', tail] = new URL(`http://[${plain}]`).hostname.slice(1, -1).split('::');
  const groups = (words: string) => (words === '' ? [] : words.split(':'));
  const [before, after] = [groups(head), groups(tail ?? '')];
  const zeros = Array<string>(8 - before.length - after.length).fill('0');
  const all = [...before, ...zeros, ...after];
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex');
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tlv(0x30, ...parts);
}

function octets(content: Buffer): Buffer {
  return tlv(0x04, content);
}

function bits(content: Buffer): Buffer {
  return tlv(0x03, Buffer.from([0]), content);
}

function oid(hex: string): Buffer {
  return tlv(0x06, Buffer.from(hex, 'hex'));
}

/** Tag, length in as few bytes as it needs, value. */
function tlv(tag: number, ...parts: readonly Buffer[]): Buffer {
  const value = Buffer.concat(parts);
  if (value.length < 0x80) return Buffer.concat([Buffer.from([tag, value.length]), value]);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(value.length);
  const digits = size.subarray(size.findIndex((byte) => byte !== 0));
  return Buffer.concat([Buffer.from([tag, 0x80 | digits.length]), digits, value]);
}
