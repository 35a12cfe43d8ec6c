/** A program's own TLS certificate: self-signed P-256, made at first start, kept, and never judged by its name. */
import { generateKeyPair, type KeyObject, X509Certificate } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { asFault, Fault } from '../protocol/fault.ts';
import { BARE, type KeyWrap, readWrapped } from './key-wrap.ts';
import { type CertificateNames, selfSignedPem } from './self-signed.ts';
import type { TlsIdentity } from './tls-pipe.ts';

const newKeyPair = promisify(generateKeyPair);

export interface CertificateWish extends CertificateNames {
  readonly certFile: string;
  readonly keyFile: string;
  /** Of the key's file. */
  readonly wrap?: KeyWrap;
}

/** The certificate and key in the two files, made when neither is there. Throws Fault bad-settings when they can't be used. */
export async function loadOrCreateCertificate(wish: CertificateWish): Promise<TlsIdentity> {
  const { wrap = BARE } = wish;
  const [certificatePem, keyPem] = await Promise.all([
    read(wish.certFile, BARE),
    read(wish.keyFile, wrap),
  ]);
  if (certificatePem === undefined && keyPem === undefined) return await create(wish);
  if (certificatePem === undefined || keyPem === undefined) {
    const missing = certificatePem === undefined ? wish.certFile : wish.keyFile;
    const other = certificatePem === undefined ? wish.keyFile : wish.certFile;
    throw new Fault(
      'bad-settings',
      `${missing} is missing while ${other} is there: bring it back or remove both.`,
    );
  }
  try {
    new X509Certificate(certificatePem);
  } catch (cause) {
    throw asFault(cause, 'bad-settings', `${wish.certFile} holds no certificate.`);
  }
  return { certificatePem, keyPem };
}

async function read(file: string, wrap: KeyWrap): Promise<string | undefined> {
  try {
    return await readWrapped(file, wrap);
  } catch (cause) {
    throw asFault(cause, 'bad-settings', `${file} can't be read. Check its owner and mode.`);
  }
}

async function create(wish: CertificateWish): Promise<TlsIdentity> {
  const made = await selfSigned(wish);
  try {
    await keep(wish.keyFile, (wish.wrap ?? BARE).close(made.keyPem), 0o600);
    await keep(wish.certFile, made.certificatePem, 0o644);
  } catch (cause) {
    const sentence = `The new certificate can't be kept in ${dirname(wish.certFile)}. Is the folder writable?`;
    throw asFault(cause, 'bad-settings', sentence);
  }
  return made;
}

async function keep(file: string, pem: string, mode: number): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(`${file}.new`, pem, { mode });
  await rename(`${file}.new`, file);
}

/** A new P-256 key and a self-signed certificate for these names and addresses, valid from now for ten years. */
export async function selfSigned(wish: CertificateNames): Promise<TlsIdentity> {
  const { privateKey } = await newKeyPair('ec', { namedCurve: 'P-256' });
  return identityOf(privateKey, wish);
}

/** A new self-signed certificate around a P-256 key that exists already, so that who pinned the key knows its holder. */
export function certificateAround(key: KeyObject, commonName: string): TlsIdentity {
  return identityOf(key, { commonName, names: [], addresses: [] });
}

function identityOf(key: KeyObject, wish: CertificateNames): TlsIdentity {
  const keyPem = String(key.export({ type: 'pkcs8', format: 'pem' }));
  return { keyPem, certificatePem: selfSignedPem(key, wish) };
}
