/** The certificate the server shows: given files, or a self-signed one made at first start and kept with the data. */
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { loadOrCreateCertificate } from '../link/certificate.ts';
import { fingerprintOf } from '../link/pin.ts';
import { asFault } from '../protocol/fault.ts';
import type { ServerSettings } from './settings.ts';

/** PEM of a certificate (chain) and its key. */
export interface ServerCertificate {
  readonly cert: string;
  readonly key: string;
  /** Of the certificate, in the form that consoles show when they ask whether to trust it. */
  readonly fingerprint: string;
}

async function readPem(flag: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (thrown) {
    const why = (thrown as Error).message;
    throw asFault(thrown, 'bad-settings', `${flag} ${file} can't be read: ${why}.`);
  }
}

function localAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  // A zone (fe80::1%eth0) has no place in a certificate.
  return [...new Set(all.map(({ address }) => address.replace(/%.*$/, '')))];
}

/** Fault bad-settings when the given files or the kept ones can't be used. */
export async function serverCertificate(
  settings: Pick<ServerSettings, 'certificate' | 'dataFolder'>,
): Promise<ServerCertificate> {
  if (settings.certificate !== undefined) {
    const { certFile, keyFile } = settings.certificate;
    const cert = await readPem('--sslcert', certFile);
    return {
      cert,
      key: await readPem('--sslkey', keyFile),
      fingerprint: fingerprintIn(cert, certFile),
    };
  }
  const host = hostname();
  const made = await loadOrCreateCertificate({
    certFile: join(settings.dataFolder, 'cert.pem'),
    keyFile: join(settings.dataFolder, 'key.pem'),
    commonName: 'fleet-server',
    names: [...new Set(['localhost', host])],
    addresses: localAddresses(),
  });
  const cert = made.certificatePem;
  return { cert, key: made.keyPem, fingerprint: fingerprintIn(cert, 'cert.pem') };
}

function fingerprintIn(pem: string, file: string): string {
  try {
    return fingerprintOf(new X509Certificate(pem).raw);
  } catch (thrown) {
    throw asFault(thrown, 'bad-settings', `${file} holds no certificate.`);
  }
}
