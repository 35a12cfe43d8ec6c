/**
 * One connection to a server's feed, from the upgrade to its end. It ends with a Fault, always: a feed never finishes.
 * Every frame is checked (shape and sequence), since a console must not be brought down by a server of another version.
 */

import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { asFault, Fault } from '../protocol/fault.ts';
import type { FeedMessage } from '../protocol/feed.ts';
import {
  BEAT_INTERVAL_MS,
  FEED_PARTS_HEADER,
  FEED_PATH,
  isBeginning,
} from '../protocol/feed-pace.ts';
import type { ServerReach } from './server-call.ts';
import { dialServer, type TrustedBy } from './server-dial.ts';
import { probeServer } from './server-probe.ts';
import { genuinePortainer, serverTrouble, silence } from './server-words.ts';

export interface FeedReader {
  readonly headers: Readonly<Record<string, string>>;
  /** Silence after which the feed counts as lost; three beats unless said. */
  readonly silentMs?: number;
  /** Before the first message: who vouches for the server on this connection. */
  trusted(by: TrustedBy): void | Promise<void>;
  /** A snapshot first, then only what follows it without a gap. Before a large one, its beginning: a snapshot with `left`. */
  message(message: FeedMessage): void;
}

const UPGRADE_DEADLINE_MS = 10_000;

/** What is to be told of a frame, if anything; undefined when it makes no sense. */
type ParseMessage = (text: string) => { readonly message?: FeedMessage } | undefined;

/**
 * Holds the rule of the feed: a snapshot, then sequence numbers that rise by one with each batch of changes. A beat
 * repeats the last number or takes the next one.
 */
export function sequenceCheck(): (message: FeedMessage) => boolean {
  let last: number | undefined;
  return (message) => {
    const { kind, sequence } = message;
    const fits =
      kind === 'snapshot' ||
      (last !== undefined && sequence === last + 1) ||
      (kind === 'beat' && sequence === last);
    last = sequence;
    return fits;
  };
}

/** The server ended the feed since the key, its account or what it may is another (server/doors/console-feed.ts). */
const SIGNED_OUT = 4001;

const signedOut = ({ address }: ServerReach): Fault =>
  new Fault(
    'unauthorized',
    `${address.where} does not accept the saved sign-in any more; sign in again: fleet-tui login ${address.url}`,
  );

/** The Fault for an answer to the upgrade that was not 101. */
async function explainRefusal(reach: ServerReach, status: number): Promise<Fault> {
  const { address } = reach;
  if (status === 401) return signedOut(reach);
  if (status === 403)
    return new Fault('forbidden', `This account may not watch the fleet of ${address.where}.`);
  if (status >= 500 || status === 429) return serverTrouble(address, status);
  const probed = await probeServer(reach).catch((error: unknown) =>
    asFault(error, 'bad-peer', `${address.where} can't be asked who it is.`),
  );
  if (probed instanceof Fault) return probed;
  if ('fault' in probed) return probed.fault;
  if (probed.product === 'portainer') return genuinePortainer(address, probed.version);
  return new Fault(
    'bad-peer',
    `${address.where} is a fleet-server ${probed.about.version}, but refuses the feed (status ${status}); its version may not fit this console.`,
  );
}

async function loadParser(): Promise<ParseMessage> {
  const [{ feedMessageSchema }, { feedPartSchema, PartsTaken }] = await Promise.all([
    import('../protocol/feed.ts'),
    import('../protocol/feed-parts.ts'),
  ]);
  const parts = new PartsTaken();
  return (text) => {
    try {
      const frame = JSON.parse(text);
      if (frame.kind === 'part') {
        const message = parts.take(feedPartSchema.parse(frame));
        return message === false ? undefined : message ? { message } : {};
      }
      const message = feedMessageSchema.parse(frame);
      return { message: message.kind === 'snapshot' ? parts.complete(message) : message };
    } catch {
      return undefined;
    }
  };
}

function ended(reach: ServerReach, code: number, reason: string): Fault {
  const { where } = reach.address;
  if (reach.signal.aborted) return new Fault('cancelled', 'The feed starts again.');
  if (code === 4008)
    return new Fault('unreachable', `${where} cut the feed: this console read too slowly.`);
  // Whether the key still holds is told by dialling again: a role that changed ends the feed in the same way.
  if (code === SIGNED_OUT)
    return new Fault('unreachable', `${where} ended the feed: what this account may has changed.`);
  const words = reason ? `: ${reason.slice(0, 200)}` : '';
  return new Fault('unreachable', `${where} closed the connection${words}.`);
}

interface Frames {
  readonly parse: ParseMessage;
  readonly silentMs: number;
}

/** Rejects when the socket ends, goes silent or brings something that does not fit. */
async function follow(
  socket: WebSocket,
  frames: Frames,
  to: { readonly reach: ServerReach; readonly reader: FeedReader },
): Promise<never> {
  const { reach, reader } = to;
  const inSequence = sequenceCheck();
  return await new Promise<never>((_resolve, reject) => {
    const silent = setTimeout(() => {
      reject(silence(reach.address, 'the feed', frames.silentMs));
    }, frames.silentMs);
    let isOver = false;
    const garbled = (what: string) => {
      isOver = true;
      reject(new Fault('bad-peer', `${reach.address.where} sent ${what}.`));
    };
    socket.on('message', (data) => {
      if (isOver) return;
      silent.refresh();
      const told = frames.parse(String(data));
      if (!told) garbled('a feed message that this version does not understand');
      else if (told.message && !isBeginning(told.message) && !inSequence(told.message))
        garbled('a feed with a gap');
      else if (told.message) reader.message(told.message);
    });
    socket.on('close', (code, reason) => {
      clearTimeout(silent);
      reject(ended(reach, code, String(reason)));
    });
    socket.on('error', (error) => {
      reject(asFault(error, 'unreachable', `The connection to ${reach.address.where} broke.`));
    });
  });
}

async function upgraded(socket: WebSocket, reach: ServerReach): Promise<void> {
  const { where } = reach.address;
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', (error) => {
      reject(asFault(error, 'unreachable', `${where} did not open the feed (${error.message}).`));
    });
    socket.once('unexpected-response', (_request, response: IncomingMessage) => {
      response.resume();
      explainRefusal(reach, response.statusCode ?? 0).then(reject, reject);
    });
  });
}

/** Opens the feed and hands on its messages until it ends; the returned promise only ever rejects, with a Fault. */
export async function readFeed(reach: ServerReach, reader: FeedReader): Promise<never> {
  const { address, signal, pin } = reach;
  const [{ WebSocket: Socket }, parse] = await Promise.all([import('ws'), loadParser()]);
  const dialled = await dialServer(address, { signal, pin });
  await reader.trusted(dialled.trustedBy);
  const socket = new Socket(`ws://${address.where}${address.basePath}${FEED_PATH}`, {
    createConnection: () => dialled.socket,
    headers: { ...reader.headers, [FEED_PARTS_HEADER]: '1' },
    handshakeTimeout: UPGRADE_DEADLINE_MS,
    perMessageDeflate: false,
  });
  const abort = () => socket.terminate();
  signal.addEventListener('abort', abort, { once: true });
  socket.on('error', () => undefined);
  try {
    const frames = { parse, silentMs: reader.silentMs ?? 3 * BEAT_INTERVAL_MS };
    const following = follow(socket, frames, { reach, reader });
    following.catch(() => undefined);
    await upgraded(socket, reach);
    return await following;
  } finally {
    signal.removeEventListener('abort', abort);
    socket.terminate();
    dialled.socket.destroy();
  }
}
