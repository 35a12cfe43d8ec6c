/** Agents behind real proxies: CONNECT with and without credentials, and a reverse proxy that ends TLS and idle connections. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { TestAgent } from '../support/agent.ts';
import { Closing } from '../support/closing.ts';
import {
  invite,
  linkStatus,
  startEdge,
  startReachableServer,
} from '../support/edge-environment.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { startNginx, startTinyproxy } from '../support/proxies.ts';
import type { TestServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Above the link's ping of 15 s as nginx's own 60 s are, and short enough to pass twice. */
const NGINX_TIMEOUT_S = 18;

const closing = new Closing();
let engine: TestEngine;
let server: TestServer;
beforeAll(async () => {
  const folder = closing.use(await temporaryFolder()).path;
  engine = closing.use(await startEngine({ version: 'old', name: 'prox' }));
  server = closing.use(await startReachableServer(join(folder, 'server')));
});
afterAll(() => closing.close());

/** An agent of a new environment that dials `url` with the proxy settings given. */
async function dial(name: string, url: string, env: Record<string, string>) {
  const invitation = await invite(server, name, url);
  const agent: TestAgent = await startEdge(invitation, { socketPath: engine.socketPath, env });
  return { id: invitation.Id, agent };
}

async function listsContainers(id: number): Promise<void> {
  const path = `/api/endpoints/${id}/docker/containers/json`;
  await vi.waitFor(async () => {
    expect((await server.api('GET', path)).status).toBe(200);
    expect((await linkStatus(server, id)).state).toBe('up');
  }, 15_000);
}

describe.concurrent('an agent links', () => {
  test('through a proxy that asks for nothing', async () => {
    await using proxy = await startTinyproxy();
    const env = { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` };
    const { id, agent } = await dial('open-proxy', server.url, env);
    await using _ = agent;
    await listsContainers(id);
    expect(await proxy.log()).toContain(`CONNECT 127.0.0.1:${server.port}`);
  });

  test('through a proxy that asks for a password, and says so when it is wrong', async () => {
    await using proxy = await startTinyproxy('porter sesame');
    const wrong = { HTTPS_PROXY: `http://porter:wrong@127.0.0.1:${proxy.port}` };
    const right = { HTTPS_PROXY: `http://porter:sesame@127.0.0.1:${proxy.port}` };
    {
      await using turned = (await dial('wrong-password', server.url, wrong)).agent;
      const words = `The proxy 127.0.0.1:${proxy.port} wants other credentials (401)`;
      await turned.says(words);
      expect(turned.log()).not.toContain('porter:wrong');
    }
    const { id, agent } = await dial('password', server.url, right);
    await using _ = agent;
    await listsContainers(id);
  });

  test('through nginx, whose patience with idle connections it outlives', async () => {
    const options = { upstreamPort: server.port, timeoutS: NGINX_TIMEOUT_S };
    await using nginx = await startNginx(options);
    const { id, agent } = await dial('behind-nginx', `https://127.0.0.1:${nginx.port}`, {});
    await using _ = agent;
    await listsContainers(id);
    const { sinceMs } = await linkStatus(server, id);
    const untilMs = sinceMs + 2.2 * NGINX_TIMEOUT_S * 1_000;
    await vi.waitUntil(() => Date.now() > untilMs, { timeout: 60_000, interval: 500 });
    expect(await linkStatus(server, id)).toMatchObject({ state: 'up', sinceMs, ends: [] });
    await listsContainers(id);
  }, 90_000);

  test('and says what the matter is when nginx is up and the server is not', async () => {
    await using nginx = await startNginx({ upstreamPort: 9, timeoutS: NGINX_TIMEOUT_S });
    const { agent } = await dial('dead-behind-nginx', `https://127.0.0.1:${nginx.port}`, {});
    await using _ = agent;
    await agent.says('answers 502: a proxy is up, the server behind it is not');
  });
});
