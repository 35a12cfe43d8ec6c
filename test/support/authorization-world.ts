/**
 * Everybody that docs/authorization.md speaks of, on one server: an engine that is two environments, over its socket and over a
 * real edge agent, with one object of every kind that belongs to nobody.
 */
import { Agent } from 'node:https';
import { startAgent } from './agent.ts';
import type { Letter } from './authorization-page.ts';
import type { Closing } from './closing.ts';
import { startEngine, type TestEngine } from './engine.ts';
import { type HttpsAnswer, type HttpsCall, httpsCall } from './https-call.ts';
import { ADMIN_PASSWORD, type InProcessServer, startInProcessServer } from './in-process-server.ts';
import { patientCall } from './patient-call.ts';
import { until } from './until.ts';

export const PASSWORD = 'a long enough password';
const ROLE_IDS = { E: 1, O: 5, H: 2, S: 3, R: 4 } as const;

export interface Person {
  readonly id: number;
  readonly password: string;
  readonly key: string;
  readonly session: string;
}

export interface World {
  readonly server: InProcessServer;
  readonly people: ReadonlyMap<Letter, Person>;
  /** Ids of the two environments. */
  readonly local: number;
  readonly edge: number;
  /** By kind, of objects that are there and belong to nobody. */
  readonly objects: Readonly<Record<string, string>>;
  /** Gives everybody's role in this environment, and none in the other. */
  moveTo(environmentId: number): Promise<void>;
  /** A call as somebody; with `session` not by API key. */
  call(letter: Letter, path: string, call: HttpsCall & { session?: boolean }): Promise<HttpsAnswer>;
}

async function makeObjects(engine: TestEngine): Promise<Record<string, string>> {
  await engine.docker('swarm', 'init', '--advertise-addr', '127.0.0.1');
  // In use, so that nobody's pruning takes it away.
  const network = await engine.docker('network', 'create', 'net');
  const run = ['run', '-d', '--name', 'box', '--network', 'net', '-v', 'vol:/vol', 'busybox'];
  const container = await engine.docker(...run, 'sleep', '9999');
  await engine.docker('run', '--name', 'broken', 'busybox', 'false').catch(() => undefined);
  const secret = await engine.docker('secret', 'create', 'secret', '/etc/hostname');
  const config = await engine.docker('config', 'create', 'config', '/etc/hostname');
  const service = ['service', 'create', '-q', '--detach', '--name', 'svc', 'busybox'];
  await engine.docker(...service, 'sleep', '9999');
  let task = '';
  await until(
    async () => (task = await engine.docker('service', 'ps', '-q', '--no-trunc', 'svc')),
    60_000,
  );
  return {
    containers: container,
    volumes: 'vol',
    networks: network,
    secrets: secret,
    configs: config,
    services: 'svc',
    tasks: task,
  };
}

async function newPerson(server: InProcessServer, letter: Letter): Promise<Person> {
  const isAdministrator = letter === 'A';
  const name = isAdministrator ? 'admin' : `person-${letter}`;
  const password = isAdministrator ? ADMIN_PASSWORD : PASSWORD;
  const user = { Username: name, Password: password, Role: 2 };
  const id = isAdministrator ? 1 : (await server.api('POST', '/api/users', user)).body.Id;
  const session = await server.signIn(name, password);
  const body = { password, description: 'matrix' };
  const call = { method: 'POST', headers: { Authorization: `Bearer ${session}` }, body };
  const made = await patientCall(server.url, `/api/users/${id}/tokens`, call);
  return { id, password, key: made.body.rawAPIKey, session };
}

/** Starts all of it; `closing` ends it. */
export async function startWorld(closing: Closing): Promise<World> {
  const engine = closing.use(await startEngine({ version: 'new', name: 'who' }));
  const objects = await makeObjects(engine);
  const settings = { engineUrl: `unix://${engine.socketPath}` };
  const server = closing.use(await startInProcessServer({ settings }));
  const wish = { Name: 'edge', EndpointCreationType: 4, URL: server.url };
  const { body: edge } = await server.api('POST', '/api/endpoints', wish);
  const env = { EDGE: '1', EDGE_ID: edge.EdgeID, EDGE_KEY: edge.EdgeKey, EDGE_INSECURE_POLL: '1' };
  closing.use(await startAgent({ socketPath: engine.socketPath, env }));
  const people = new Map<Letter, Person>();
  for (const letter of ['A', 'E', 'O', 'H', 'S', 'R', 'N'] as const)
    people.set(letter, await newPerson(server, letter));
  const { model } = server.server.services;
  for (const id of [1, edge.Id])
    await until(() => model.environment(id)?.connection === 'up', 30_000);
  const { body: exec } = await server.api('POST', '/api/endpoints/1/docker/containers/box/exec', {
    Cmd: ['true'],
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 8, rejectUnauthorized: false });
  closing.defer(() => agent.destroy());
  const policies = Object.fromEntries(
    Object.entries(ROLE_IDS).map(([letter, RoleId]) => [
      people.get(letter as Letter)?.id,
      { RoleId },
    ]),
  );
  return {
    server,
    people,
    local: 1,
    edge: edge.Id,
    objects: { ...objects, exec: exec.Id },
    async moveTo(environmentId) {
      for (const id of [1, edge.Id]) {
        const UserAccessPolicies = id === environmentId ? policies : {};
        await server.api('PUT', `/api/endpoints/${id}`, { UserAccessPolicies });
      }
    },
    call(letter, path, { session, ...call }) {
      const person = people.get(letter);
      const credential = session
        ? { Authorization: `Bearer ${person?.session}` }
        : { 'X-API-Key': person?.key ?? '' };
      const headers = { ...call.headers, ...(person && credential) };
      return httpsCall(server.url, path, { agent, deadlineMs: 30_000, ...call, headers });
    },
  };
}
