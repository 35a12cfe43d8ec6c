/**
 * A console's own link to an agent: dialled when a connection is wanted and none stands, shared by all of them. The agent
 * is known by its AGENT_SECRET if it has one, else by the link key that it showed at first contact.
 */
import type { KeyObject, X509Certificate } from 'node:crypto';
import { pause } from '../docker/deadline.ts';
import { DialAgent } from '../docker/dial-agent.ts';
import type { EngineRoute } from '../docker/route.ts';
import { certificateAround } from '../link/certificate.ts';
import { AGENT_LINK_PATH, dialLink, NO_LINK_STATUSES } from '../link/dial.ts';
import { linkFingerprint } from '../link/fingerprint.ts';
import { type AgentHello, greetAgent, LINK_VERSIONS, type ServerHello } from '../link/greeting.ts';
import { joinKey, joinProof, provesJoin } from '../link/join-proof.ts';
import { type Link, type LinkPipe, linkFromServer } from '../link/link.ts';
import { Fault } from '../protocol/fault.ts';
import { BEAT_INTERVAL_MS } from '../protocol/feed-pace.ts';
import { PRODUCT_VERSION } from '../protocol/version.ts';
import { type AgentAddress, agentPlace } from './agent-address.ts';

export interface AgentLinkOptions extends AgentAddress {
  /** By which agents know this console. */
  readonly key: KeyObject;
  readonly secret?: string | undefined;
  /** Judges the certificate (DER) of the agent's port, as for its HTTP API. */
  checkCertificate(certificateDer: Buffer): Fault | undefined;
  /** The link key's fingerprint from an earlier contact; an agent that had one must go on having one. */
  readonly pinned: string | undefined;
}

export interface AgentLink extends AsyncDisposable {
  /** True when linked, now or already; false when the agent offers no link. Rejects with a Fault otherwise. */
  establish(signal: AbortSignal): Promise<boolean>;
  /** The link key's fingerprint of the agent last linked; undefined before. */
  readonly fingerprint: string | undefined;
  /** Every connection is a stream of the link, which is dialled again when it has ended. Closed with the link. */
  readonly route: EngineRoute;
}

const DIAL_TIMEOUT_MS = 5_000;
/** For a refusal of ours to reach the agent before the connection ends. */
const PARTING_MS = 1_000;

/** Nothing is dialled yet. */
export function agentLink(options: AgentLinkOptions): AgentLink {
  return new SharedLink(options);
}

class SharedLink implements AgentLink {
  readonly route: EngineRoute;
  fingerprint: string | undefined;
  readonly #options: AgentLinkOptions;
  readonly #stop = new AbortController();
  #link: Link | undefined;
  #dialling: Promise<Link> | undefined;

  constructor(options: AgentLinkOptions) {
    this.#options = options;
    const agent = new DialAgent(async () => (await this.#linked()).open());
    this.route = {
      address: `tcp://${agentPlace(options)}`,
      agent,
      pathPrefix: '',
      headers: () => ({ Host: 'agent' }),
      [Symbol.asyncDispose]: async () => await this[Symbol.asyncDispose](),
    };
  }

  async establish(signal: AbortSignal): Promise<boolean> {
    try {
      await Promise.race([this.#linked(), aborted(signal)]);
      return true;
    } catch (thrown) {
      if (!(thrown instanceof NoLinkOffered)) throw thrown;
      if (this.#options.pinned === undefined) return false;
      throw offersNoneAnyMore(this.#options, thrown);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.route.agent.destroy();
    await this.#dialling?.catch(() => undefined);
    await this.#link?.[Symbol.asyncDispose]();
  }

  async #linked(): Promise<Link> {
    if (this.#link) return this.#link;
    this.#dialling ??= this.#dial().finally(() => {
      this.#dialling = undefined;
    });
    return await this.#dialling;
  }

  async #dial(): Promise<Link> {
    const { host, port, checkCertificate } = this.#options;
    const url = `https://${agentPlace({ host, port })}`;
    const wish = { url, path: AGENT_LINK_PATH, verify: false, throughProxy: false } as const;
    const limited = { ...wish, timeoutMs: DIAL_TIMEOUT_MS, checkPeer: checkCertificate };
    const pipe = await dialLink(limited, this.#stop.signal).catch((thrown: unknown) => {
      throw offersNone(thrown) ? new NoLinkOffered(thrown) : thrown;
    });
    pipe.on('error', () => undefined);
    const pinned = this.fingerprint ?? this.#options.pinned;
    const link = await greeted(pipe, { ...this.#options, pinned });
    this.#link = link;
    this.fingerprint = linkFingerprint(link.peerCertificate.publicKey);
    void link.ended.then(() => {
      if (this.#link === link) this.#link = undefined;
    });
    return link;
  }
}

/** A link on which the agent and this console have accepted each other; Fault signature-refused when one did not. */
async function greeted(pipe: LinkPipe, options: AgentLinkOptions): Promise<Link> {
  const identity = certificateAround(options.key, 'fleet-tui');
  const checkPeer = (certificate: X509Certificate) => checkKey(certificate, options);
  const link = await linkFromServer(pipe, { identity, checkPeer });
  try {
    const judge = (hello: AgentHello) => checkProof(hello, link, options);
    await greetAgent(link.open(), helloOn(link, options.secret), judge);
    return link;
  } catch (thrown) {
    await Promise.race([link.ended, pause(PARTING_MS, new AbortController().signal)]);
    await link[Symbol.asyncDispose]();
    throw thrown;
  }
}

function helloOn({ exporter }: Link, secret: string | undefined): ServerHello {
  return {
    versions: LINK_VERSIONS,
    product: `fleet-tui ${PRODUCT_VERSION}`,
    atMs: Date.now(),
    beatIntervalMs: BEAT_INTERVAL_MS,
    ...(secret === undefined ? {} : { proof: joinProof(joinKey(secret), exporter, 'server') }),
  };
}

/** With a secret its proof decides, since the agent's own server may have given it another key meanwhile. */
function checkKey(certificate: X509Certificate, options: AgentLinkOptions): Fault | undefined {
  const { secret, pinned } = options;
  const shown = linkFingerprint(certificate.publicKey);
  if (secret !== undefined || pinned === undefined || shown === pinned) return undefined;
  const sentence = `The agent ${agentPlace(options)} shows another link key (${shown}) than at first contact (${pinned}); if it was installed anew, accept its certificate with --trust.`;
  return new Fault('wrong-certificate', sentence);
}

function checkProof(
  { proof }: AgentHello,
  { exporter }: Link,
  { secret }: AgentLinkOptions,
): Fault | undefined {
  if (secret === undefined || provesJoin(proof, joinKey(secret), exporter, 'agent'))
    return undefined;
  const sentence = 'The agent does not prove that it knows the AGENT_SECRET of this console.';
  return new Fault('forbidden', sentence);
}

/** An agent answered, but not with a link: another version, or a genuine Portainer agent. */
class NoLinkOffered extends Fault {
  constructor(cause: Fault) {
    super('bad-peer', cause.message, { cause });
  }
}

function offersNone(thrown: unknown): thrown is Fault {
  return thrown instanceof Fault && NO_LINK_STATUSES.has(thrown.status);
}

function offersNoneAnyMore(address: AgentAddress, cause: unknown): Fault {
  const where = agentPlace(address);
  const sentence = `The agent ${where} offers no link any more, and the weaker old way is not used where there was one; if it was replaced on purpose, accept its certificate again with --trust.`;
  return new Fault('bad-peer', sentence, { cause });
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(new Fault('cancelled', 'Linking to the agent was given up.'));
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
}
