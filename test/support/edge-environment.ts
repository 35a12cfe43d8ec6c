/** Edge environments with the real programs: invited on a server, dialled from a built agent, watched as a console does. */
import { parseServerAddress } from '../../src/client/server-address.ts';
import { serverFleet } from '../../src/client/server-fleet.ts';
import { signIn } from '../../src/client/sign-in.ts';
import type { Environment } from '../../src/protocol/environment.ts';
import type { LinkStatus } from '../../src/protocol/link-api.ts';
import { type AgentOptions, startAgent, type TestAgent } from './agent.ts';
import type { Closing } from './closing.ts';
import { rig } from './engine.ts';
import { FleetRecorder } from './fleet-recorder.ts';
import { startServer, type TestServer } from './server.ts';

/** What the server answers once, when an edge environment is made. */
export interface Invitation {
  readonly Id: number;
  readonly EdgeKey: string;
  readonly EdgeID: string;
}

/** A server that the rig's hosts can reach; `port` for one that comes back, with the data folder of before. */
export function startReachableServer(
  dataFolder: string,
  port = 0,
  env: Readonly<Record<string, string>> = {},
): Promise<TestServer> {
  return startServer({ dataFolder, env, args: ['--bind-https', `0.0.0.0:${port}`] });
}

/** Makes an edge environment whose agent will dial `url`: by default the server from a host of the rig. */
export async function invite(server: TestServer, name: string, url?: string): Promise<Invitation> {
  const target = url ?? `https://${await rig('host', 'addr', 'root')}:${server.port}`;
  const wish = { Name: name, EndpointCreationType: 4, URL: target };
  const { status, body, text } = await server.api('POST', '/api/endpoints', wish);
  if (status !== 200) throw new Error(`no edge environment: ${status} ${text}`);
  return body;
}

/** An agent in edge mode; it dials, linked or not. */
export function startEdge(
  { EdgeKey, EdgeID }: Pick<Invitation, 'EdgeKey' | 'EdgeID'>,
  options: AgentOptions,
): Promise<TestAgent> {
  const env = { EDGE: '1', EDGE_KEY: EdgeKey, EDGE_ID: EdgeID, EDGE_INSECURE_POLL: '1' };
  return startAgent({ ...options, env: { ...env, ...options.env } });
}

export async function linkStatus(server: TestServer, id: number): Promise<LinkStatus> {
  return (await server.api('GET', `/api/fleet/environments/${id}/link`)).body;
}

/** A console without a screen on the server; it outlives restarts of the server on the same port. */
export async function watchFleet(server: TestServer, closing: Closing): Promise<FleetRecorder> {
  const { url, fingerprint, adminPassword: password } = server;
  const signal = AbortSignal.timeout(30_000);
  const reach = { address: parseServerAddress(url), pin: fingerprint, signal };
  const credential = await signIn(reach, { username: 'admin', password });
  return new FleetRecorder(closing.use(serverFleet({ url, credential, fingerprint })));
}

/** Waits until the feed shows the environment so; resolves with it. */
export function shown(
  seen: FleetRecorder,
  id: number,
  connection: Environment['connection'],
  timeoutMs = 30_000,
): Promise<Environment> {
  const is = (one: Environment) => one.id === id && one.connection === connection;
  return seen.sees(() => seen.environments.find(is), timeoutMs);
}
