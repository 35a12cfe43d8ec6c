/**
 * The certificate that HTTPS shows, changed while the server runs: by upload, by SIGHUP, or because its files are others than
 * before. What can't be used is refused with the old one in place. Agents don't look at it: they know the server by its link key.
 */
import { X509Certificate } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { Logger } from 'pino';
import { type KeyWrap, writeWrapped } from '../../link/key-wrap.ts';
import { asFault, Fault } from '../../protocol/fault.ts';

const LOOK_EVERY_MS = 5_000;

/** PEM of a certificate (chain) and its key. */
export interface ServerCertificate {
  readonly cert: string;
  readonly key: string;
  /** Of the certificate, in the form that consoles show when they ask whether to trust it. */
  readonly fingerprint: string;
  /** Where they were read; one file may hold both. */
  readonly certFile: string;
  readonly keyFile: string;
}

export interface CertificateParts {
  /** Reads the files anew. Fault bad-settings. */
  readonly load: () => Promise<ServerCertificate>;
  /** Where an upload is kept; undefined when the files are the operator's. */
  readonly uploadFile: string | undefined;
  /** Of that file. */
  readonly wrap: KeyWrap;
  readonly log: Logger;
}

/** Fault bad-request unless the two belong together and a server can use them. */
function checkPair(cert: string, key: string): void {
  try {
    createSecureContext({ cert, key });
  } catch (cause) {
    const why = (cause as Error).message;
    throw new Fault('bad-request', 'Invalid certificate', {
      details: `Certificate and key can't be used together: ${why}. Give both as PEM, the key without a passphrase.`,
      cause,
    });
  }
}

/** The present certificate and who hears of the next one. */
export class HttpsCertificate implements Disposable {
  readonly #parts: CertificateParts;
  readonly #timer: NodeJS.Timeout;
  #current: ServerCertificate;
  #stamp: string;
  #told: (certificate: ServerCertificate) => void = () => undefined;

  private constructor(parts: CertificateParts, current: ServerCertificate, stamp: string) {
    this.#parts = parts;
    this.#current = current;
    this.#stamp = stamp;
    this.#timer = setInterval(() => void this.#look(), LOOK_EVERY_MS).unref();
  }

  static async open(parts: CertificateParts): Promise<HttpsCertificate> {
    const current = await parts.load();
    checkPair(current.cert, current.key);
    return new HttpsCertificate(parts, current, await stampOf(current));
  }

  get current(): ServerCertificate {
    return this.#current;
  }

  get isSelfSigned(): boolean {
    const certificate = new X509Certificate(this.#current.cert);
    const { issuer, subject, publicKey } = certificate;
    return issuer === subject && certificate.verify(publicKey);
  }

  /** Sets who takes the next certificate into use. */
  whenChanged(tell: (certificate: ServerCertificate) => void): void {
    this.#told = tell;
  }

  /** Reads the files again. Faults bad-settings and bad-request, and then the old one stays in use. */
  async reload(): Promise<void> {
    const next = await this.#parts.load();
    checkPair(next.cert, next.key);
    this.#stamp = await stampOf(next);
    const isSame = next.cert === this.#current.cert && next.key === this.#current.key;
    if (isSame) return;
    this.#current = next;
    this.#told(next);
    this.#parts.log.info({ fingerprint: next.fingerprint }, 'HTTPS shows another certificate now');
  }

  /** Keeps an uploaded pair and takes it into use. Faults bad-request, and conflict where the files are the operator's. */
  async install(cert: string, key: string): Promise<void> {
    const { uploadFile, wrap } = this.#parts;
    if (uploadFile === undefined) {
      throw new Fault('conflict', 'The certificate comes from --sslcert and --sslkey', {
        details: 'Replace those files: the server notices within seconds.',
      });
    }
    checkPair(cert, key);
    // Certificate and key in one file: no crash can part them.
    await writeWrapped(uploadFile, `${key.trim()}\n${cert.trim()}\n`, wrap);
    await this.reload();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const stamp = await stampOf(this.#current);
    if (stamp === this.#stamp) return;
    this.#stamp = stamp;
    await this.reload().catch((thrown: unknown) => {
      const fault = asFault(thrown, 'internal', 'The certificate can not be read.');
      this.#parts.log.error({ code: fault.code, details: fault.details }, fault.message);
    });
  }
}

/** Changes with the files, also when another file takes the place of one. */
async function stampOf({ certFile, keyFile }: ServerCertificate): Promise<string> {
  const stamps = [certFile, keyFile].map(async (file) => {
    const found = await stat(file).catch(() => undefined);
    return found === undefined ? '-' : `${found.ino} ${found.mtimeMs} ${found.size}`;
  });
  return (await Promise.all(stamps)).join();
}
