/** One small question to an agent over one particular link, answered in JSON: reports, outcomes, keys. */
import { type IncomingMessage, request } from 'node:http';
import type { z } from 'zod';
import { within } from '../../docker/deadline.ts';
import type { Link } from '../../link/link.ts';
import { dialFault } from '../../protocol/dial-fault.ts';
import { FAULTS, Fault } from '../../protocol/fault.ts';

const ANSWER_LIMIT_BYTES = 1 << 20;
const DEADLINE_MS = 10_000;
const AGENT = 'the agent';

export interface Question<Schema extends z.ZodType> {
  /** GET unless said. */
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly schema: Schema;
  readonly signal: AbortSignal;
}

/** The answer in the schema's shape; Fault conflict for a 409, bad-peer for any other answer, else the faults of a call. */
export function askAgent<Schema extends z.ZodType>(
  link: Link,
  question: Question<Schema>,
): Promise<z.output<Schema>> {
  const { signal, schema, path } = question;
  return within({ signal, deadlineMs: DEADLINE_MS, address: AGENT }, async (stop) => {
    const { status, text } = await send(link, question, stop).catch((thrown: unknown) => {
      throw dialFault(thrown, AGENT);
    });
    if (status < 200 || status > 299) {
      const code = status === FAULTS.conflict.status ? 'conflict' : 'bad-peer';
      throw new Fault(code, `The agent answered ${status} to ${path}.`);
    }
    const result = schema.safeParse(text === '' ? {} : parsed(text));
    if (result.success) return result.data;
    throw new Fault('bad-peer', `The agent answered ${path} in an unknown shape.`);
  });
}

function send<Schema extends z.ZodType>(
  link: Link,
  { method = 'GET', path, body }: Question<Schema>,
  signal: AbortSignal,
): Promise<{ status: number; text: string }> {
  const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  return new Promise((resolve, reject) => {
    const outgoing = request({
      createConnection: () => link.open(),
      method,
      path,
      signal,
      headers: {
        Host: 'agent',
        ...(payload !== undefined && {
          'Content-Type': 'application/json',
          'Content-Length': payload.length,
        }),
      },
    });
    outgoing.on('error', reject);
    outgoing.on('response', (response) => {
      readAll(response).then((text) => resolve({ status: response.statusCode ?? 0, text }), reject);
    });
    outgoing.end(payload);
  });
}

async function readAll(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > ANSWER_LIMIT_BYTES) throw new Fault('bad-peer', 'The agent answered without end.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
