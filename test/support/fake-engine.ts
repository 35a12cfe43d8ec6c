/** A pretended Docker engine: just enough of its API for the server, containers that remember how often they were restarted. */
import type { IncomingMessage, ServerResponse } from 'node:http';

const CREATED_S = 1_700_000_000;

export interface FakeEngine {
  /** How often each container was restarted, by id. */
  readonly restarts: ReadonlyMap<string, number>;
  /** The container ids, as /containers/json lists them. */
  readonly ids: readonly string[];
  /** Answers a request as an engine would. `hold` delays changes until it resolves. */
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** While set, changes wait for it before they take effect. */
  hold: Promise<void> | undefined;
}

/** An engine with `count` running containers. */
export function fakeEngine(name: string, count = 2): FakeEngine {
  const ids = Array.from({ length: count }, (_, index) =>
    `${name}${index}`
      .split('')
      .reduce((hex, char) => hex + char.charCodeAt(0).toString(16), '')
      .padEnd(64, '0'),
  );
  const restarts = new Map(ids.map((id) => [id, 0]));
  const list = ids.map((id, index) => ({
    Id: id,
    Names: [`/${name}-${index}`],
    Image: 'busybox',
    ImageID: 'sha256:1',
    Command: 'sleep 1000',
    Created: CREATED_S,
    Ports: [],
    Labels: {},
    State: 'running',
    Status: 'Up 3 minutes',
    HostConfig: { NetworkMode: 'default' },
    NetworkSettings: { Networks: {} },
    Mounts: [],
  }));
  const info = {
    ID: name,
    Name: name,
    NCPU: 2,
    MemTotal: 1 << 30,
    ServerVersion: '27.0.0',
    Swarm: {},
  };
  const version = {
    Version: '27.0.0',
    ApiVersion: '1.46',
    Os: 'linux',
    Arch: 'amd64',
    Components: [],
  };
  const reads: Readonly<Record<string, unknown>> = {
    '/info': info,
    '/version': version,
    '/containers/json': list,
    '/volumes': { Volumes: [] },
    '/images/json': [],
  };
  const engine: FakeEngine = {
    restarts,
    ids,
    hold: undefined,
    async answer(request, response) {
      const path = (request.url ?? '').split('?', 1)[0]?.replace(/^\/v\d+\.\d+/, '') ?? '';
      if (path === '/_ping') {
        response.setHeader('Api-Version', '1.46');
        response.end('OK');
        return;
      }
      const [, id] = /^\/containers\/([0-9a-f]+)\/restart$/.exec(path) ?? [];
      if (request.method === 'POST' && id !== undefined) {
        await engine.hold;
        if (!restarts.has(id)) {
          json(response, 404, { message: `No such container: ${id}` });
          return;
        }
        restarts.set(id, (restarts.get(id) ?? 0) + 1);
        response.writeHead(204).end();
        return;
      }
      const known = reads[path];
      if (known === undefined) json(response, 404, { message: 'page not found' });
      else json(response, 200, known);
    },
  };
  return engine;
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}
