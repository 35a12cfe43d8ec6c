/**
 * The encrypted container of Portainer's backups (portainer-protocol.md C.12): `AES256-GCM`, salt, nonce, then blocks of 1 MiB
 * each sealed by itself under a nonce that counts up. That nothing was cut off the end is told by the archive within.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { hashRaw } from '@node-rs/argon2';
import { Fault } from '../../protocol/fault.ts';

const HEADER = Buffer.from('AES256-GCM');
const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const BLOCK_BYTES = 1 << 20;
const HEAD_BYTES = HEADER.length + SALT_BYTES + NONCE_BYTES;

type Bytes = AsyncIterable<Buffer>;

const keyOf = (password: string, salt: Buffer): Promise<Buffer> =>
  hashRaw(password, {
    salt,
    timeCost: 3,
    memoryCost: 12 * 1024,
    parallelism: 1,
    outputLen: 32,
  });

/** Counts the nonce up as a big number whose lowest byte comes last. */
function countUp(nonce: Buffer): void {
  for (let at = nonce.length - 1; at >= 0; at -= 1) {
    nonce[at] = ((nonce[at] ?? 0) + 1) & 0xff;
    if (nonce[at] !== 0) return;
  }
}

/** The bytes in pieces of `size`, and a last one that may be shorter. */
async function* inBlocks(bytes: Bytes, size: number): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    held.push(chunk);
    length += chunk.length;
    if (length < size) continue;
    const all = Buffer.concat(held, length);
    const whole = length - (length % size);
    for (let at = 0; at < whole; at += size) yield all.subarray(at, at + size);
    held = [all.subarray(whole)];
    length -= whole;
  }
  if (length > 0) yield Buffer.concat(held, length);
}

/** The container around these bytes. */
export async function* encrypted(bytes: Bytes, password: string): AsyncGenerator<Buffer> {
  const salt = randomBytes(SALT_BYTES);
  const nonce = Buffer.alloc(NONCE_BYTES);
  randomBytes(1).copy(nonce);
  const key = await keyOf(password, salt);
  yield Buffer.concat([HEADER, salt, nonce]);
  for await (const block of inBlocks(bytes, BLOCK_BYTES)) {
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    yield Buffer.concat([cipher.update(block), cipher.final(), cipher.getAuthTag()]);
    countUp(nonce);
  }
}

/** The bytes within the container. Fault bad-request for a wrong password, another file, or one that was changed. */
export async function* decrypted(bytes: Bytes, password: string): AsyncGenerator<Buffer> {
  const source = bytes[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < HEAD_BYTES) {
    const { value, done } = await source.next();
    if (done === true) throw notOurs();
    head = Buffer.concat([head, value]);
  }
  if (!head.subarray(0, HEADER.length).equals(HEADER)) throw notOurs();
  const salt = head.subarray(HEADER.length, HEADER.length + SALT_BYTES);
  const nonce = Buffer.from(head.subarray(HEADER.length + SALT_BYTES, HEAD_BYTES));
  const key = await keyOf(password, salt);
  for await (const block of inBlocks(
    after(head.subarray(HEAD_BYTES), source),
    BLOCK_BYTES + TAG_BYTES,
  )) {
    yield opened(block, key, nonce);
    countUp(nonce);
  }
}

async function* after(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

function opened(block: Buffer, key: Buffer, nonce: Buffer): Buffer {
  if (block.length < TAG_BYTES) throw notOpened();
  const decipher = createDecipheriv('aes-256-gcm', key, nonce);
  decipher.setAuthTag(block.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(block.subarray(0, -TAG_BYTES)), decipher.final()]);
  } catch (cause) {
    throw notOpened(cause);
  }
}

const notOurs = (): Fault =>
  new Fault('bad-request', 'This is not an encrypted backup.', {
    details: 'Give the file as the server answered it.',
  });

const notOpened = (cause?: unknown): Fault =>
  new Fault('bad-request', 'The backup can not be decrypted.', {
    details: 'The password is another one, or the file was changed.',
    cause,
  });
