/** The engines behind a server's Docker proxy, and the routes under them. */
import { dockerodeEngine } from '../docker/dockerode-engine.ts';
import type { Engine } from '../docker/engine.ts';
import { type NetworkTls, networkRoute } from '../docker/network-route.ts';
import type { EngineRoute } from '../docker/route.ts';
import type { StreamWay } from '../docker/upgrade.ts';
import { checkPin } from '../link/pin.ts';
import type { Credential } from './context-shape.ts';
import type { ServerAddress } from './server-address.ts';
import type { TrustedBy } from './server-dial.ts';
import { credentialHeaders } from './sign-in.ts';
import { systemRoots } from './system-roots.ts';

export interface ServerFleetOptions {
  /** As parseServerAddress takes it. */
  readonly url: string;
  readonly credential: Credential;
  /** Fingerprint of a certificate that no authority vouches for, accepted by a person. */
  readonly fingerprint?: string | undefined;
}

interface Trust {
  readonly by: TrustedBy;
  readonly ca?: string;
}

/** Engines by environment, and the routes under them, which go when the way to trust the server changes. */
export class ServerEngines {
  readonly #address: ServerAddress;
  readonly #options: ServerFleetOptions;
  readonly #wayTo: ((environmentId: number) => StreamWay) | undefined;
  readonly #open = new Map<number, { engine: Engine; route: EngineRoute }>();
  #server: EngineRoute | undefined;
  #trust: Trust = { by: 'nobody' };

  /** `wayTo`: how streams of processes are had where the proxy does not pass a connection on. */
  constructor(
    address: ServerAddress,
    options: ServerFleetOptions,
    wayTo?: (environmentId: number) => StreamWay,
  ) {
    this.#address = address;
    this.#options = options;
    this.#wayTo = wayTo;
  }

  /** Only by the fingerprint that a person accepted: no authority vouches for it. */
  get isPinned(): boolean {
    return this.#trust.by === 'pin';
  }

  /** To the server's own API, over connections that are kept. */
  server(): EngineRoute {
    this.#server ??= this.#route('');
    return this.#server;
  }

  /** Whether it was another way before: then all routes are closed. */
  async trust(by: TrustedBy): Promise<boolean> {
    if (by === this.#trust.by) return false;
    const ca = by === 'system-roots' ? await systemRoots() : undefined;
    this.#trust = { by, ...(ca ? { ca } : {}) };
    await this.close();
    return true;
  }

  open(id: number): { readonly engine: Engine; readonly route: EngineRoute } {
    const known = this.#open.get(id);
    if (known) return known;
    const route = this.#route(`/api/endpoints/${id}/docker`);
    const opened = { engine: dockerodeEngine(route, this.#wayTo?.(id)), route };
    this.#open.set(id, opened);
    return opened;
  }

  /** Closes the route to one environment. */
  async forget(id: number): Promise<void> {
    const known = this.#open.get(id);
    this.#open.delete(id);
    await known?.route[Symbol.asyncDispose]();
  }

  async close(): Promise<void> {
    const routes = [...this.#open.values()].map(({ route }) => route);
    if (this.#server) routes.push(this.#server);
    this.#server = undefined;
    this.#open.clear();
    await Promise.all(routes.map((route) => route[Symbol.asyncDispose]()));
  }

  #route(path: string): EngineRoute {
    const { host, port, url, isTls, basePath } = this.#address;
    return networkRoute({
      address: url,
      host,
      port,
      ...(isTls ? { tls: this.#tls() } : {}),
      headers: () => credentialHeaders(this.#options.credential),
      pathPrefix: `${basePath}${path}`,
    });
  }

  #tls(): NetworkTls {
    const { fingerprint } = this.#options;
    const { by, ca } = this.#trust;
    if (by !== 'pin' || fingerprint === undefined) return { verify: true, ...(ca ? { ca } : {}) };
    const subject = `The server ${this.#address.where}`;
    return { verify: false, checkPeer: checkPin({ pinned: fingerprint, subject }) };
  }
}
