/** The built fleet-agent beside a real engine, as edge agent and as one that we dial: everything works as on an engine next door. */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { Duplex } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Secret } from '../../../src/protocol/secret.ts';
import { startAgent } from '../../support/agent.ts';
import { Closing } from '../../support/closing.ts';
import { startEngine, type TestEngine } from '../../support/engine.ts';
import { type InProcessServer, startInProcessServer } from '../../support/in-process-server.ts';
import { until } from '../../support/until.ts';

const closing = new Closing();
let engine: TestEngine;
let server: InProcessServer;
beforeAll(async () => {
  engine = closing.use(await startEngine({ version: 'old', name: 'l2' }));
  await engine.docker('run', '-d', '--name', 'runs', 'busybox', 'sleep', '1000');
  server = closing.use(await startInProcessServer());
}, 60_000);
afterAll(() => closing.close());

async function edge(name: string) {
  const wish = { Name: name, EndpointCreationType: 4, URL: server.url };
  const { body } = await server.api('POST', '/api/endpoints', wish);
  const env = { EDGE: '1', EDGE_ID: body.EdgeID, EDGE_KEY: body.EdgeKey, EDGE_INSECURE_POLL: '1' };
  const agent = await startAgent({ socketPath: engine.socketPath, env });
  return { id: body.Id as number, agent };
}

async function direct(name: string, env: Record<string, string> = {}) {
  const agent = await startAgent({ socketPath: engine.socketPath, env });
  const wish = { Name: name, EndpointCreationType: 2, URL: `tcp://127.0.0.1:${agent.port}` };
  const { body, status } = await server.api('POST', '/api/endpoints', { ...wish, TLS: true });
  expect([status, body.details]).toEqual([200, undefined]);
  return { id: body.Id as number, agent };
}

const isUp = (id: number) => server.server.services.model.environment(id)?.connection === 'up';
const status = async (id: number) =>
  (await server.api('GET', `/api/fleet/environments/${id}/link`)).body;

describe.each([
  ['an edge agent', edge],
  ['an agent that we dial', direct],
])('%s', (what, start) => {
  let id: number;
  const own = new Closing();
  beforeAll(async () => {
    const started = await start(what);
    own.use(started.agent);
    id = started.id;
    await until(() => isUp(id));
    await until(async () => (await status(id)).trust === 'link');
  }, 60_000);
  afterAll(() => own.close());

  const docker = (method: string, path: string, body?: unknown) =>
    server.api(method, `/api/endpoints/${id}/docker${path}`, body);

  test('is linked, lists its containers live and restarts one', async () => {
    expect(await status(id)).toMatchObject({ state: 'up', isEdge: what.includes('edge') });
    expect((await docker('GET', '/containers/json')).body[0].Names).toEqual(['/runs']);
    const { model } = server.server.services;
    const runs = () => [...model.containersOf(id)].find(({ name }) => name === 'runs');
    const before = runs()?.startedAtMs ?? 0;
    const answer = await docker('POST', '/containers/runs/restart?t=0');
    expect(answer.status).toBe(204);
    await until(() => (runs()?.startedAtMs ?? 0) > before);
  });

  test('exec is hijacked both ways and keeps its half-close', async () => {
    const exec = await docker('POST', '/containers/runs/exec', {
      AttachStdin: true,
      AttachStdout: true,
      Cmd: ['wc', '-c'],
    });
    expect(exec.status).toBe(201);
    const output = await hijack(`/exec/${exec.body.Id}/start`, 'x'.repeat(300_000));
    expect(output).toContain('300000\n');
  });

  async function hijack(path: string, input: string): Promise<string> {
    const { hostname, port } = new URL(server.url);
    const body = JSON.stringify({ Detach: false, Tty: false });
    const outgoing = secureRequest({
      hostname,
      port,
      path: `/api/endpoints/${id}/docker${path}`,
      method: 'POST',
      rejectUnauthorized: false,
      headers: {
        Authorization: `Bearer ${await server.signIn()}`,
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(body),
        Connection: 'Upgrade',
        Upgrade: 'tcp',
      },
    });
    outgoing.end(body);
    const [response, stream] = (await once(outgoing, 'upgrade')) as [IncomingMessage, Duplex];
    expect(response.statusCode).toBe(101);
    let output = '';
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    stream.end(input);
    await once(stream, 'end');
    return output;
  }

  test('logs and big bodies pass, and the agent API answers', async () => {
    await docker('POST', '/containers/runs/exec', { Cmd: ['true'] });
    const logs = await docker('GET', '/containers/runs/logs?stdout=1&stderr=1');
    expect(logs.status).toBe(200);
    const image = await docker('GET', '/images/busybox/get');
    expect(image.status).toBe(200);
    expect(image.text.length).toBeGreaterThan(1 << 20);
    expect((await docker('GET', '/ping')).headers['portainer-agent']).toMatch(/^\d/);
  });

  test('its key is changed while it works', { timeout: 30_000 }, async () => {
    const before = (await status(id)).agentFingerprint;
    expect((await server.api('POST', `/api/fleet/environments/${id}/rotate`)).status).toBe(200);
    await until(async () => {
      const now = await status(id);
      return now.agentFingerprint !== before && now.state === 'up';
    });
    expect((await docker('GET', '/_ping')).status).toBe(200);
  });
});

test('an agent with a secret is linked by a server that has it, and refused by one that has not', async () => {
  const secret = 'a secret of both';
  await using other = await startInProcessServer({ settings: { agentSecret: new Secret(secret) } });
  await using agent = await startAgent({
    socketPath: engine.socketPath,
    env: { AGENT_SECRET: secret },
  });
  const wish = { Name: 'secret', EndpointCreationType: 2, URL: `tcp://127.0.0.1:${agent.port}` };
  const made = await other.api('POST', '/api/endpoints', { ...wish, TLS: true });
  expect(made.status).toBe(200);
  await until(async () => {
    const { body } = await other.api('GET', `/api/fleet/environments/${made.body.Id}/link`);
    return body.trust === 'link' && body.state === 'up';
  });
  expect((await server.api('POST', '/api/endpoints', { ...wish, TLS: true })).status).toBe(422);
});

test('when the server changes its key, agents that dial and agents that are dialled follow', async () => {
  const started = [await edge('follows'), await direct('followed')];
  for (const { agent } of started) closing.use(agent);
  const { links } = server.server.services;
  const shown = () =>
    started.map(({ id }) => links.switchboard.linked(id)?.serverFingerprint ?? 'none');
  const old = links.keys.current.fingerprint;
  await until(() => shown().every((key) => key === old));
  expect((await server.api('POST', '/api/fleet/link-key/rotate')).status).toBe(200);
  const { fingerprint } = links.keys.current;
  await until(() => shown().every((key) => key === fingerprint));
  expect(fingerprint).not.toBe(old);
});
