/**
 * Reads an agent's feed off its link: NDJSON, an opening and then feed messages. What an agent sends is not believed: every line
 * has a size limit and a shape, and a feed that falls silent is given up, since its beats were promised.
 */
import { type IncomingMessage, request } from 'node:http';
import { z } from 'zod';
import type { Link } from '../../link/link.ts';
import { dialFault } from '../../protocol/dial-fault.ts';
import { asFault, Fault } from '../../protocol/fault.ts';
import { type FeedMessage, feedMessageSchema } from '../../protocol/feed.ts';
import { AGENT_FEED_PATH, type FeedOpening } from '../../protocol/link-api.ts';

/** Far more than the list of a busy engine. */
const LINE_LIMIT_BYTES = 64 << 20;
const SUBJECT = "The agent's feed";

const openingSchema = z.object({
  kind: z.literal('opening'),
  feedId: z.string().min(1).max(100),
  isResumed: z.boolean(),
  hasGap: z.boolean(),
});

/** After which message to go on. */
export interface FeedMark {
  readonly feedId: string;
  readonly sequence: number;
}

export interface FeedWish {
  /** Undefined begins with a snapshot. */
  readonly after: FeedMark | undefined;
  /** Silence after which the feed is given up. */
  readonly silenceMs: number;
  readonly signal: AbortSignal;
}

/** Yields one opening, then messages, for as long as the link lives; rejects with a Fault when the feed breaks. */
export async function* readAgentFeed(
  link: Link,
  wish: FeedWish,
): AsyncGenerator<FeedOpening | FeedMessage> {
  const { after, silenceMs, signal } = wish;
  const silence = new AbortController();
  const giveUp = (): void =>
    silence.abort(
      new Fault('timeout', `${SUBJECT} was silent for ${Math.round(silenceMs / 1000)} s.`),
    );
  let timer = setTimeout(giveUp, silenceMs);
  try {
    const response = await open(link, after, AbortSignal.any([signal, silence.signal]));
    let isFirst = true;
    for await (const line of linesOf(response)) {
      clearTimeout(timer);
      timer = setTimeout(giveUp, silenceMs);
      yield isFirst ? parse(openingSchema, line) : parse(feedMessageSchema, line);
      isFirst = false;
    }
    throw new Fault('unreachable', `${SUBJECT} ended.`);
  } catch (thrown) {
    if (silence.signal.reason instanceof Fault) throw silence.signal.reason;
    throw dialFault(thrown, SUBJECT);
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
}

function open(
  link: Link,
  after: FeedMark | undefined,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const query =
    after === undefined
      ? ''
      : `?feed=${encodeURIComponent(after.feedId)}&sequence=${after.sequence}`;
  return new Promise((resolve, reject) => {
    const outgoing = request({
      createConnection: () => link.open(),
      path: `${AGENT_FEED_PATH}${query}`,
      headers: { Host: 'agent' },
      signal,
    });
    outgoing.on('error', reject);
    outgoing.on('response', (response) => {
      if (response.statusCode === 200) resolve(response);
      else {
        outgoing.destroy();
        reject(new Fault('bad-peer', `${SUBJECT} was answered with ${response.statusCode}.`));
      }
    });
    outgoing.end();
  });
}

async function* linesOf(response: IncomingMessage): AsyncGenerator<string> {
  let pieces: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      pieces.push(chunk.subarray(from, at));
      yield Buffer.concat(pieces).toString('utf8');
      pieces = [];
      size = 0;
      from = at + 1;
    }
    pieces.push(chunk.subarray(from));
    size += chunk.length - from;
    if (size > LINE_LIMIT_BYTES) throw new Fault('bad-peer', `${SUBJECT} sent a line without end.`);
  }
}

function parse<Schema extends z.ZodType>(schema: Schema, line: string): z.output<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (thrown) {
    throw asFault(thrown, 'bad-peer', `${SUBJECT} is not JSON.`);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Fault('bad-peer', `${SUBJECT} has a message of an unknown shape.`, {
    cause: result.error,
  });
}
