/**
 * The agent's side of one link, from an open byte stream to connections that the API may answer: inner TLS, then the
 * hello on the first stream. Until that succeeded no other stream is served, and afterwards each is known to come from
 * this very peer.
 */
import type { X509Certificate } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { linkFingerprint } from '../../link/fingerprint.ts';
import {
  type AgentHello,
  GREETING_TIMEOUT_MS,
  greetServer,
  type ServerHello,
} from '../../link/greeting.ts';
import { type Link, type LinkPipe, linkFromAgent } from '../../link/link.ts';
import type { TlsIdentity } from '../../link/tls-pipe.ts';
import { asFault, Fault } from '../../protocol/fault.ts';

/** A server or console at the other end of a link. */
export interface LinkPeer {
  readonly product: string;
  readonly fingerprint: string;
  readonly beatIntervalMs: number;
  /** Undefined while it is still trusted; asked at each request, since a pairing can be forgotten under a running link. */
  refusal(): Fault | undefined;
}

export interface ServeParts {
  readonly identity: TlsIdentity;
  /** Judges the server by its certificate's key. */
  checkPeer(certificate: X509Certificate): Fault | undefined;
  /** This agent's hello, or the Fault that refuses the server's. */
  answer(hello: ServerHello, link: Link): AgentHello | Fault;
  readonly isStillTrusted?: (certificate: X509Certificate) => Fault | undefined;
  /** Gets every connection that the peer opens once the hello succeeded. */
  accept(connection: Duplex, peer: LinkPeer): void;
}

export interface ServedLink {
  readonly link: Link;
  readonly hello: ServerHello;
  readonly peer: LinkPeer;
}

/** For a refusal to reach the other side before the connection ends. */
const PARTING_MS = 1_000;

/** Rejects with the Fault of whichever side refused; the pipe is destroyed then. */
export async function serveLink(pipe: LinkPipe, parts: ServeParts): Promise<ServedLink> {
  const first = firstStream();
  let accept: (stream: Duplex) => void = first.take;
  const { identity, checkPeer } = parts;
  const link = await linkFromAgent(pipe, { identity, checkPeer }, (stream) => accept(stream));
  try {
    const stream = await first.within(link);
    const hello = await greetServer(stream, (said) => parts.answer(said, link));
    const peer = peerOf(link, hello, parts);
    accept = (connection) => parts.accept(connection, peer);
    return { link, hello, peer };
  } catch (thrown) {
    const timer = setTimeout(() => void link[Symbol.asyncDispose](), PARTING_MS);
    await link.ended;
    clearTimeout(timer);
    throw asFault(thrown, 'bad-peer', 'The hello failed.');
  }
}

function peerOf(link: Link, hello: ServerHello, parts: ServeParts): LinkPeer {
  return {
    product: hello.product.slice(0, 100),
    fingerprint: linkFingerprint(link.peerCertificate.publicKey),
    beatIntervalMs: hello.beatIntervalMs,
    refusal: () => parts.isStillTrusted?.(link.peerCertificate),
  };
}

/** Takes one stream and turns the others away. */
function firstStream() {
  let found: ((stream: Duplex) => void) | undefined;
  const stream = new Promise<Duplex>((resolve) => {
    found = resolve;
  });
  return {
    take(opened: Duplex): void {
      if (!found) {
        opened.destroy();
        return;
      }
      found(opened);
      found = undefined;
    },
    async within(link: Link): Promise<Duplex> {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(
          () => reject(new Fault('timeout', 'The server did not say hello in time.')),
          GREETING_TIMEOUT_MS,
        );
      });
      const gone = link.ended.then(({ sentence }) => {
        throw new Fault('bad-peer', `The link ended before the hello. ${sentence}`);
      });
      try {
        return await Promise.race([stream, late, gone]);
      } finally {
        clearTimeout(timer);
        gone.catch(() => undefined);
      }
    },
  };
}
