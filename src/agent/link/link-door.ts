/**
 * The door for links on the agent's own port. Whoever comes is let through the handshake, so that who is turned away can
 * be told why; nothing is served before the pairing or the secret has decided.
 */
import type { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { AgentHello, ServerHello } from '../../link/greeting.ts';
import { joinKey, joinProof, provesJoin } from '../../link/join-proof.ts';
import type { Link, LinkPipe } from '../../link/link.ts';
import { LinkAcceptor } from '../../link/link-acceptor.ts';
import { asFault, Fault } from '../../protocol/fault.ts';
import type { UpgradeSide } from '../api/call.ts';
import type { Log } from '../log.ts';
import type { Pairing } from '../pairing.ts';
import { agentHello } from './hello.ts';
import type { AgentIdentity } from './identity.ts';
import type { LinkRecordFile } from './link-record.ts';
import { type LinkPeer, type ServedLink, serveLink } from './served-link.ts';

export interface LinkDoorParts {
  readonly identity: AgentIdentity;
  readonly pairing: Pairing;
  readonly secret: string | undefined;
  readonly record: LinkRecordFile;
  readonly log: Log;
  accept(connection: Duplex, peer: LinkPeer): void;
}

/** Strangers may hold so many handshakes at once. */
const HANDSHAKE_LIMIT = 16;
const LINK_LIMIT = 64;
const QUIET_MS = 10_000;
const FULL =
  'HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

export class LinkDoor implements AsyncDisposable {
  readonly #parts: LinkDoorParts;
  readonly #links = new Set<Link>();
  readonly #acceptor = new LinkAcceptor();
  #handshakes = 0;
  #quietUntil = 0;

  constructor(parts: LinkDoorParts) {
    this.#parts = parts;
  }

  /** Resolves when the link stands or was refused; never rejects. */
  async take(request: IncomingMessage, { socket, head }: UpgradeSide): Promise<void> {
    const from = request.socket.remoteAddress ?? 'unknown';
    if (this.#handshakes >= HANDSHAKE_LIMIT || this.#links.size >= LINK_LIMIT) {
      socket.end(FULL, () => socket.destroy());
      return;
    }
    this.#handshakes += 1;
    try {
      const pipe = await this.#acceptor.take(request, socket, head);
      if (pipe) this.#hold(await this.#shakeHands(pipe, from), from);
    } catch (thrown) {
      this.#tell(asFault(thrown, 'internal', 'A link could not be made.'), from);
    } finally {
      this.#handshakes -= 1;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#links].map((link) => link[Symbol.asyncDispose]()));
  }

  async #shakeHands(pipe: LinkPipe, from: string): Promise<ServedLink> {
    const { identity, pairing, accept } = this.#parts;
    const served = await serveLink(pipe, {
      identity: identity.current,
      checkPeer: () => undefined,
      answer: (hello, link) => this.#answer(hello, link),
      isStillTrusted: (certificate) => this.#refusal(certificate),
      accept,
    });
    try {
      pairing.joined(served.link.peerCertificate.publicKey, from);
      return served;
    } catch (error) {
      await served.link[Symbol.asyncDispose]();
      throw error;
    }
  }

  #answer(hello: ServerHello, { exporter, peerCertificate }: Link): AgentHello | Fault {
    const { secret } = this.#parts;
    if (secret === undefined) {
      return this.#refusal(peerCertificate) ?? agentHello(0, undefined);
    }
    const key = joinKey(secret);
    if (provesJoin(hello.proof, key, exporter, 'server')) {
      return agentHello(0, joinProof(key, exporter, 'agent'));
    }
    const sentence =
      hello.proof === undefined
        ? 'This agent has an AGENT_SECRET and the server has none: give the server the same one.'
        : 'The AGENT_SECRET of this agent and that of the server differ.';
    return new Fault('forbidden', sentence);
  }

  #refusal(certificate: X509Certificate): Fault | undefined {
    return this.#parts.pairing.keyRefusal(certificate.publicKey);
  }

  #hold({ link, peer }: ServedLink, from: string): void {
    const { record, log } = this.#parts;
    const sinceMs = Date.now();
    this.#links.add(link);
    log.info('Linked.', { from, server: peer.product, key: peer.fingerprint });
    void link.ended.then(({ sentence }) => {
      this.#links.delete(link);
      const atMs = Date.now();
      log.info(`The link ended. ${sentence}`, { from });
      try {
        record.addEnd({ atMs, upMs: atMs - sinceMs, sentence });
      } catch (error) {
        log.warn(asFault(error, 'internal', 'The end of the link could not be kept.').message);
      }
    });
  }

  /** At most one line in ten seconds: who knocks in a loop must not fill a disk. */
  #tell(fault: Fault, from: string): void {
    const { log } = this.#parts;
    const { cause } = fault;
    if (fault.code === 'internal') {
      log.error(fault.message, { cause: cause instanceof Error ? cause.stack : String(cause) });
      return;
    }
    if (performance.now() < this.#quietUntil) return;
    this.#quietUntil = performance.now() + QUIET_MS;
    log.warn(`No link. ${fault.message}`, { from });
  }
}
