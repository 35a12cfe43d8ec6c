/**
 * Watches an agent that we dial: over the link when it offers one, else by Portainer's signed HTTP. An agent that was linked once
 * is never talked to in the old way again, so that nobody in between can talk us down to it.
 */

import { pause } from '../../docker/deadline.ts';
import { dockerodeEngine } from '../../docker/dockerode-engine.ts';
import type { EngineRoute } from '../../docker/route.ts';
import { type EngineWatcher, type WatchOptions, watchEngine } from '../../docker/watcher.ts';
import { AGENT_LINK_PATH, dialLink, NO_LINK_STATUSES } from '../../link/dial.ts';
import type { Link } from '../../link/link.ts';
import { checkPin } from '../../link/pin.ts';
import { keepLinked, type LinkAttemptEnd, type Redial } from '../../link/redial.ts';
import type { Container } from '../../protocol/container.ts';
import type { Environment } from '../../protocol/environment.ts';
import { Fault } from '../../protocol/fault.ts';
import type { EnvironmentRecord, LinkBinding } from '../store/store.ts';
import { parseAgentAddress } from './environment-address.ts';
import { linkRoute, reasonOf } from './link-route.ts';
import { LinkedWatcher } from './linked-watcher.ts';
import type { Links } from './links.ts';
import type { LinkedAgent } from './switchboard.ts';

const DIAL_TIMEOUT_MS = 10_000;
/** For how long somebody who asked for a dial waits for its end. */
const ATTEMPT_PATIENCE_MS = 5_000;
const NEVER = new AbortController().signal;

type Hooks = Pick<WatchOptions, 'environment' | 'onChanges' | 'onSeen'>;

export interface DirectWatchOptions extends Hooks {
  readonly record: EnvironmentRecord;
  readonly links: Links;
  /** Portainer's signed HTTPS to the same agent; ends with the watcher's own route. */
  readonly legacy: EngineRoute;
  /** The certificate that the agent showed at first contact, if there was one. */
  readonly pin: string | undefined;
  readonly now: () => number;
}

/** An EngineWatcher, and the route that goes the same way as it does. */
export class DirectWatcher implements EngineWatcher {
  readonly route: EngineRoute;
  readonly #options: DirectWatchOptions;
  readonly #greeted = new WeakMap<Link, LinkedAgent>();
  #linked: LinkedWatcher;
  #redial: Redial;
  #legacy: EngineWatcher | undefined;
  readonly #attempts = new Set<() => void>();
  #isStopped = false;
  /** Changes of mode go one after the other. */
  #turn: Promise<void> = Promise.resolve();

  constructor(options: DirectWatchOptions) {
    this.#options = options;
    const overLink = linkRoute({
      switchboard: options.links.switchboard,
      environmentId: options.record.id,
      whyDown: () => reasonOf(this.#linked),
      tryNow: () => this.#tryNow(),
    });
    const current = (): EngineRoute => (this.#legacy === undefined ? overLink : options.legacy);
    this.route = {
      address: options.record.url,
      pathPrefix: '',
      get agent() {
        return current().agent;
      },
      headers: () => current().headers(),
      async [Symbol.asyncDispose]() {
        await overLink[Symbol.asyncDispose]();
        await options.legacy[Symbol.asyncDispose]();
      },
    };
    this.#linked = this.#watchLink(undefined);
    this.#redial = this.#dialOn();
  }

  get environment(): Environment {
    return (this.#legacy ?? this.#linked).environment;
  }

  get containers(): ReadonlyMap<string, Container> {
    return (this.#legacy ?? this.#linked).containers;
  }

  /** Which life of the agent's process is linked; undefined when it is not reached over a link at all. */
  get life(): string | undefined {
    return this.#legacy === undefined ? this.#linked.life : undefined;
  }

  downSignal(): AbortSignal {
    return (this.#legacy ?? this.#linked).downSignal();
  }

  async check(): Promise<void> {
    const { links, record } = this.#options;
    if (this.#legacy !== undefined) await this.#legacy.check();
    else if (links.switchboard.linked(record.id) === undefined) await this.#tryNow();
    else await this.#linked.check();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopped = true;
    await this.#redial[Symbol.asyncDispose]();
    await this.#turn;
    await this.#redial[Symbol.asyncDispose]();
    await this.#linked[Symbol.asyncDispose]();
    await this.#legacy?.[Symbol.asyncDispose]();
  }

  /** Dials now, unless it is being dialled already; resolves with the attempt's end, whatever it is. */
  async #tryNow(): Promise<void> {
    if (this.#isStopped) return;
    const attempt = new Promise<void>((resolve) => this.#attempts.add(resolve));
    this.#redial.retryNow();
    await Promise.race([attempt, pause(ATTEMPT_PATIENCE_MS, NEVER)]);
  }

  #attemptEnded(): void {
    const waiting = [...this.#attempts];
    this.#attempts.clear();
    for (const resolve of waiting) resolve();
  }

  #watchLink(before: Environment | undefined): LinkedWatcher {
    const { links, record, environment, now, onChanges, onSeen } = this.#options;
    return new LinkedWatcher({
      environment,
      switchboard: links.switchboard,
      isAwaited: () => true,
      now,
      onChanges,
      onSeen,
      onGap: () => links.noteGap(record.id),
      ...(before !== undefined && { before }),
    });
  }

  #dialOn(): Redial {
    const { links, record } = this.#options;
    return keepLinked({
      dial: (signal, connectMs) => this.#dial(signal, connectMs),
      up: (link) => {
        const agent = this.#greeted.get(link);
        if (agent === undefined) return;
        links.setDirectTrust(record.id, 'link');
        links.plugIn(record.id, agent);
        this.#attemptEnded();
      },
      down: (end) => this.#dialFailed(end),
    });
  }

  async #dial(signal: AbortSignal, connectMs: number): Promise<Link> {
    const { links, record } = this.#options;
    const { host, port } = parseAgentAddress(record.url);
    const url = `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
    const wish = {
      url,
      path: AGENT_LINK_PATH,
      verify: false,
      timeoutMs: DIAL_TIMEOUT_MS,
      connectMs: Math.min(connectMs, DIAL_TIMEOUT_MS),
      ...this.#pinCheck(),
    } as const;
    const pipe = await dialLink(wish, signal).catch((thrown: unknown) => {
      throw this.#withoutLink(thrown) ?? thrown;
    });
    pipe.on('error', () => undefined);
    const { agent } = await links.reception.receive(pipe, {
      address: host,
      key: links.keys.acceptedBy(knownTo(links.book.get(record.id))),
      provesSecret: true,
      judge: (applicant) => links.enrolment.judgeDirect(record, applicant),
    });
    this.#greeted.set(agent.link, agent);
    return agent.link;
  }

  /** Until the link's own keys are known, the certificate of first contact is what the agent is recognised by. */
  #pinCheck() {
    const { links, record, pin } = this.#options;
    if (pin === undefined || links.book.get(record.id).agentFingerprint !== null) return {};
    const subject = `The agent of environment "${record.name}" (${record.url})`;
    return { checkPeer: checkPin({ pinned: pin, subject }) };
  }

  /** What an answer that offers no link means: the old way for an agent that never had one, a fault for any other. */
  #withoutLink(thrown: unknown): Fault | undefined {
    if (!(thrown instanceof Fault) || !NO_LINK_STATUSES.has(thrown.status)) return undefined;
    const { links, record } = this.#options;
    if (links.book.get(record.id).agentFingerprint === null) {
      this.#turn = this.#turn.then(() => this.#useLegacy());
      return undefined;
    }
    const sentence = `The agent at ${record.url} offers no link any more. It was linked before, so the weaker old way is not used; if it was replaced on purpose, remove the environment and add it again.`;
    return new Fault('bad-peer', sentence, { cause: thrown });
  }

  #dialFailed(end: LinkAttemptEnd): void {
    const isFailure = end.upMs === 0 && this.#legacy === undefined && !this.#isStopped;
    if (isFailure) this.#linked.setReason(end.sentence);
    this.#attemptEnded();
  }

  async #useLegacy(): Promise<void> {
    if (this.#isStopped || this.#legacy !== undefined) return;
    const { environment, legacy, links, record, now, onChanges, onSeen } = this.#options;
    links.setDirectTrust(record.id, 'legacy');
    const engine = dockerodeEngine(legacy);
    const watcher = watchEngine({ environment, engine, clock: now, onChanges, onSeen });
    this.#legacy = watcher;
    this.#attemptEnded();
    await this.#redial[Symbol.asyncDispose]();
    const retry = (): void => {
      this.#turn = this.#turn.then(() => this.#tryLinkAgain(watcher));
    };
    watcher.downSignal().addEventListener('abort', retry, { once: true });
  }

  /** An agent that was away may come back as another version. */
  async #tryLinkAgain(watcher: EngineWatcher): Promise<void> {
    if (this.#isStopped) return;
    await watcher[Symbol.asyncDispose]();
    await this.#linked[Symbol.asyncDispose]();
    this.#linked = this.#watchLink(watcher.environment);
    this.#legacy = undefined;
    this.#redial = this.#dialOn();
  }
}

/** The keys of ours that the agent is known to accept; it has no way to say so itself. */
function knownTo({ serverFingerprint }: LinkBinding): string[] {
  return serverFingerprint === null ? [] : [serverFingerprint];
}
