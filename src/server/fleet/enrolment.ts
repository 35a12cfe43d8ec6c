/**
 * Who may hold an environment's link: the first agent that proves the join secret on its own connection, and from then on only
 * the holder of that agent's key. Everybody else is refused in words, which are kept for the environment's link status.
 */
import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import type { AgentHello } from '../../link/greeting.ts';
import { joinKey, provesJoin } from '../../link/join-proof.ts';
import { Fault } from '../../protocol/fault.ts';
import type { Secret } from '../../protocol/secret.ts';
import type { EnvironmentRecord, EnvironmentStore } from '../store/store.ts';
import type { LinkBook } from './link-book.ts';
import { rivalOf } from './rival.ts';
import type { Seal } from './seal.ts';
import type { ServerKeys } from './server-keys.ts';
import type { LinkedAgent } from './switchboard.ts';
import { WaitingRoom } from './waiting-room.ts';

/** After this an unused join secret is worth nothing. */
export const JOIN_LIFETIME_MS = 7 * 24 * 3_600_000;
const EDGE_ID_BYTES = 16;
const REFUSAL_LOG_MS = 10_000;

/** An agent that has shown its certificate and said hello. */
export interface Applicant {
  readonly hello: AgentHello;
  /** Of the key in its certificate. */
  readonly fingerprint: string;
  /** Of its connection. */
  readonly exporter: Buffer;
  readonly address: string;
}

export interface EnrolmentParts {
  readonly environments: Pick<EnvironmentStore, 'get'>;
  readonly book: LinkBook;
  readonly seal: Seal;
  /** An invitation names the current one. */
  readonly keys: ServerKeys;
  /** AGENT_SECRET, shared with direct agents. */
  readonly agentSecret: Secret | undefined;
  readonly log: Logger;
  readonly now: () => number;
  /** Whether an agent with a foreign EDGE_ID may take a free place unasked: Portainer's setting TrustOnFirstConnect. */
  trustsFirst(): boolean;
  /** Who is linked right now. */
  linked(environmentId: number): LinkedAgent | undefined;
}

/** Makes join secrets and judges agents. */
export class Enrolment {
  readonly #parts: EnrolmentParts;
  readonly #directKey: Buffer | undefined;
  readonly waitingRoom: WaitingRoom;
  readonly #loggedAtMs = new Map<number, number>();

  constructor(parts: EnrolmentParts) {
    this.#parts = parts;
    this.waitingRoom = new WaitingRoom(parts.now);
    this.#directKey =
      parts.agentSecret === undefined ? undefined : joinKey(parts.agentSecret.reveal());
  }

  /** Opens the environment to one new agent; returns the EDGE_ID, which is not kept. */
  async invite(environmentId: number): Promise<string> {
    const { book, seal, now } = this.#parts;
    const edgeId = randomBytes(EDGE_ID_BYTES).toString('hex');
    this.waitingRoom.clear(environmentId);
    await book.openJoin(environmentId, {
      joinKey: seal.close(joinKey(edgeId)),
      joinExpiresAtMs: now() + JOIN_LIFETIME_MS,
      serverFingerprint: this.#parts.keys.current.fingerprint,
    });
    return edgeId;
  }

  /** Undefined lets an edge agent in, and binds it when it is the first. */
  async judgeEdge(applicant: Applicant): Promise<Fault | undefined> {
    const { environmentId } = applicant.hello;
    const record = await this.#parts.environments.get(environmentId);
    if (record?.type !== 4) {
      return this.#refuse(environmentId, applicant, unknownEnvironment(environmentId));
    }
    const refusal = (await this.#judgeBound(record, applicant)) ?? undefined;
    return refusal && this.#refuse(environmentId, applicant, refusal);
  }

  /** Undefined lets the agent at an address that we dialled in; the first one there is kept, as a certificate would be. */
  async judgeDirect(
    record: Pick<EnvironmentRecord, 'id' | 'name'>,
    applicant: Applicant,
  ): Promise<Fault | undefined> {
    const { proof } = applicant.hello;
    const secret = this.#directKey;
    if (secret !== undefined && !provesJoin(proof, secret, applicant.exporter, 'agent')) {
      const sentence = `The agent of "${record.name}" does not know this server's AGENT_SECRET.`;
      return this.#refuse(record.id, applicant, new Fault('forbidden', sentence));
    }
    if (await this.#isKnown(record.id, applicant.fingerprint)) return undefined;
    if (await this.#parts.book.bind(record.id, applicant.fingerprint)) return undefined;
    const sentence = `The agent of "${record.name}" shows another key than the one kept at first contact. If the agent was installed anew, remove the environment and add it again.`;
    return this.#refuse(record.id, applicant, new Fault('wrong-certificate', sentence));
  }

  /** Binds the waiting agent with this key: its next dial is let in. Fault not-found when it does not wait, conflict when bound. */
  async accept({ id, name }: EnvironmentRecord, fingerprint: string): Promise<void> {
    const isWaiting = this.waitingRoom.of(id).some((one) => one.fingerprint === fingerprint);
    if (!isWaiting) {
      const sentence = `No agent with the key ${fingerprint} waits for environment "${name}".`;
      throw new Fault('not-found', sentence);
    }
    if (!(await this.#parts.book.bind(id, fingerprint))) {
      throw new Fault('conflict', `Environment "${name}" is held by another agent already.`);
    }
    this.waitingRoom.clear(id);
  }

  async #judgeBound(record: EnvironmentRecord, applicant: Applicant): Promise<Fault | undefined> {
    const { book, linked } = this.#parts;
    if (await this.#isKnown(record.id, applicant.fingerprint)) {
      return await rivalOf(record.name, linked(record.id), applicant);
    }
    if (book.get(record.id).agentFingerprint !== null) return heldByAnother(record);
    const refusal = this.#judgeJoin(record, applicant);
    if (refusal !== undefined) return refusal;
    if (!(await book.bind(record.id, applicant.fingerprint))) return heldByAnother(record);
    const { address, fingerprint } = applicant;
    this.waitingRoom.clear(record.id);
    this.#parts.log.info({ environment: record.id, address, fingerprint }, 'agent enrolled');
    return undefined;
  }

  async #isKnown(environmentId: number, fingerprint: string): Promise<boolean> {
    const { book, log } = this.#parts;
    const { agentFingerprint, nextFingerprint } = book.get(environmentId);
    if (nextFingerprint !== null && nextFingerprint === fingerprint) {
      await book.promoteNext(environmentId);
      log.info({ environment: environmentId, fingerprint }, 'agent has changed its key');
      return true;
    }
    return agentFingerprint !== null && agentFingerprint === fingerprint;
  }

  #judgeJoin(record: EnvironmentRecord, applicant: Applicant): Fault | undefined {
    const { hello, exporter } = applicant;
    const { book, seal, now } = this.#parts;
    const { joinKey: sealed, joinExpiresAtMs } = book.get(record.id);
    const again = 'Reset its association on the server to get a new EDGE_ID.';
    if (sealed === null || joinExpiresAtMs === null) {
      return new Fault('forbidden', `Environment "${record.name}" waits for no agent. ${again}`);
    }
    if (joinExpiresAtMs <= now()) {
      const when = new Date(joinExpiresAtMs).toISOString().slice(0, 10);
      const sentence = `The EDGE_ID of environment "${record.name}" expired on ${when}. ${again}`;
      return new Fault('forbidden', sentence);
    }
    const key = seal.open(sealed);
    if (key === undefined) {
      const sentence = `The join secret of environment "${record.name}" was kept under another server key. ${again}`;
      return new Fault('forbidden', sentence);
    }
    if (provesJoin(hello.proof, key, exporter, 'agent')) return undefined;
    return this.#hasForeignId(record, applicant);
  }

  #hasForeignId({ id, name }: EnvironmentRecord, applicant: Applicant): Fault | undefined {
    if (this.#parts.trustsFirst()) return undefined;
    const { hello, fingerprint, address } = applicant;
    const product = hello.product.replace(/[^\x20-\x7e]/g, '').slice(0, 100);
    this.waitingRoom.note(id, { fingerprint, address, product });
    const sentence = `The agent's EDGE_ID is not the one that this server gave for environment "${name}". Copy it again, or have an administrator accept the agent's key ${fingerprint} in the console's link view: until then it waits.`;
    return new Fault('forbidden', sentence);
  }

  #refuse(environmentId: number, applicant: Applicant, fault: Fault): Fault {
    const { book, log, now } = this.#parts;
    const { address, fingerprint } = applicant;
    const isOurs = fault.code !== 'not-found';
    if (isOurs) book.noteRefusal(environmentId, address, fault);
    // One line in ten seconds each, and one place for all that don't exist: who asks in a loop must not fill a disk.
    const place = isOurs ? environmentId : 0;
    if (now() - (this.#loggedAtMs.get(place) ?? 0) >= REFUSAL_LOG_MS) {
      this.#loggedAtMs.set(place, now());
      log.warn({ environment: environmentId, address, fingerprint }, fault.message);
    }
    return fault;
  }
}

function unknownEnvironment(id: number): Fault {
  const sentence = `This server has no edge environment ${id}: it was removed, or the EDGE_KEY is of another server.`;
  return new Fault('not-found', sentence);
}

function heldByAnother({ name }: EnvironmentRecord): Fault {
  const sentence = `Environment "${name}" is held by another machine. If this one shall take its place, reset the association on the server and use the new EDGE_ID.`;
  return new Fault('forbidden', sentence);
}
