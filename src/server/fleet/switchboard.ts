/**
 * Who is linked right now. A link is plugged in after its greeting and stays until it ends; a newer one of the same agent takes
 * its place. Calls that come while an agent is just redialling wait a moment for it.
 */
import type { Link } from '../../link/link.ts';
import { Fault } from '../../protocol/fault.ts';

/** A greeted link. */
export interface LinkedAgent {
  readonly link: Link;
  /** The peer's IP address. */
  readonly address: string;
  readonly product: string;
  /** Of the key it came with. */
  readonly fingerprint: string;
  /** Of the key of ours that it accepted. */
  readonly serverFingerprint: string;
  readonly sinceMs: number;
  /** Agent's clock less ours. */
  readonly clockOffsetMs: number;
  /** What it was told: how often its feed beats while nothing happens. */
  readonly beatIntervalMs: number;
}

export interface LinkGone {
  readonly atMs: number;
  readonly upMs: number;
  readonly sentence: string;
}

export interface LinkListener {
  /** Called at once when there is a link already. */
  up(agent: LinkedAgent): void;
  down(gone: LinkGone): void;
}

export interface Wait {
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
}

interface Plug {
  readonly agent: LinkedAgent;
  /** Why this side ends it. */
  reason?: string;
}

/** All links of a server by environment. */
export class Switchboard implements AsyncDisposable {
  readonly #plugs = new Map<number, Plug>();
  readonly #listeners = new Map<number, Set<LinkListener>>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  linked(environmentId: number): LinkedAgent | undefined {
    return this.#plugs.get(environmentId)?.agent;
  }

  get size(): number {
    return this.#plugs.size;
  }

  /** Plugs a greeted link in; one that is there already ends. */
  connect(environmentId: number, agent: LinkedAgent): void {
    this.disconnect(environmentId, 'The agent opened a newer link.');
    const plug: Plug = { agent };
    this.#plugs.set(environmentId, plug);
    for (const listener of this.#listenersOf(environmentId)) listener.up(agent);
    void agent.link.ended.then(({ sentence }) => {
      this.#unplug(environmentId, plug, plug.reason ?? sentence);
    });
  }

  /** Ends the link of an environment, if there is one. */
  disconnect(environmentId: number, reason: string): void {
    const plug = this.#plugs.get(environmentId);
    if (plug === undefined) return;
    plug.reason = reason;
    void plug.agent.link[Symbol.asyncDispose]();
    this.#unplug(environmentId, plug, reason);
  }

  /** Hears of every link of an environment until disposed of. */
  listen(environmentId: number, listener: LinkListener): Disposable {
    const listeners = this.#listenersOf(environmentId);
    this.#listeners.set(environmentId, listeners.add(listener));
    const agent = this.linked(environmentId);
    if (agent !== undefined) listener.up(agent);
    return {
      [Symbol.dispose]: () => {
        listeners.delete(listener);
        if (listeners.size === 0) this.#listeners.delete(environmentId);
      },
    };
  }

  /** The link, as soon as there is one; Fault environment-down at the deadline, cancelled when the signal fires. */
  async whenLinked(environmentId: number, wait: Wait): Promise<LinkedAgent> {
    const present = this.linked(environmentId);
    if (present !== undefined) return present;
    return await new Promise((resolve, reject) => {
      const finish = (settle: () => void): void => {
        clearTimeout(timer);
        wait.signal?.removeEventListener('abort', cancel);
        listening[Symbol.dispose]();
        settle();
      };
      const cancel = (): void =>
        finish(() => reject(new Fault('cancelled', 'The call was cancelled.')));
      const timer = setTimeout(() => finish(() => reject(notLinked())), wait.deadlineMs);
      const listening = this.listen(environmentId, {
        up: (agent) => finish(() => resolve(agent)),
        down: () => undefined,
      });
      wait.signal?.addEventListener('abort', cancel, { once: true });
      if (wait.signal?.aborted) cancel();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = [...this.#plugs.values()].map(({ agent }) => agent.link.ended);
    for (const id of [...this.#plugs.keys()]) this.disconnect(id, 'The server stops.');
    await Promise.all(ended);
  }

  #unplug(environmentId: number, plug: Plug, sentence: string): void {
    if (this.#plugs.get(environmentId) !== plug) return;
    this.#plugs.delete(environmentId);
    const atMs = this.#now();
    const gone = { atMs, upMs: Math.max(0, atMs - plug.agent.sinceMs), sentence };
    for (const listener of this.#listenersOf(environmentId)) listener.down(gone);
  }

  #listenersOf(environmentId: number): Set<LinkListener> {
    return this.#listeners.get(environmentId) ?? new Set();
  }
}

/** The fault of a call that was never sent, since there is no link. */
export function notLinked(reason?: string): Fault {
  const sentence = 'The agent is not linked to this server right now.';
  return new Fault('environment-down', reason ? `${sentence} ${reason}` : sentence);
}
