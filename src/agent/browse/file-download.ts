/** A file as an answer: whole or one range of it, never read faster than the client takes it. */
import { constants } from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { Fault } from '../../protocol/fault.ts';
import { AGENT_HEADERS } from '../api/answers.ts';
import { type ByteRange, readRange } from './byte-range.ts';
import type { OpenFolder } from './folder-walk.ts';

// Non-blocking, since a pipe put in place of the file would hold the open for ever.
const FILE_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const SNIFFED_BYTES = 512;

/** A regular file, open for reading; Fault when it is something else. The caller closes it. */
export async function openFile(folder: OpenFolder, name: string): Promise<FileHandle> {
  const path = folder.entry(name);
  refuseSpecial(await lstat(path));
  const file = await open(path, FILE_FLAGS);
  try {
    refuseSpecial(await file.stat());
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** May close the file. Answers 200, 206, 304 or 416 (RFC 9110, sections 13 and 14); resolves when the bytes are out or the client is gone. */
export async function answerFile(
  request: IncomingMessage,
  response: ServerResponse,
  file: FileHandle,
): Promise<void> {
  const { size, mtime } = await file.stat();
  const modified = mtime.toUTCString();
  for (const [name, value] of Object.entries(AGENT_HEADERS)) response.setHeader(name, value);
  response.setHeader('Last-Modified', modified);
  response.setHeader('Accept-Ranges', 'bytes');
  if (isUnchanged(request, mtime)) {
    response.writeHead(304).end();
    return;
  }
  const range = readRange(request.headers, { size, modified });
  if (range === 'unsatisfiable') {
    response.writeHead(416, { 'Content-Range': `bytes */${size}`, 'Content-Length': 0 }).end();
    return;
  }
  response.setHeader('Content-Type', await contentType(file));
  response.setHeader('X-Content-Type-Options', 'nosniff');
  const { first, last } = range ?? { first: 0, last: size - 1 };
  response.setHeader('Content-Length', last - first + 1);
  if (range) response.setHeader('Content-Range', `bytes ${first}-${last}/${size}`);
  response.writeHead(range ? 206 : 200);
  await send(response, file, { first, last });
}

async function send(
  response: ServerResponse,
  file: FileHandle,
  { first, last }: ByteRange,
): Promise<void> {
  if (last < first) {
    response.end();
    return;
  }
  const bytes = file.createReadStream({ start: first, end: last });
  let sent = 0;
  bytes.on('data', (chunk) => {
    sent += chunk.length;
  });
  // Rejects when the client leaves, or the disk fails and the answer can only be broken off.
  await pipeline(bytes, response, { end: false }).catch(() => response.destroy());
  // The file has shrunk: an answer shorter than it promised must not look complete.
  if (sent < last - first + 1) response.destroy();
  else response.end();
}

function isUnchanged({ headers }: IncomingMessage, mtime: Date): boolean {
  const since = Date.parse(headers['if-modified-since'] ?? '');
  return !Number.isNaN(since) && Math.floor(mtime.getTime() / 1000) * 1000 <= since;
}

/** Text or not: enough for a page that shows it, and a browser never runs it. */
async function contentType(file: FileHandle): Promise<string> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(SNIFFED_BYTES), 0, SNIFFED_BYTES, 0);
  const isText = !buffer.subarray(0, bytesRead).includes(0);
  return isText ? 'text/plain; charset=utf-8' : 'application/octet-stream';
}

function refuseSpecial(found: { isFile(): boolean; isDirectory(): boolean }): void {
  if (found.isFile()) return;
  if (found.isDirectory()) throw new Fault('conflict', 'This is a folder, not a file.');
  throw new Fault('bad-request', 'This is neither a file nor a folder.');
}
