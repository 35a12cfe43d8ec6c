/**
 * A Docker engine that tests make up, on a unix socket: for containers that no real engine would have, and for one that comes
 * and goes as the test says. It remembers what was asked of it.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-folder.ts';

export interface MadeUpContainer {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly image?: string;
  /** Lines of its log, without line ends. */
  readonly log?: readonly string[];
}

export interface MadeUpEngine extends AsyncDisposable {
  readonly socketPath: string;
  /** Every request that changes something, as `POST /containers/…/restart`. */
  readonly changes: readonly string[];
  /** While set, changes wait for it before they are answered. */
  hold: Promise<void> | undefined;
  /** The engine is gone: every connection breaks, the socket refuses new ones. */
  leave(): Promise<void>;
  /** It is back. */
  comeBack(): Promise<void>;
}

const CREATED_S = 1_700_000_000;
const ID_LENGTH = 64;

const VERSION = {
  Version: '27.0.0',
  ApiVersion: '1.46',
  Os: 'linux',
  Arch: 'amd64',
  Components: [],
};
const INFO = {
  ID: 'made-up',
  Name: 'made-up',
  NCPU: 2,
  MemTotal: 1 << 30,
  ServerVersion: '27.0.0',
  OperatingSystem: 'none',
  Swarm: {},
};

const idOf = (index: number) => index.toString(16).padStart(8, '0').padEnd(ID_LENGTH, 'e');

function rowOf(container: MadeUpContainer, index: number) {
  return {
    Id: idOf(index),
    Names: [`/${container.name}`],
    Image: container.image ?? 'busybox',
    ImageID: `sha256:${'1'.repeat(ID_LENGTH)}`,
    Command: 'sleep 1000',
    Created: CREATED_S,
    Ports: [],
    Labels: container.labels ?? {},
    State: 'running',
    Status: 'Up 3 minutes',
    HostConfig: { NetworkMode: 'default' },
    NetworkSettings: { Networks: {} },
    Mounts: [],
  };
}

function detailOf(container: MadeUpContainer, index: number) {
  return {
    Id: idOf(index),
    Name: `/${container.name}`,
    Created: new Date(CREATED_S * 1000).toISOString(),
    State: { Status: 'running', Running: true, ExitCode: 0, StartedAt: new Date().toISOString() },
    Config: {
      Image: container.image ?? 'busybox',
      Env: [],
      Labels: container.labels ?? {},
      Tty: false,
    },
    HostConfig: { RestartPolicy: { Name: 'no' }, LogConfig: { Type: 'json-file' } },
    NetworkSettings: { Networks: {} },
    Mounts: [],
  };
}

/** A line as the engine frames it when asked for stamps: stdout, its length, its stamp and its bytes. */
function framed(line: string): Buffer {
  const body = Buffer.from(`${new Date().toISOString()} ${line}\n`);
  const head = Buffer.alloc(8);
  head[0] = 1;
  head.writeUInt32BE(body.length, 4);
  return Buffer.concat([head, body]);
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** An engine with these containers, all running; answers as soon as this resolves. */
export async function startMadeUpEngine(
  containers: readonly MadeUpContainer[],
): Promise<MadeUpEngine> {
  const folder = await temporaryFolder();
  const engine = new Engine(containers, join(folder.path, 'docker.sock'));
  await engine.comeBack();
  return Object.assign(engine, {
    [Symbol.asyncDispose]: async () => {
      await engine.leave();
      await folder[Symbol.asyncDispose]();
    },
  });
}

class Engine {
  readonly changes: string[] = [];
  hold: Promise<void> | undefined;
  readonly socketPath: string;
  readonly #containers: readonly MadeUpContainer[];
  readonly #open = new Set<Socket>();
  #server: Server | undefined;

  constructor(containers: readonly MadeUpContainer[], socketPath: string) {
    this.#containers = containers;
    this.socketPath = socketPath;
  }

  async comeBack(): Promise<void> {
    const server = createServer((request, response) => void this.#answer(request, response));
    server.on('connection', (socket) => {
      this.#open.add(socket);
      socket.on('close', () => this.#open.delete(socket)).on('error', () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(this.socketPath, resolve));
    this.#server = server;
  }

  async leave(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of this.#open) socket.destroy();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://engine');
    const path = url.pathname.replace(/^\/v\d+\.\d+/, '');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      this.changes.push(`${request.method} ${path}`);
      await this.hold;
      response.writeHead(204).end();
      return;
    }
    if (path === '/_ping') response.setHeader('Api-Version', '1.46').end('OK');
    else if (path === '/version') json(response, 200, VERSION);
    else if (path === '/info') json(response, 200, INFO);
    else if (path === '/volumes') json(response, 200, { Volumes: [] });
    else if (path === '/images/json' || path === '/networks') json(response, 200, []);
    else if (path === '/events') response.writeHead(200).flushHeaders();
    else if (path === '/containers/json') json(response, 200, this.#list(url.searchParams));
    else this.#answerAbout(path, url.searchParams, response);
  }

  #list(query: URLSearchParams) {
    const { id } = JSON.parse(query.get('filters') ?? '{}') as { id?: readonly string[] };
    const rows = this.#containers.map(rowOf);
    return id ? rows.filter((row) => id.includes(row.Id)) : rows;
  }

  #answerAbout(path: string, query: URLSearchParams, response: ServerResponse): void {
    const [, id, what] = /^\/containers\/([0-9a-f]+)\/(\w+)$/.exec(path) ?? [];
    const index = this.#containers.findIndex((_, at) => idOf(at) === id);
    const container = this.#containers[index];
    if (!container) json(response, 404, { message: 'page not found' });
    else if (what === 'json') json(response, 200, detailOf(container, index));
    else if (what === 'logs') {
      response.writeHead(200, { 'Content-Type': 'application/vnd.docker.multiplexed-stream' });
      for (const line of container.log ?? []) response.write(framed(line));
      if (query.get('follow') === 'true' || query.get('follow') === '1') return;
      response.end();
    } else json(response, 501, { message: 'not made up' });
  }
}
