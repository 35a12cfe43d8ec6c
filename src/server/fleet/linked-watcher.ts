/**
 * Watches an environment through its agent's link, in place of a watcher of our own: the agent watches its engine and tells us.
 * A quick redial is no news: only a link that stays away for two seconds makes the environment down, with the link's own reason.
 */
import { pause } from '../../docker/deadline.ts';
import type { EngineWatcher } from '../../docker/watcher.ts';
import type { Container } from '../../protocol/container.ts';
import type { Environment } from '../../protocol/environment.ts';
import { asFault } from '../../protocol/fault.ts';
import type { Change, FeedMessage } from '../../protocol/feed.ts';
import type { FeedOpening } from '../../protocol/link-api.ts';
import { readAgentFeed } from './agent-feed.ts';
import { LinkedState } from './linked-state.ts';
import type { LinkedAgent, LinkGone, Switchboard } from './switchboard.ts';

const RETURN_PATIENCE_MS = 2_000;
const FEED_RETRY_MS = 1_000;
/** A feed that lived for so long was a good one. */
const FEED_HEALTHY_MS = 10_000;
const CHECK_PATIENCE_MS = 5_000;
const SILENCE_RESERVE_MS = 10_000;
/** A link that ends takes its streams with it, and tells of itself a moment later. */
const LINK_END_MS = 600;

export interface LinkedWatchOptions {
  readonly environment: Pick<Environment, 'id' | 'name' | 'kind' | 'address'>;
  readonly switchboard: Switchboard;
  /** False while no agent has ever bound itself: then there is nobody to miss. */
  readonly isAwaited: () => boolean;
  /** For how long a first link is waited for before the environment is called down; undefined: until setReason() says so. */
  readonly firstPatienceMs?: number;
  /** What another watcher knew of the environment last. */
  readonly before?: Environment;
  readonly now: () => number;
  onChanges(changes: readonly Change[]): void;
  onSeen(atMs: number): void;
  /** Changes that happened while the link was away are lost. */
  onGap(): void;
}

/** An EngineWatcher that lives on an agent's feed. */
export class LinkedWatcher implements EngineWatcher {
  readonly #options: LinkedWatchOptions;
  readonly #state: LinkedState;
  readonly #listening: Disposable;
  #isStopped = false;
  #follow = new AbortController();
  #environment: Environment;
  /** Made for the first who asks: a signal is a KiB, and most environments have no call under way. */
  #down: AbortController | undefined;
  #away: NodeJS.Timeout | undefined;
  #life = '';

  constructor(options: LinkedWatchOptions) {
    this.#options = options;
    this.#state = new LinkedState(options.environment.id);
    this.#environment = options.before ?? {
      ...options.environment,
      connection: 'connecting',
      sinceMs: options.now(),
      reason: null,
      engine: null,
      lastSeenAtMs: null,
      tags: [],
    };
    if (options.firstPatienceMs !== undefined) {
      const sentence = 'The agent has not linked since the server started.';
      this.#awaitReturn(options.firstPatienceMs, { atMs: options.now(), upMs: 0, sentence });
    }
    this.#listening = options.switchboard.listen(options.environment.id, {
      up: (agent) => this.#linkUp(agent),
      down: (gone) => this.#linkDown(gone),
    });
  }

  get environment(): Environment {
    return this.#environment;
  }

  get containers(): ReadonlyMap<string, Container> {
    return this.#state.containers;
  }

  /** Which life of the agent's process is at the other end; '' until the feed of the present link has said so. */
  get life(): string {
    return this.#life;
  }

  downSignal(): AbortSignal {
    this.#down ??= new AbortController();
    return this.#down.signal;
  }

  async check(): Promise<void> {
    const { switchboard, environment } = this.#options;
    const linked = switchboard.linked(environment.id);
    if (linked === undefined) return;
    const patience = pause(CHECK_PATIENCE_MS, this.#follow.signal);
    const answered = linked.link.ping().then(() => this.#seen());
    await Promise.race([answered.catch(() => undefined), patience]);
  }

  /** Tells why there is no link yet: a failed dial, a refusal. */
  setReason(sentence: string): void {
    const { switchboard, environment, now } = this.#options;
    if (switchboard.linked(environment.id) !== undefined || this.#away !== undefined) return;
    this.#setDown(sentence, now());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopped = true;
    this.#follow.abort();
    clearTimeout(this.#away);
    this.#listening[Symbol.dispose]();
  }

  #linkUp(agent: LinkedAgent): void {
    clearTimeout(this.#away);
    this.#away = undefined;
    this.#life = '';
    this.#follow.abort();
    this.#follow = new AbortController();
    void this.#followFeed(agent, this.#follow.signal);
  }

  #linkDown(gone: LinkGone): void {
    this.#follow.abort();
    this.#awaitReturn(RETURN_PATIENCE_MS, gone);
  }

  #awaitReturn(patienceMs: number, gone: LinkGone): void {
    clearTimeout(this.#away);
    this.#away = setTimeout(() => {
      this.#away = undefined;
      if (this.#options.isAwaited()) this.#setDown(gone.sentence, gone.atMs);
    }, patienceMs).unref();
  }

  async #followFeed(agent: LinkedAgent, signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted; ) {
      const startMs = performance.now();
      const silenceMs = 2 * agent.beatIntervalMs + SILENCE_RESERVE_MS;
      try {
        const wish = { after: this.#state.mark, silenceMs, signal };
        await readAgentFeed(agent.link, wish, (message) => this.#take(message, agent));
      } catch (thrown) {
        if (signal.aborted || (await isEnding(agent, signal))) return;
        const fault = asFault(thrown, 'internal', "The agent's feed could not be read.");
        if (fault.code === 'bad-peer') this.#state.forgetMark();
        // A feed that opens well and breaks at once, each time anew, is as good as none.
        failures = performance.now() - startMs > FEED_HEALTHY_MS ? 1 : failures + 1;
        if (failures > 1) this.#setDown(fault.message, this.#options.now());
      }
      await pause(FEED_RETRY_MS * Math.min(failures, 10), signal);
    }
  }

  #take(message: FeedOpening | FeedMessage, agent: LinkedAgent): void {
    this.#seen();
    if (message.kind === 'opening') {
      this.#state.opened(message);
      this.#life = message.feedId;
      if (message.hasGap) this.#options.onGap();
      if (message.isResumed) this.#tellEngine();
      return;
    }
    const { isEngineTold, changes } = this.#state.take(message, agent.clockOffsetMs);
    if (isEngineTold) this.#tellEngine(changes);
    else this.#publish(changes);
  }

  /** Tells the engine's state, since when by the agent's word only while we were there to hear it. */
  #tellEngine(changes: readonly Change[] = []): void {
    const engine = this.#state.engine;
    if (engine === undefined) {
      this.#publish(changes);
      return;
    }
    const before = this.#environment;
    const isSame = before.connection === engine.connection;
    const wasAway = before.connection !== 'up' && engine.connection === 'up';
    const sinceMs = isSame ? before.sinceMs : wasAway ? this.#options.now() : engine.sinceMs;
    const facts = engine.engine ?? before.engine;
    this.#environment = {
      ...before,
      connection: engine.connection,
      reason: engine.reason,
      engine: facts,
      sinceMs,
    };
    this.#publish([{ kind: 'environment', environment: this.#environment }, ...changes]);
    if (engine.connection === 'down' && before.connection !== 'down') this.#fireDown();
  }

  #setDown(reason: string, sinceMs: number): void {
    const before = this.#environment;
    const wasDown = before.connection === 'down';
    if (wasDown && before.reason === reason) return;
    const since = wasDown ? before.sinceMs : sinceMs;
    this.#environment = { ...before, connection: 'down', sinceMs: since, reason };
    this.#publish([{ kind: 'environment', environment: this.#environment }]);
    if (!wasDown) this.#fireDown();
  }

  #fireDown(): void {
    const down = this.#down;
    this.#down = undefined;
    down?.abort();
  }

  #seen(): void {
    if (this.#isStopped) return;
    const atMs = this.#options.now();
    this.#environment = { ...this.#environment, lastSeenAtMs: atMs };
    this.#options.onSeen(atMs);
  }

  #publish(changes: readonly Change[]): void {
    if (changes.length > 0 && !this.#isStopped) this.#options.onChanges(changes);
  }
}

/** Whether the feed broke off because the link did: then the link's own end says why. */
async function isEnding({ link }: LinkedAgent, signal: AbortSignal): Promise<boolean> {
  const stays = pause(LINK_END_MS, signal).then(() => false);
  return await Promise.race([link.ended.then(() => true), stays]);
}
