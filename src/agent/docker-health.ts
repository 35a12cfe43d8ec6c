/**
 * Whether the engine answers, asked all the time: an engine that is away is a state of the agent, never its end.
 * Until an engine was found the search goes on; the one found stays the one until the agent ends.
 */

import type { EngineRoute } from '../docker/route.ts';
import { callRoute } from '../docker/route-call.ts';
import { asFault, Fault } from '../protocol/fault.ts';
import type { Log } from './log.ts';

export interface DockerState {
  readonly isUp: boolean;
  /** Undefined while no engine was found. */
  readonly address: string | undefined;
  /** When it came up or went away, milliseconds since 1970. */
  readonly sinceMs: number;
  /** Why it is away, as a sentence. */
  readonly reason: string | undefined;
}

export interface DockerHealth extends AsyncDisposable {
  readonly state: DockerState;
  /** The engine's route, up or not; Fault no-engine while none was found. */
  route(): EngineRoute;
  /** Asks now, or joins the question that is under way; never rejects. */
  check(): Promise<void>;
}

export interface DockerHealthOptions {
  choose(): Promise<EngineRoute>;
  readonly log: Log;
  readonly now?: () => number;
  readonly heartbeatMs?: number;
  readonly deadlineMs?: number;
  /** Time between two questions while the engine is away. */
  readonly retryMs?: number;
}

/** Asks once before it resolves; rejects only with Fault bad-settings, when DOCKER_HOST makes no sense. */
export async function openDockerHealth(options: DockerHealthOptions): Promise<DockerHealth> {
  const health = new Heartbeats(options);
  await health.start();
  return health;
}

class Heartbeats implements DockerHealth {
  readonly #options: DockerHealthOptions;
  readonly #now: () => number;
  readonly #closed = new AbortController();
  #state: DockerState;
  #route: EngineRoute | undefined;
  #timer: NodeJS.Timeout | undefined;
  #underWay: Promise<void> | undefined;
  #hasAsked = false;

  constructor(options: DockerHealthOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    const reason = 'The engine was not asked yet.';
    this.#state = { isUp: false, address: undefined, sinceMs: this.#now(), reason };
  }

  get state(): DockerState {
    return this.#state;
  }

  async start(): Promise<void> {
    try {
      await this.#find();
    } catch (error) {
      if (error instanceof Fault && error.code === 'bad-settings') throw error;
      // Not found yet: the heartbeat goes on looking.
    }
    await this.check();
  }

  route(): EngineRoute {
    if (this.#route) return this.#route;
    throw new Fault('no-engine', this.#state.reason ?? 'No Docker engine was found.');
  }

  check(): Promise<void> {
    this.#underWay ??= this.#ask().finally(() => {
      this.#underWay = undefined;
      this.#schedule();
    });
    return this.#underWay;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort();
    clearTimeout(this.#timer);
    await this.#underWay;
    await this.#route?.[Symbol.asyncDispose]();
  }

  async #find(): Promise<EngineRoute> {
    this.#route ??= await this.#options.choose();
    return this.#route;
  }

  async #ask(): Promise<void> {
    const { signal } = this.#closed;
    const deadlineMs = this.#options.deadlineMs ?? 5_000;
    try {
      const route = await this.#find();
      const { status } = await callRoute(route, { path: '/_ping', deadlineMs, signal });
      if (status === 200) this.#become(true, undefined);
      else this.#become(false, `${route.address} answers its ping with status ${status}.`);
    } catch (error) {
      if (signal.aborted) return;
      const fault = asFault(error, 'internal', 'The engine could not be asked.');
      this.#become(false, [fault.message, fault.details].filter(Boolean).join(' '));
    }
  }

  #become(isUp: boolean, reason: string | undefined): void {
    const hasChanged = !this.#hasAsked || this.#state.isUp !== isUp;
    const address = this.#route?.address;
    const sinceMs = hasChanged ? this.#now() : this.#state.sinceMs;
    this.#hasAsked = true;
    this.#state = { isUp, address, sinceMs, reason };
    if (!hasChanged) return;
    const { log } = this.#options;
    if (isUp) log.info('The Docker engine answers.', { engine: address });
    else log.warn('The Docker engine does not answer; waiting for it.', { reason });
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#closed.signal.aborted) return;
    const { heartbeatMs = 10_000, retryMs = 2_000 } = this.#options;
    const delayMs = this.#state.isUp ? heartbeatMs : Math.min(retryMs, heartbeatMs);
    this.#timer = setTimeout(() => void this.check(), delayMs);
  }
}
