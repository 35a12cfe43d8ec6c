/** Reads an upload's multipart form piece by piece: one file, a few small fields, nothing kept in memory. */
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Busboy, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy';
import { Fault } from '../../protocol/fault.ts';
import { browseFault } from './browse-fault.ts';

export interface UploadedFile {
  /** As the client named it, without folders. */
  readonly name: string;
  /** The field Path, when it came before the file. */
  readonly path: string | undefined;
  readonly bytes: Readable;
}

const LIMITS = {
  files: 1,
  fields: 16,
  parts: 17,
  fieldNameSize: 100,
  fieldSize: 8 << 10,
  headerPairs: 32,
  headerSize: 8 << 10,
};
/** A client that sends nothing for so long is given up. */
const SILENCE_MS = 60_000;

type Take = (file: UploadedFile) => Promise<void>;

/**
 * Hands the part named "file" to `take`; resolves with the field Path when all was read and taken. Rejects with a
 * Fault, but only after `take` has ended, whose bytes then break off.
 */
export async function readUploadForm(
  request: IncomingMessage,
  take: Take,
): Promise<{ readonly path: string | undefined }> {
  const reading = new FormReading(openForm(request), take);
  const silent = setTimeout(() => {
    reading.fail(new Fault('timeout', 'The upload fell silent for a minute.', { status: 408 }));
  }, SILENCE_MS);
  const heard = () => silent.refresh();
  const gone = () => {
    if (!request.complete) reading.fail(new Fault('cancelled', 'The client went away.'));
  };
  request.on('data', heard).on('close', gone);
  request.pipe(reading.form);
  try {
    await reading.end;
    return { path: reading.path };
  } finally {
    clearTimeout(silent);
    request.off('data', heard).off('close', gone).unpipe(reading.form);
    await reading.settle();
  }
}

class FormReading {
  readonly form: BusboyInstance;
  /** The field Path, once it has come. */
  path: string | undefined;
  /** Resolves when the form was read and its file taken. */
  readonly end: Promise<void>;
  readonly #take: Take;
  #taken: Promise<void> = Promise.resolve();
  #bytes: Readable | undefined;
  #reject: (fault: Fault) => void = () => undefined;

  constructor(form: BusboyInstance, take: Take) {
    this.form = form;
    this.#take = take;
    this.end = new Promise((resolve, reject) => {
      this.#reject = reject;
      form.on('finish', () => {
        this.#taken.then(resolve, () => undefined);
      });
    });
    form.on('field', (name, value, _, isTruncated) => {
      if (name.toLowerCase() !== 'path') return;
      if (isTruncated) this.fail(malformed('Path is too long'));
      this.path = value;
    });
    form.on('file', (field, bytes, name) => this.#onFile(field, bytes, name));
    form.on('filesLimit', () => this.fail(malformed('more than one file')));
    form.on('partsLimit', () => this.fail(malformed('too many parts')));
    form.on('fieldsLimit', () => this.fail(malformed('too many fields')));
    form.on('error', (error) => this.fail(malformed('no complete multipart form', error)));
  }

  /** Breaks off; only the first reason counts. */
  fail(fault: Fault): void {
    this.#reject(fault);
    this.#bytes?.destroy(fault);
  }

  async settle(): Promise<void> {
    await this.#taken.catch(() => undefined);
    this.form.destroy();
  }

  #onFile(field: string, bytes: Readable, name: string): void {
    // Who takes the bytes hears of it as well.
    bytes.on('error', () => undefined);
    if (field !== 'file') {
      bytes.resume();
      return;
    }
    this.#bytes = bytes;
    this.#taken = this.#take({ name, path: this.path, bytes });
    this.#taken.catch((error: unknown) => this.fail(browseFault(error)));
  }
}

function openForm(request: IncomingMessage): BusboyInstance {
  const type = request.headers['content-type'] ?? '';
  if (!/^multipart\/form-data\b/i.test(type)) throw malformed('no multipart form');
  try {
    return new Busboy({ headers: request.headers as BusboyHeaders, limits: LIMITS });
  } catch (cause) {
    throw malformed('no multipart form', cause);
  }
}

function malformed(why: string, cause?: unknown): Fault {
  return new Fault('bad-request', `Invalid request payload: ${why}`, { cause });
}
