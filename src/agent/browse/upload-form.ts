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

/** Hands the part named "file" to `take`; resolves with the field Path when all was read and taken. Rejects with a Fault. */
export async function readUploadForm(
  request: IncomingMessage,
  take: (file: UploadedFile) => Promise<void>,
): Promise<{ readonly path: string | undefined }> {
  const form = openForm(request);
  let path: string | undefined;
  let taken: Promise<void> = Promise.resolve();
  let fail: (fault: Fault) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  form.on('field', (name, value, _, isTruncated) => {
    if (name.toLowerCase() !== 'path') return;
    if (isTruncated) fail(malformed('Path is too long'));
    path = value;
  });
  form.on('file', (field, bytes, name) => {
    // Its end comes as an error of the form as well.
    bytes.on('error', () => undefined);
    if (field !== 'file') {
      bytes.resume();
      return;
    }
    taken = take({ name, path, bytes });
    taken.catch((error: unknown) => fail(browseFault(error)));
  });
  const finished = new Promise<void>((resolve) => {
    form.on('finish', resolve);
  });
  form.on('filesLimit', () => fail(malformed('more than one file')));
  form.on('partsLimit', () => fail(malformed('too many parts')));
  form.on('fieldsLimit', () => fail(malformed('too many fields')));
  form.on('error', (error) => fail(malformed('no complete multipart form', error)));
  const stop = feed(request, form, fail);
  try {
    await Promise.race([finished, failed]);
    await Promise.race([taken, failed]);
    return { path };
  } finally {
    stop();
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

/** Pipes, and ends the form with a Fault when the client goes away or falls silent; the function returned undoes it. */
function feed(
  request: IncomingMessage,
  form: BusboyInstance,
  fail: (fault: Fault) => void,
): () => void {
  const give = (fault: Fault) => {
    fail(fault);
    form.destroy(fault);
  };
  const silent = setTimeout(() => {
    give(new Fault('timeout', 'The upload fell silent for a minute.', { status: 408 }));
  }, SILENCE_MS);
  const heard = () => silent.refresh();
  const gone = () => {
    if (!request.complete) give(new Fault('cancelled', 'The client went away.'));
  };
  request.on('data', heard);
  request.on('close', gone);
  request.pipe(form);
  return () => {
    clearTimeout(silent);
    request.off('data', heard);
    request.off('close', gone);
    request.unpipe(form);
    form.destroy();
  };
}

function malformed(why: string, cause?: unknown): Fault {
  return new Fault('bad-request', `Invalid request payload: ${why}`, { cause });
}
