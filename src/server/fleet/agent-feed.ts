/**
 * Reads an agent's feed off its link: NDJSON, an opening and then feed messages. What an agent sends is not believed: every line
 * has a size limit and a shape, and a feed that falls silent is given up, since its beats were promised.
 */
import { request } from 'node:http';
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

/**
 * Hands over one opening, then messages, for as long as the link lives. Rejects when the feed breaks (a Fault), or with what
 * `take` throws. By events: an iterator over the answer would be several KiB for each link.
 */
export function readAgentFeed(
  link: Link,
  { after, silenceMs, signal }: FeedWish,
  take: (message: FeedOpening | FeedMessage) => void,
): Promise<never> {
  return new Promise((_, reject) => {
    const outgoing = request({
      createConnection: () => link.open(),
      path: pathAfter(after),
      headers: { Host: 'agent' },
    });
    const lines = new FeedLines(take);
    const end = (thrown: unknown): void => {
      lines.close();
      clearTimeout(silence);
      signal.removeEventListener('abort', cancel);
      outgoing.destroy();
      reject(thrown);
    };
    const broken = (thrown: unknown): void => end(dialFault(thrown, SUBJECT));
    const cancel = (): void => end(new Fault('cancelled', `${SUBJECT} is no longer read.`));
    const silence = setTimeout(() => end(silentFor(silenceMs)), silenceMs);
    signal.addEventListener('abort', cancel, { once: true });
    outgoing.on('error', broken);
    outgoing.on('response', (response) => {
      if (response.statusCode !== 200)
        return end(new Fault('bad-peer', `${SUBJECT} was answered with ${response.statusCode}.`));
      response.on('data', (chunk: Buffer) => {
        try {
          if (lines.take(chunk)) silence.refresh();
        } catch (thrown) {
          end(thrown);
        }
      });
      response.on('error', broken);
      response.on('close', () => end(new Fault('unreachable', `${SUBJECT} ended.`)));
    });
    outgoing.end();
    if (signal.aborted) cancel();
  });
}

function pathAfter(after: FeedMark | undefined): string {
  if (after === undefined) return AGENT_FEED_PATH;
  return `${AGENT_FEED_PATH}?feed=${encodeURIComponent(after.feedId)}&sequence=${after.sequence}`;
}

const silentFor = (ms: number): Fault =>
  new Fault('timeout', `${SUBJECT} was silent for ${Math.round(ms / 1000)} s.`);

/** Cuts what comes into lines, and reads them. */
class FeedLines {
  readonly #take: (message: FeedOpening | FeedMessage) => void;
  #pieces: Buffer[] = [];
  #size = 0;
  #isOpened = false;
  #isClosed = false;

  constructor(take: (message: FeedOpening | FeedMessage) => void) {
    this.#take = take;
  }

  /** Whether a line ended in it, and more are wanted. Throws Fault bad-peer for what is no feed. */
  take(chunk: Buffer): boolean {
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0 && !this.#isClosed; at = chunk.indexOf(10, from)) {
      const line = Buffer.concat([...this.#pieces, chunk.subarray(from, at)]).toString('utf8');
      this.#pieces = [];
      this.#size = 0;
      from = at + 1;
      this.#read(line);
    }
    if (this.#isClosed) return false;
    // Even an empty piece would hold the whole chunk.
    if (from < chunk.length) this.#pieces.push(chunk.subarray(from));
    this.#size += chunk.length - from;
    if (this.#size > LINE_LIMIT_BYTES)
      throw new Fault('bad-peer', `${SUBJECT} sent a line without end.`);
    return from > 0;
  }

  /** What still comes is thrown away. */
  close(): void {
    this.#isClosed = true;
    this.#pieces = [];
  }

  #read(line: string): void {
    if (this.#isOpened) this.#take(parse(feedMessageSchema, line));
    else this.#take(parse(openingSchema, line));
    this.#isOpened = true;
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
