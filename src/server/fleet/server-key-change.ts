/**
 * Changes the server's own link key. Each agent hears of the new one over a link that the old one authenticates, and is then made
 * to come back; the old key stays good until everybody who may know no other has heard, so nobody is locked out by it.
 */
import type { Logger } from 'pino';
import { z } from 'zod';
import { pause } from '../../docker/deadline.ts';
import { asFault, Fault } from '../../protocol/fault.ts';
import { AGENT_SERVER_KEY_PATH } from '../../protocol/link-api.ts';
import { askAgent } from './ask-agent.ts';
import type { LinkBook } from './link-book.ts';
import { bringOver, ROTATE_AFTER_MS } from './rotation.ts';
import type { ServerKeys } from './server-keys.ts';
import type { LinkedAgent, Switchboard } from './switchboard.ts';

const LOOK_EVERY_MS = 3_600_000;
/** Who stays away for longer must join anew. */
const OLD_KEY_LIFETIME_MS = 90 * 24 * 3_600_000;
const TELL_TIMEOUT_MS = 10_000;
/** A fleet that hears of a new key in one moment must not come back in one. */
const BETWEEN_AGENTS_MS = 100;
const COME_BACK = "The agent comes back to the server's new key.";

export interface ServerKeyParts {
  readonly keys: ServerKeys;
  readonly book: LinkBook;
  readonly switchboard: Switchboard;
  readonly log: Logger;
  readonly now: () => number;
  /** Whether no call is under way in the environment's link. */
  isQuiet(environmentId: number): boolean;
}

/** Until disposed of: tells agents of the present key as they link, changes it when it is thirty days old, drops the one before. */
export class ServerKeyChange implements AsyncDisposable {
  readonly #parts: ServerKeyParts;
  readonly #stop = new AbortController();
  readonly #untold = new Set<number>();
  readonly #timer: NodeJS.Timeout;
  #telling: Promise<void> = Promise.resolve();
  #changing: Promise<void> = Promise.resolve();

  constructor(parts: ServerKeyParts) {
    this.#parts = parts;
    this.#timer = setInterval(() => void this.look(), LOOK_EVERY_MS).unref();
    // The process before may have ended just short of it.
    this.#inTurn(() => this.#dropUnneeded());
  }

  /** Environments whose agent, or whose unused EDGE_KEY, knows no key but the previous one. */
  get waitingFor(): readonly number[] {
    const { keys, book, now } = this.#parts;
    const old = keys.previous?.fingerprint;
    if (old === undefined) return [];
    return [...book.all()]
      .filter(({ agentFingerprint, joinExpiresAtMs, serverFingerprint }) => {
        const isAlive = agentFingerprint !== null || (joinExpiresAtMs ?? 0) > now();
        return isAlive && (serverFingerprint === old || serverFingerprint === null);
      })
      .map(({ environmentId }) => environmentId);
  }

  /** Makes a new key and tells everybody who is linked; Fault conflict while the change before is not through. */
  change(): Promise<void> {
    // Of two at once the second must see what the first has left to wait for.
    const changed = this.#changing.then(() => this.#changeNow());
    this.#changing = changed.catch(() => undefined);
    return changed;
  }

  async #changeNow(): Promise<void> {
    const { keys, switchboard, book, log, now } = this.#parts;
    const waiting = this.waitingFor;
    if (waiting.length > 0) {
      const sentence = `The key before is still needed: ${waiting.length} of the environments know no other yet (${waiting.slice(0, 5).join(', ')}).`;
      throw new Fault('conflict', sentence, {
        details: 'It is dropped when their agents have linked, or their EDGE_KEYs have expired.',
      });
    }
    await keys.renew(now());
    log.info({ fingerprint: keys.current.fingerprint }, 'the server has a new link key');
    for (const { environmentId } of book.all()) {
      const linked = switchboard.linked(environmentId);
      if (linked !== undefined) this.linked(environmentId, linked);
    }
    await this.#dropUnneeded();
  }

  /** A link stands: its agent is told of the present key, unless it has just seen it. */
  linked(environmentId: number, { serverFingerprint }: LinkedAgent): void {
    const { keys, book } = this.#parts;
    if (serverFingerprint !== keys.current.fingerprint) {
      this.#untold.add(environmentId);
      this.#inTurn(() => this.#tellAll());
    } else if (book.get(environmentId).serverFingerprint !== serverFingerprint) {
      this.#inTurn(() => this.#note(environmentId, serverFingerprint));
    }
  }

  /** One look at the calendar; what fails is logged and tried again at the next. */
  async look(): Promise<void> {
    const { keys, log, now } = this.#parts;
    const { previous, current } = keys;
    try {
      const isOverdue = previous && now() - current.madeAtMs >= OLD_KEY_LIFETIME_MS;
      if (isOverdue) await keys.dropPrevious(previous.fingerprint);
      await this.#dropUnneeded();
      if (keys.previous === undefined && now() - current.madeAtMs >= ROTATE_AFTER_MS) {
        await this.change();
      }
    } catch (thrown) {
      log.error({ err: thrown }, "the server's link key could not be changed");
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    this.#stop.abort();
    await this.#telling;
  }

  #inTurn(work: () => Promise<void>): void {
    this.#telling = this.#telling.then(work).catch((thrown: unknown) => {
      this.#parts.log.error({ err: thrown }, 'what agents know of this server could not be kept');
    });
  }

  async #tellAll(): Promise<void> {
    const { signal } = this.#stop;
    for (const id of this.#untold) {
      if (signal.aborted) return;
      this.#untold.delete(id);
      await this.#tell(id);
      await pause(BETWEEN_AGENTS_MS, signal);
    }
    await this.#dropUnneeded();
  }

  async #tell(id: number): Promise<void> {
    const { keys, switchboard, log } = this.#parts;
    const { fingerprint } = keys.current;
    const linked = switchboard.linked(id);
    if (linked === undefined || linked.serverFingerprint === fingerprint) return;
    const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(TELL_TIMEOUT_MS)]);
    const news = { method: 'POST', path: AGENT_SERVER_KEY_PATH, body: { fingerprint } } as const;
    try {
      await askAgent(linked.link, { ...news, schema: z.unknown(), signal });
    } catch (thrown) {
      const fault = asFault(thrown, 'internal', "An agent could not be told of the server's key.");
      log.warn({ environment: id }, fault.message);
      return;
    }
    await this.#note(id, fingerprint);
    void bringOver(this.#parts, id, COME_BACK);
  }

  /** The agent accepts the key: it is on its disk, or was shown in its link. */
  async #note(environmentId: number, fingerprint: string): Promise<void> {
    await this.#parts.book.noteServerKey(environmentId, fingerprint);
    await this.#dropUnneeded();
  }

  async #dropUnneeded(): Promise<void> {
    const { keys, log } = this.#parts;
    if (keys.previous === undefined || this.waitingFor.length > 0) return;
    const { fingerprint } = keys.previous;
    await keys.dropPrevious(fingerprint);
    log.info({ fingerprint }, "the server's link key of before is worth nothing any more");
  }
}
