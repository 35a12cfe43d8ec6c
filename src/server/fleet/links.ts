/**
 * Everything of the server that has to do with links, put together: identity, trust, who is linked, how it went.
 * Every link that comes or goes is written down here, whoever dialled it.
 */
import type { KeyObject } from 'node:crypto';
import type { Logger } from 'pino';
import { z } from 'zod';
import { formatEdgeKey } from '../../link/edge-key.ts';
import type { KeyWrap } from '../../link/key-wrap.ts';
import type { Environment } from '../../protocol/environment.ts';
import { asFault, Fault } from '../../protocol/fault.ts';
import { AGENT_REPORT_PATH, type LinkEndNote, type LinkStatus } from '../../protocol/link-api.ts';
import type { Secret } from '../../protocol/secret.ts';
import type { EnvironmentRecord, Store } from '../store/store.ts';
import { askAgent } from './ask-agent.ts';
import { Enrolment } from './enrolment.ts';
import { edgeHostOf } from './environment-address.ts';
import { KeptSetting } from './kept-setting.ts';
import { LinkBook } from './link-book.ts';
import { LinkReception } from './link-reception.ts';
import { Operations } from './operations.ts';
import type { Seal } from './seal.ts';
import { ServerKeys } from './server-keys.ts';
import { type LinkedAgent, Switchboard } from './switchboard.ts';
import type { WaitingAgent } from './waiting-room.ts';

/** Portainer's own default; our agents don't use it, genuine ones read it from the key. */
const TUNNEL_PORT = 8000;
const PING_PATIENCE_MS = 2_000;

const TRUST_FIRST = {
  name: 'TrustOnFirstConnect',
  schema: z.stringbool(),
  otherwise: false,
} as const;

const reportSchema = z.object({
  ends: z
    .array(
      z.object({
        atMs: z.number(),
        upMs: z.number(),
        sentence: z.string().transform((text) => text.slice(0, 500)),
        side: z.enum(['server', 'agent']),
      }),
    )
    .max(100),
});

export interface LinkParts {
  /** The server's own; its link key is the same until it is changed. */
  readonly key: KeyObject;
  readonly seal: Seal;
  readonly dataFolder: string;
  /** Of its key file there. */
  readonly wrap: KeyWrap;
  readonly agentSecret: Secret | undefined;
  readonly store: Store;
  readonly log: Logger;
  readonly now: () => number;
}

/** How an agent of type 2 is reached right now. */
export type DirectTrust = 'link' | 'legacy';

/** The server's links. */
export class Links implements AsyncDisposable {
  readonly book: LinkBook;
  readonly switchboard: Switchboard;
  readonly enrolment: Enrolment;
  readonly reception: LinkReception;
  readonly operations: Operations;
  readonly keys: ServerKeys;
  /** Whether an agent with a right EDGE_KEY and any EDGE_ID takes a place that is free. */
  readonly trustsFirst: KeptSetting<boolean>;
  readonly #parts: LinkParts;
  readonly #direct = new Map<number, DirectTrust>();
  #onLinked: (environmentId: number, agent: LinkedAgent) => void = () => undefined;

  private constructor(
    parts: LinkParts,
    made: Pick<Links, 'book' | 'switchboard' | 'enrolment' | 'reception' | 'keys' | 'trustsFirst'>,
  ) {
    this.#parts = parts;
    this.book = made.book;
    this.switchboard = made.switchboard;
    this.enrolment = made.enrolment;
    this.reception = made.reception;
    this.keys = made.keys;
    this.trustsFirst = made.trustsFirst;
    this.operations = new Operations(made.switchboard, parts.now);
  }

  static async open(parts: LinkParts): Promise<Links> {
    const { key, store, agentSecret, log, now } = parts;
    const book = await LinkBook.open({ store: store.bindings, log, now });
    const switchboard = new Switchboard(now);
    const keys = await ServerKeys.open(parts, key, now());
    const shared = { book, agentSecret, log, now };
    const { environments } = store;
    const trustsFirst = await KeptSetting.open<boolean>(store.settings, TRUST_FIRST);
    const enrolment = new Enrolment({
      ...shared,
      environments,
      keys,
      seal: parts.seal,
      trustsFirst: () => trustsFirst.value,
      linked: (id) => switchboard.linked(id),
    });
    const reception = new LinkReception(shared);
    return new Links(parts, { book, switchboard, enrolment, reception, keys, trustsFirst });
  }

  /** The EDGE_KEY for an edge environment, in Portainer's form. */
  edgeKeyOf({ id, url }: Pick<EnvironmentRecord, 'id' | 'url'>): string {
    const tunnelAddress = `${edgeHostOf(url)}:${TUNNEL_PORT}`;
    const { fingerprint } = this.keys.current;
    return formatEdgeKey({ url, tunnelAddress, fingerprint, environmentId: id });
  }

  /** Plugs a judged link in, unless the environment was removed or reset while it was judged: then a Fault. */
  plugIn(environmentId: number, agent: LinkedAgent): void {
    if (this.book.get(environmentId).agentFingerprint !== agent.fingerprint) {
      void agent.link[Symbol.asyncDispose]();
      throw new Fault('conflict', 'The environment was removed or reset at this very moment.');
    }
    this.switchboard.connect(environmentId, agent);
  }

  /** Sets who hears of every link that stands. */
  whenLinked(tell: (environmentId: number, agent: LinkedAgent) => void): void {
    this.#onLinked = tell;
  }

  /** Writes down how the environment's links come and go until disposed of. */
  record(environmentId: number): Disposable {
    const { now } = this.#parts;
    return this.switchboard.listen(environmentId, {
      up: (agent) => {
        const { product, address } = agent;
        this.#parts.log.info({ environment: environmentId, address, product }, 'agent linked');
        this.book.noteHistory(environmentId, { agentProduct: product, lastSeenAtMs: now() });
        this.#onLinked(environmentId, agent);
        void this.#readReport(environmentId, agent);
      },
      down: ({ atMs, upMs, sentence }) => {
        this.#parts.log.info({ environment: environmentId, upMs }, `link ended: ${sentence}`);
        this.book.noteHistory(environmentId, { lastSeenAtMs: atMs });
        this.book.noteEnd(environmentId, { atMs, upMs, sentence, side: 'server' });
      },
    });
  }

  /** Notes that changes which happened while the link was away will never be told. */
  noteGap(environmentId: number): void {
    const sentence =
      'The agent could not keep everything that happened while it was away: some changes were not told.';
    this.book.noteEnd(environmentId, {
      atMs: this.#parts.now(),
      upMs: 0,
      sentence,
      side: 'server',
    });
  }

  setDirectTrust(environmentId: number, trust: DirectTrust): void {
    this.#direct.set(environmentId, trust);
  }

  /** What the link tab shows of an environment. */
  async statusOf(record: EnvironmentRecord, environment: Environment): Promise<LinkStatus> {
    const { id, name, type } = record;
    const binding = this.book.get(id);
    const linked = this.switchboard.linked(id);
    const isWaiting = type === 4 && binding.agentFingerprint === null;
    return {
      environmentId: id,
      name,
      trust: this.trustOf(record),
      isEdge: type === 4,
      state: isWaiting ? 'waiting' : environment.connection,
      sinceMs: environment.sinceMs,
      agentFingerprint: binding.agentFingerprint,
      serverFingerprint: linked?.serverFingerprint ?? this.keys.current.fingerprint,
      agentProduct: linked?.product ?? binding.agentProduct,
      peerAddress: linked?.address ?? null,
      roundTripMs: linked === undefined ? null : await roundTrip(linked),
      clockOffsetMs: linked?.clockOffsetMs ?? null,
      joinExpiresAtMs: binding.joinExpiresAtMs,
      rotatedAtMs: binding.rotatedAtMs,
      ends: binding.ends,
      waiting: this.waitingAt(id),
      refused: this.book.refusalsOf(id),
    };
  }

  /** Agents that wait for a word on them; none once an agent is bound. */
  waitingAt(environmentId: number): readonly WaitingAgent[] {
    if (this.book.get(environmentId).agentFingerprint !== null) return [];
    return this.enrolment.waitingRoom.of(environmentId);
  }

  trustOf({ id, type }: Pick<EnvironmentRecord, 'id' | 'type'>): LinkStatus['trust'] {
    if (type === 1) return 'none';
    if (type === 4) return 'link';
    const isBound = this.book.get(id).agentFingerprint !== null;
    return this.#direct.get(id) ?? (isBound ? 'link' : 'legacy');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.switchboard[Symbol.asyncDispose]();
    await this.book[Symbol.asyncDispose]();
  }

  async #readReport(environmentId: number, agent: LinkedAgent): Promise<void> {
    const signal = AbortSignal.timeout(60_000);
    try {
      const wish = { path: AGENT_REPORT_PATH, schema: reportSchema, signal };
      const { ends } = await askAgent(agent.link, wish);
      const ours = (end: LinkEndNote) => ({ ...end, atMs: end.atMs - agent.clockOffsetMs });
      const theirs = ends.filter(({ side }) => side === 'agent').map(ours);
      this.book.noteAgentEnds(environmentId, theirs);
    } catch (thrown) {
      const { message } = asFault(thrown, 'internal', 'The report of an agent could not be read.');
      this.#parts.log.debug({ environment: environmentId }, message);
    }
  }
}

async function roundTrip({ link }: LinkedAgent): Promise<number | null> {
  const late = new Promise<null>((resolve) => {
    setTimeout(() => resolve(null), PING_PATIENCE_MS).unref();
  });
  return await Promise.race([link.ping().catch(() => null), late]);
}
