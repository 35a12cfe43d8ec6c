/** A rig host whose agent dials a server on this machine, and everything that can be taken away from it and given back. */
import { join } from 'node:path';
import type { Environment } from '../../src/protocol/environment.ts';
import type { TestAgent } from './agent.ts';
import type { Closing } from './closing.ts';
import {
  type Invitation,
  invite,
  shown,
  startEdge,
  startReachableServer,
  watchFleet,
} from './edge-environment.ts';
import { rig, startEngine, type TestEngine } from './engine.ts';
import type { FleetRecorder } from './fleet-recorder.ts';
import type { TestServer } from './server.ts';
import { temporaryFolder } from './temporary-folder.ts';

interface EdgeHostParts {
  readonly engine: TestEngine;
  readonly invitation: Invitation;
  readonly server: TestServer;
  readonly agent: TestAgent;
  readonly seen: FleetRecorder;
  readonly folder: string;
}

export class EdgeHost {
  readonly engine: TestEngine;
  readonly invitation: Invitation;
  readonly seen: FleetRecorder;
  readonly #folder: string;
  server: TestServer;
  agent: TestAgent;
  #sinceMs = Date.now();

  constructor(parts: EdgeHostParts) {
    this.engine = parts.engine;
    this.invitation = parts.invitation;
    this.seen = parts.seen;
    this.#folder = parts.folder;
    this.server = parts.server;
    this.agent = parts.agent;
  }

  get id(): number {
    return this.invitation.Id;
  }

  /** With the data folder of before. */
  async startAgent(): Promise<void> {
    const { engine, invitation } = this;
    this.agent = await startEdge(invitation, { on: engine, dataFolder: agentFolder(this.#folder) });
  }

  /** On the port and with the data folder of before. */
  async startServer(): Promise<void> {
    this.server = await startReachableServer(join(this.#folder, 'server'), this.server.port);
  }

  async fault(...args: readonly string[]): Promise<void> {
    const [kind = '', ...rest] = args;
    await rig('netfault', kind, this.engine.name, ...rest);
  }

  /** A container that did not exist before, started on the engine itself. */
  async runContainer(name: string): Promise<void> {
    await this.engine.docker('run', '-d', '--init', '--name', name, 'busybox', 'sleep', '100000');
  }

  /** From now on `story` tells times. */
  mark(): void {
    this.#sinceMs = Date.now();
  }

  get sinceMarkMs(): number {
    return Date.now() - this.#sinceMs;
  }

  /** How the environment was shown since the mark, with times of the server: "down +2104 ms, up +5210 ms". */
  get story(): string {
    const words: string[] = [];
    let before: Environment['connection'] | undefined;
    for (const message of this.seen.messages) {
      const all =
        message.kind === 'snapshot'
          ? message.environments
          : message.kind === 'changes'
            ? message.changes.flatMap((one) =>
                one.kind === 'environment' ? [one.environment] : [],
              )
            : [];
      for (const { id, connection } of all) {
        if (id !== this.id || connection === before) continue;
        before = connection;
        if (message.atMs >= this.#sinceMs) {
          words.push(`${connection} +${message.atMs - this.#sinceMs} ms`);
        }
      }
    }
    return words.join(', ') || 'shown up throughout';
  }

  shown(connection: Environment['connection'], timeoutMs?: number): Promise<Environment> {
    return shown(this.seen, this.id, connection, timeoutMs);
  }

  /** Names of this host's containers, in the order in which the feed told of each first. */
  get toldOf(): string[] {
    const changes = this.seen.messages.flatMap((one) =>
      one.kind === 'changes' ? one.changes : [],
    );
    const names = changes.flatMap((one) =>
      one.kind === 'container' && one.container.environmentId === this.id
        ? [one.container.name]
        : [],
    );
    return [...new Set(names)];
  }

  /** Resolves when the container is shown running. */
  async sees(container: string, timeoutMs?: number): Promise<void> {
    const own = () => [...(this.seen.live.containers.get(this.id)?.values() ?? [])];
    const isRunning = () => own().find(({ name }) => name === container)?.state === 'running';
    await this.seen.sees(isRunning, timeoutMs);
  }

  /** Whether a call reaches the engine through the server and the link. */
  async answers(): Promise<boolean> {
    const path = `/api/endpoints/${this.id}/docker/_ping`;
    return (await this.server.api('GET', path)).status === 200;
  }

  /** One line of the test's output. */
  tell(what: string, more = ''): void {
    process.stdout.write(`${what}: ${this.story}${more && `; ${more}`}\n`);
  }
}

const agentFolder = (folder: string) => join(folder, 'agent');

/** All of it up and shown, with one container `steady`; on the server of another host, if that is given. */
export async function openEdgeHost(
  closing: Closing,
  name: string,
  beside?: Pick<EdgeHost, 'server' | 'seen'>,
): Promise<EdgeHost> {
  const folder = closing.use(await temporaryFolder()).path;
  const engine = closing.use(await startEngine({ version: 'new', name }));
  const server = beside?.server ?? (await startReachableServer(join(folder, 'server')));
  let host: EdgeHost | undefined;
  if (!beside) closing.defer(() => (host?.server ?? server)[Symbol.asyncDispose]());
  const invitation = await invite(server, `${name}-host`);
  const agent = await startEdge(invitation, { on: engine, dataFolder: agentFolder(folder) });
  closing.defer(() => (host?.agent ?? agent)[Symbol.asyncDispose]());
  const seen = beside?.seen ?? (await watchFleet(server, closing));
  host = new EdgeHost({ engine, invitation, server, agent, seen, folder });
  await host.runContainer('steady');
  await host.shown('up');
  await host.sees('steady');
  return host;
}
