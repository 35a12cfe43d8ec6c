/** Secrets at rest: AES-256-GCM under the secret key, which need not lie beside the database (secret-key.ts). */
import {
  createCipheriv,
  createDecipheriv,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const derived = (secret: Buffer): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, 'fleet-server', 'secrets at rest', 32));

/** Seals and opens small secrets. */
export class Seal {
  readonly #key: Buffer;
  readonly #older: Buffer | undefined;

  /** What earlier releases sealed under the server's own key is still opened. */
  constructor(secretKey: Buffer, serverKey?: KeyObject) {
    this.#key = derived(secretKey);
    this.#older = serverKey && derived(serverKey.export({ type: 'pkcs8', format: 'der' }));
  }

  /** Base64 that only who has the secret key can open. */
  close(secret: Buffer): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce);
    const sealed = Buffer.concat([cipher.update(secret), cipher.final()]);
    return Buffer.concat([nonce, sealed, cipher.getAuthTag()]).toString('base64');
  }

  /** The secret; undefined when it was sealed under another key or changed since. */
  open(sealed: string): Buffer | undefined {
    return opened(this.#key, sealed) ?? (this.#older && opened(this.#older, sealed));
  }
}

function opened(key: Buffer, sealed: string): Buffer | undefined {
  const bytes = Buffer.from(sealed, 'base64');
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
    return Buffer.concat([text, decipher.final()]);
  } catch {
    return undefined;
  }
}
