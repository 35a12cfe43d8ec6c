/** Reads request bodies, bounded in size and time. JSON routes don't look at Content-Type: real clients send anything there. */
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { Fault } from '../../protocol/fault.ts';

export const JSON_LIMIT_BYTES = 1 << 20;
const DEADLINE_MS = 30_000;

const tooLarge = (limitBytes: number): Fault =>
  new Fault('too-large', 'Request body too large', {
    details: `This route accepts at most ${limitBytes} bytes.`,
  });

export const invalidPayload = (details: string, cause?: unknown): Fault =>
  new Fault('bad-request', 'Invalid request payload', {
    details,
    ...(cause !== undefined && { cause }),
  });

/** True when the client announced more than `limitBytes`. */
export function announcesMoreThan(request: IncomingMessage, limitBytes: number): boolean {
  return Number(request.headers['content-length'] ?? 0) > limitBytes;
}

/** The whole body; Fault too-large without reading on, timeout after 30 s, cancelled when the client leaves. */
export function readBody(
  request: IncomingMessage,
  limitBytes: number = JSON_LIMIT_BYTES,
): Promise<Buffer> {
  if (announcesMoreThan(request, limitBytes)) return Promise.reject(tooLarge(limitBytes));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const finish = (settle: () => void): void => {
      clearTimeout(timer);
      request.off('data', take).off('end', end).off('close', gone).off('error', gone);
      settle();
    };
    const fail = (fault: Fault): void => {
      request.pause();
      finish(() => reject(fault));
    };
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      chunks.push(chunk);
      if (size > limitBytes) fail(tooLarge(limitBytes));
    };
    const end = (): void => finish(() => resolve(Buffer.concat(chunks)));
    const gone = (): void => fail(new Fault('cancelled', 'The client went away.'));
    const timer = setTimeout(() => {
      fail(new Fault('timeout', 'Request body not received in time', { status: 408 }));
    }, DEADLINE_MS);
    request.on('data', take).on('end', end).on('close', gone).on('error', gone);
  });
}

/** Text as JSON; an empty text is an empty object. Fault bad-request. */
export function parseJson(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw invalidPayload('The body is not valid JSON.', thrown);
  }
}

/**
 * An object whose keys are matched without regard to case, unknown ones ignored and null taken as absent,
 * as Go's decoder does for Portainer; of keys that differ only in case the last wins.
 */
export function caseless<Shape extends z.ZodRawShape>(shape: Shape) {
  const names = new Map(Object.keys(shape).map((name) => [name.toLowerCase(), name]));
  return z.preprocess((value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    const renamed: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(value)) {
      const name = names.get(key.toLowerCase());
      if (name !== undefined && item !== null) renamed[name] = item;
    }
    return renamed;
  }, z.object(shape));
}

/** The value in the schema's shape; Fault bad-request naming the first field that doesn't fit. */
export function checkShape<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue?.path.join('.') ?? '';
  throw invalidPayload(`${field === '' ? 'The body' : field}: ${issue?.message ?? 'wrong shape'}`);
}

/** The body of a JSON route in the schema's shape. */
export async function readJson<Schema extends z.ZodType>(
  request: IncomingMessage,
  schema: Schema,
): Promise<z.output<Schema>> {
  const body = await readBody(request);
  return checkShape(schema, parseJson(body.toString('utf8')));
}
