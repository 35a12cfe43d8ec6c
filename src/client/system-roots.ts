/** The certificate authorities that the operating system trusts; Node.js 20 brings its own list and never looks there. */
import { readFile } from 'node:fs/promises';
import { rootCertificates } from 'node:tls';

const BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

let loaded: Promise<string> | undefined;

async function load(env: NodeJS.ProcessEnv): Promise<string> {
  for (const path of [env.SSL_CERT_FILE, ...BUNDLES]) {
    const bundle = path && (await readFile(path, 'utf8').catch(() => undefined));
    if (bundle?.includes('BEGIN CERTIFICATE')) return [...rootCertificates, bundle].join('\n');
  }
  return rootCertificates.join('\n');
}

/** One text of PEM certificates: Node's own roots and the system's bundle (`SSL_CERT_FILE` first). Making a TLS context of them takes 50 ms: ask only when Node's roots don't do. */
export async function systemRoots(): Promise<string> {
  loaded ??= load(process.env);
  return await loaded;
}
