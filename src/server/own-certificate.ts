/** The certificate the server shows: given files, an uploaded one, or a self-signed one made at first start and kept with the data. */
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { loadOrCreateCertificate } from '../link/certificate.ts';
import { type KeyWrap, readWrapped } from '../link/key-wrap.ts';
import { fingerprintOf } from '../link/pin.ts';
import { asFault, Fault } from '../protocol/fault.ts';
import { HttpsCertificate, type ServerCertificate } from './fleet/https-certificate.ts';
import type { ServerSettings } from './settings.ts';

/** What was uploaded or made here is wrapped; files that the flags name are the operator's. */
type Place = Pick<ServerSettings, 'certificate' | 'dataFolder'> & { readonly wrap: KeyWrap };

const OWN_KEY = 'key.pem';
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/;

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

/** The certificate with what changes it while the server runs. */
export function openCertificate(place: Place, log: Logger): Promise<HttpsCertificate> {
  const load = () => serverCertificate(place);
  const { wrap } = place;
  return HttpsCertificate.open({ load, uploadFile: uploadFileOf(place), wrap, log });
}

/** Where an uploaded certificate and its key are kept; undefined when the flags name files. */
const uploadFileOf = ({ certificate, dataFolder }: Place): string | undefined =>
  certificate === undefined ? join(dataFolder, 'https.pem') : undefined;

/** Fault bad-settings when the given files or the kept ones can't be used. */
async function serverCertificate(place: Place): Promise<ServerCertificate> {
  if (place.certificate !== undefined) {
    const { certFile, keyFile } = place.certificate;
    const cert = await readPem('--sslcert', certFile);
    const key = await readPem('--sslkey', keyFile);
    return { cert, key, fingerprint: fingerprintIn(cert, certFile), certFile, keyFile };
  }
  const theirs = await uploaded(uploadFileOf(place) ?? '', place.wrap);
  if (theirs === undefined) return await selfMade(place);
  // The one that was made here is not used any more, and is sealed all the same; one that can't be opened harms nobody.
  await readWrapped(join(place.dataFolder, OWN_KEY), place.wrap).catch(() => undefined);
  return theirs;
}

async function uploaded(file: string, wrap: KeyWrap): Promise<ServerCertificate | undefined> {
  const pem = await readWrapped(file, wrap).catch((thrown: Error) => {
    throw asFault(thrown, 'bad-settings', `${file} can't be read: ${thrown.message}.`);
  });
  if (pem === undefined) return undefined;
  const key = PRIVATE_KEY.exec(pem)?.[0];
  if (key === undefined) {
    const sentence = `${file} holds no key. Move it away to show the self-signed certificate.`;
    throw new Fault('bad-settings', sentence);
  }
  const cert = pem.replace(key, '').trim();
  return { cert, key, fingerprint: fingerprintIn(cert, file), certFile: file, keyFile: file };
}

async function selfMade({ dataFolder, wrap }: Place): Promise<ServerCertificate> {
  const files = { certFile: join(dataFolder, 'cert.pem'), keyFile: join(dataFolder, OWN_KEY) };
  const made = await loadOrCreateCertificate({
    ...files,
    wrap,
    commonName: 'fleet-server',
    names: [...new Set(['localhost', hostname()])],
    addresses: localAddresses(),
  });
  const cert = made.certificatePem;
  return { cert, key: made.keyPem, fingerprint: fingerprintIn(cert, 'cert.pem'), ...files };
}

function fingerprintIn(pem: string, file: string): string {
  try {
    return fingerprintOf(new X509Certificate(pem).raw);
  } catch (thrown) {
    throw asFault(thrown, 'bad-settings', `${file} holds no certificate.`);
  }
}
