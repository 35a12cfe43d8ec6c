/**
 * Turns an open byte stream to an agent into a greeted link on the switchboard. The same for agents that dialled us and for
 * those that we dialled; only who judges differs.
 */
import type { Logger } from 'pino';
import { linkFingerprint } from '../../link/fingerprint.ts';
import {
  type AgentHello,
  greetAgent,
  LINK_VERSIONS,
  type ServerHello,
} from '../../link/greeting.ts';
import { joinKey, joinProof } from '../../link/join-proof.ts';
import { type Link, type LinkPipe, linkFromServer } from '../../link/link.ts';
import type { Fault } from '../../protocol/fault.ts';
import type { Secret } from '../../protocol/secret.ts';
import { PRODUCT_VERSION } from '../../protocol/version.ts';
import type { Applicant } from './enrolment.ts';
import type { LinkBook } from './link-book.ts';
import type { ServerKey } from './server-keys.ts';
import type { LinkedAgent } from './switchboard.ts';

/** The fleet as a whole stays under so many beats a second. */
const BEATS_PER_S = 50;
const SHORTEST_BEAT_MS = 10_000;
const PRODUCT_LIMIT = 100;

export interface ReceptionParts {
  readonly agentSecret: Secret | undefined;
  readonly book: LinkBook;
  readonly log: Logger;
  readonly now: () => number;
}

export interface Welcome {
  /** The peer's IP address. */
  readonly address: string;
  /** Which of our keys to show. */
  readonly key: ServerKey;
  /** Proves the AGENT_SECRET to an agent that we dialled; a stranger who dialled us gets nothing to guess it from. */
  readonly provesSecret: boolean;
  judge(applicant: Applicant): Promise<Fault | undefined>;
}

/** Who comes through it is an agent that was judged; everybody else has been told why not. */
export class LinkReception {
  readonly #parts: ReceptionParts;

  constructor(parts: ReceptionParts) {
    this.#parts = parts;
  }

  /** How often each agent's feed shall beat while nothing happens. */
  get beatIntervalMs(): number {
    const fairMs = Math.ceil((this.#parts.book.boundCount / BEATS_PER_S) * 1000);
    return Math.max(SHORTEST_BEAT_MS, fairMs);
  }

  /** Resolves with the judged agent and its hello; rejects with the Fault that ended it, the stream being closed. */
  async receive(
    pipe: LinkPipe,
    { address, key, provesSecret, judge }: Welcome,
  ): Promise<{ agent: LinkedAgent; hello: AgentHello }> {
    const { now } = this.#parts;
    const { identity, fingerprint: serverFingerprint } = key;
    const link = await linkFromServer(pipe, { identity, checkPeer: () => undefined });
    try {
      const fingerprint = linkFingerprint(link.peerCertificate.publicKey);
      let clockOffsetMs = 0;
      const own = this.#ownHello(link, provesSecret);
      const { beatIntervalMs } = own;
      const hello = await greetAgent(link.open(), own, (said) => {
        clockOffsetMs = said.atMs - now();
        return judge({ hello: said, fingerprint, exporter: link.exporter, address });
      });
      const said = { product: printable(hello.product), clockOffsetMs, beatIntervalMs };
      const sinceMs = now();
      const agent = { link, address, fingerprint, serverFingerprint, sinceMs, ...said };
      return { agent, hello };
    } catch (thrown) {
      // The refusal is still on its way: the agent closes when it has read it, else we do.
      await Promise.race([link.ended, new Promise((resolve) => setTimeout(resolve, GOODBYE_MS))]);
      await link[Symbol.asyncDispose]();
      throw thrown;
    }
  }

  #ownHello({ exporter }: Link, provesSecret: boolean): ServerHello {
    const { agentSecret, now } = this.#parts;
    return {
      versions: LINK_VERSIONS,
      product: `fleet-server ${PRODUCT_VERSION}`,
      atMs: now(),
      beatIntervalMs: this.beatIntervalMs,
      ...(provesSecret &&
        agentSecret !== undefined && {
          proof: joinProof(joinKey(agentSecret.reveal()), exporter, 'server'),
        }),
    };
  }
}

/** For how long a refused agent may take to hear of it. */
const GOODBYE_MS = 1_000;

/** What an agent says about itself ends up on screens and in logs. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '').slice(0, PRODUCT_LIMIT);
}
