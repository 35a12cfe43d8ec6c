/** A program's own TLS certificate: self-signed P-256, made at first start, kept, and never judged by its name. */
import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { asFault, Fault } from '../protocol/fault.ts';
import type { TlsIdentity } from './tls-pipe.ts';

const LIFETIME_DAYS = 3650;
const DNS_NAME = 2;
const IP_ADDRESS = 7;

export interface CertificateWish {
  readonly certFile: string;
  readonly keyFile: string;
  readonly commonName: string;
  readonly names: readonly string[];
  readonly addresses: readonly string[];
}

/** The certificate and key in the two files, made when neither is there. Throws Fault bad-settings when they can't be used. */
export async function loadOrCreateCertificate(wish: CertificateWish): Promise<TlsIdentity> {
  const [certificatePem, keyPem] = await Promise.all([read(wish.certFile), read(wish.keyFile)]);
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

async function read(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw asFault(cause, 'bad-settings', `${file} can't be read. Check its owner and mode.`);
  }
}

async function create(wish: CertificateWish): Promise<TlsIdentity> {
  const made = await selfSigned(wish);
  try {
    await keep(wish.keyFile, made.keyPem, 0o600);
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

type Selfsigned = typeof import('selfsigned');

/** A CommonJS package: node names its exports, a bundle has them under `default` only. */
async function loadGenerate(): Promise<Selfsigned['generate']> {
  const loaded: Selfsigned & { readonly default?: Selfsigned } = await import('selfsigned');
  return loaded.generate ?? loaded.default?.generate;
}

/** A new self-signed certificate for these names and addresses, valid from now for ten years. */
export async function selfSigned(
  wish: Pick<CertificateWish, 'commonName' | 'names' | 'addresses'>,
): Promise<TlsIdentity> {
  const generate = await loadGenerate();
  const notBeforeDate = new Date();
  const notAfterDate = new Date(notBeforeDate);
  notAfterDate.setDate(notAfterDate.getDate() + LIFETIME_DAYS);
  const pems = await generate([{ name: 'commonName', value: wish.commonName }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate,
    notAfterDate,
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          ...wish.names.map((value) => ({ type: DNS_NAME, value }) as const),
          ...wish.addresses.map((ip) => ({ type: IP_ADDRESS, ip }) as const),
        ],
      },
    ],
  });
  return { keyPem: pems.private, certificatePem: pems.cert };
}

/** A new self-signed certificate around a P-256 key that exists already, so that who pinned the key knows its holder. */
export async function certificateAround(key: KeyObject, commonName: string): Promise<TlsIdentity> {
  const generate = await loadGenerate();
  const notBeforeDate = new Date();
  const notAfterDate = new Date(notBeforeDate);
  notAfterDate.setDate(notAfterDate.getDate() + LIFETIME_DAYS);
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'pem' });
  const privateKey = key.export({ type: 'pkcs8', format: 'pem' });
  const pems = await generate([{ name: 'commonName', value: commonName }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate,
    notAfterDate,
    keyPair: { publicKey: String(publicKey), privateKey: String(privateKey) },
  });
  return { keyPem: pems.private, certificatePem: pems.cert };
}
