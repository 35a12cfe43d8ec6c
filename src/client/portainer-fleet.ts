/**
 * The fleet of a genuine Portainer, which has no feed: its list of environments asked for every 30 s, and a watcher of our
 * own for each of them over its Docker proxy. Terminals go through its WebSockets.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type EngineWatcher, type WatchOptions, watchEngine } from '../docker/watcher.ts';
import { asFault, Fault } from '../protocol/fault.ts';
import { BEAT_INTERVAL_MS } from '../protocol/feed-pace.ts';
import { backoffMs } from './backoff.ts';
import type { Fleet, FleetListener } from './fleet.ts';
import { portainerTerminals } from './portainer-terminal.ts';
import { parseServerAddress, type ServerAddress } from './server-address.ts';
import { dialServer } from './server-dial.ts';
import { ServerEngines, type ServerFleetOptions } from './server-engines.ts';
import { credentialHeaders } from './sign-in.ts';
import { WatchedFeed } from './watched-feed.ts';

export interface PortainerFleetOptions extends ServerFleetOptions {
  /** From one look at the list of environments to the next; 30 s unless said. */
  readonly listIntervalMs?: number;
}

const LIST_INTERVAL_MS = 30_000;
const FINAL_CODES = new Set(['unauthorized', 'forbidden', 'wrong-certificate']);

/** The fleet that the credential may see; Fault bad-settings for an address that makes no sense. */
export function portainerFleet(options: PortainerFleetOptions): Fleet {
  return new PortainerFleet(options);
}

type Listed = WatchOptions['environment'];

interface Watched {
  readonly listed: Listed;
  readonly watcher: EngineWatcher;
}

class PortainerFleet implements Fleet {
  readonly title: string;
  readonly #options: PortainerFleetOptions;
  readonly #address: ServerAddress;
  readonly #engines: ServerEngines;
  readonly #watched = new Map<number, Watched>();
  readonly #stop = new AbortController();
  #feed: WatchedFeed | undefined;
  #running: Promise<void> | undefined;

  constructor(options: PortainerFleetOptions) {
    const address = parseServerAddress(options.url);
    const { username } = options.credential;
    this.title = `${address.url}${username ? ` as ${username}` : ''} (Portainer)`;
    this.#options = options;
    this.#address = address;
    const door = { address, pin: options.fingerprint, headers: () => this.#headers() };
    this.#engines = new ServerEngines(address, options, (id) => portainerTerminals(door, id));
  }

  watch(listener: FleetListener): void {
    this.#feed = new WatchedFeed({
      watchers: () => this.#watchers(),
      send: (message) => listener.feed(message),
      beatIntervalMs: BEAT_INTERVAL_MS,
    });
    this.#running = this.#keepListing(listener, this.#feed);
  }

  resync(): void {
    this.#feed?.restart();
    for (const watcher of this.#watchers()) {
      // An engine that is down is dialled now, not when its pause is over.
      if (watcher.environment.connection === 'down') void watcher.check();
    }
  }

  engine(environmentId: number) {
    return this.#known(environmentId).engine;
  }

  route(environmentId: number) {
    return this.#known(environmentId).route;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
    this.#feed?.[Symbol.dispose]();
    const watchers = [...this.#watchers()];
    this.#watched.clear();
    await Promise.all(watchers.map((watcher) => watcher[Symbol.asyncDispose]()));
    await this.#engines.close();
  }

  #known(environmentId: number) {
    if (this.#watched.has(environmentId)) return this.#engines.open(environmentId);
    throw new Fault('not-found', `${this.#address.where} has no environment ${environmentId}.`);
  }

  *#watchers(): Generator<EngineWatcher> {
    for (const { watcher } of this.#watched.values()) yield watcher;
  }

  #headers(): Readonly<Record<string, string>> {
    return credentialHeaders(this.#options.credential);
  }

  async #keepListing(listener: FleetListener, feed: WatchedFeed): Promise<void> {
    const { signal } = this.#stop;
    let isLive = false;
    for (let attempt = 1; !signal.aborted; ) {
      if (!isLive) listener.connection({ kind: 'connecting', attempt });
      let delayMs = this.#options.listIntervalMs ?? LIST_INTERVAL_MS;
      try {
        if (!isLive && (await this.#establishTrust())) await this.#follow([], feed);
        await this.#follow(await this.#list(), feed);
        if (!isLive) {
          feed.restart();
          listener.connection({ kind: 'live' });
        }
        isLive = true;
        attempt = 1;
      } catch (thrown) {
        if (signal.aborted) return;
        const fault = asFault(thrown, 'internal', 'Listing the environments failed.');
        if (FINAL_CODES.has(fault.code)) {
          listener.connection({ kind: 'refused', reason: fault.message });
          return;
        }
        isLive = false;
        delayMs = backoffMs(attempt);
        attempt += 1;
        const retryAtMs = Date.now() + delayMs;
        listener.connection({ kind: 'lost', reason: fault.message, retryAtMs });
      }
      await sleep(delayMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** The routes under the watchers trust what this connection was trusted by; true when they were closed for it. */
  async #establishTrust(): Promise<boolean> {
    const pin = this.#options.fingerprint;
    const { socket, trustedBy } = await dialServer(this.#address, {
      signal: this.#stop.signal,
      pin,
    });
    socket.destroy();
    return await this.#engines.trust(trustedBy);
  }

  async #list(): Promise<readonly Listed[]> {
    // Loaded when asked for: zod is slow to load.
    const { listEndpoints } = await import('./portainer-endpoints.ts');
    const { fingerprint } = this.#options;
    const reach = { address: this.#address, pin: fingerprint, signal: this.#stop.signal };
    return await listEndpoints({ reach, headers: this.#headers() });
  }

  /** Environments come and go; one that was renamed or moved is another one. */
  async #follow(listed: readonly Listed[], feed: WatchedFeed): Promise<void> {
    const wanted = new Map(listed.map((environment) => [environment.id, environment]));
    for (const [id, known] of [...this.#watched]) {
      if (isSame(known.listed, wanted.get(id))) continue;
      this.#watched.delete(id);
      await known.watcher[Symbol.asyncDispose]();
      await this.#engines.forget(id);
      feed.forget(id);
    }
    for (const environment of wanted.values()) {
      if (!this.#watched.has(environment.id)) this.#watch(environment, feed);
    }
  }

  #watch(listed: Listed, feed: WatchedFeed): void {
    const watcher = watchEngine({
      environment: listed,
      engine: this.#engines.open(listed.id).engine,
      onChanges: (changes) => feed.change(changes),
      onSeen: (atMs) => feed.seen(listed.id, atMs),
    });
    this.#watched.set(listed.id, { listed, watcher });
    feed.change([{ kind: 'environment', environment: watcher.environment }]);
  }
}

function isSame(one: Listed, other: Listed | undefined): boolean {
  if (other === undefined) return false;
  const { name, kind, address } = other;
  return one.name === name && one.kind === kind && one.address === address;
}
