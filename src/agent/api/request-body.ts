/** Bodies of the agent's own routes: read within limits, or, where none belongs, not read any further than politeness asks. */
import type { IncomingMessage } from 'node:http';
import { asFault, Fault } from '../../protocol/fault.ts';

const JSON_LIMIT_BYTES = 64 << 10;
const READ_DEADLINE_MS = 30_000;
const DISCARD_LIMIT_BYTES = 4 << 20;
const DISCARD_MS = 2_000;

/** The body as a JSON object with its keys in lower case, as Go's decoder is indifferent to case; Fault otherwise. */
export async function readJsonObject(request: IncomingMessage): Promise<Map<string, unknown>> {
  const text = (await readBody(request)).toString();
  let value: unknown;
  try {
    value = JSON.parse(text) as unknown;
  } catch (cause) {
    throw asFault(cause, 'bad-request', 'Invalid request payload');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Fault('bad-request', 'Invalid request payload', { details: 'An object is expected' });
  }
  return new Map(Object.entries(value).map(([name, field]) => [name.toLowerCase(), field]));
}

/** Never destroys the request, so that a refusal can still be answered. */
function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (outcome: Buffer | Fault) => {
      clearTimeout(timer);
      request.off('data', onData).off('end', onEnd).off('close', onClose);
      if (outcome instanceof Fault) reject(outcome);
      else resolve(outcome);
    };
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size <= JSON_LIMIT_BYTES) return;
      settle(new Fault('too-large', 'The body of the request exceeds 64 KiB.'));
    };
    const onEnd = () => settle(Buffer.concat(chunks));
    const onClose = () => settle(new Fault('cancelled', 'The client went away.'));
    const timer = setTimeout(() => {
      const sentence = 'The body of the request did not come within 30 seconds.';
      settle(new Fault('timeout', sentence, { status: 408 }));
    }, READ_DEADLINE_MS);
    request.on('data', onData).on('end', onEnd).on('close', onClose);
  });
}

/**
 * Reads and drops what is left of a body that nobody wants, so that its sender gets to see the answer before the
 * connection ends: at most 4 MiB and 2 s of it. Never rejects.
 */
export function discardBody(request: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    let size = 0;
    const stop = () => {
      clearTimeout(timer);
      request.off('data', count).off('end', stop).off('close', stop);
      resolve();
    };
    const count = (chunk: Buffer) => {
      size += chunk.length;
      if (size > DISCARD_LIMIT_BYTES) stop();
    };
    const timer = setTimeout(stop, DISCARD_MS);
    request.unpipe();
    request.on('data', count).on('end', stop).on('close', stop);
    request.resume();
  });
}
