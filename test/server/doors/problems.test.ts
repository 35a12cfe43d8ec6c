/** Problems over REST and in the feed of a real server: seen, acknowledged by name, kept over a restart, narrowed by account. */
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type FeedMessage, feedMessageSchema } from '../../../src/protocol/feed.ts';
import { FEED_PATH } from '../../../src/protocol/feed-pace.ts';
import type { Problem } from '../../../src/protocol/problem.ts';
import { Closing } from '../../support/closing.ts';
import { startEngine, type TestEngine } from '../../support/engine.ts';
import { type InProcessServer, startInProcessServer } from '../../support/in-process-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { until } from '../../support/until.ts';

const closing = new Closing();
let engine: TestEngine;
let dataFolder: string;
let server: InProcessServer;
const start = () =>
  startInProcessServer({ settings: { dataFolder, engineUrl: `unix://${engine.socketPath}` } });
beforeAll(async () => {
  engine = closing.use(await startEngine({ version: 'new', name: 'prob' }));
  dataFolder = join(closing.use(await temporaryFolder()).path, 'data');
  server = await start();
  closing.use({ [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() });
  const check = ['--health-cmd', 'false', '--health-interval', '1s', '--health-retries', '1'];
  await engine.docker('run', '-d', '--name', 'ill', ...check, 'busybox', 'sleep', '9999');
});
afterAll(() => closing.close());

async function problem(name = 'ill'): Promise<Problem | undefined> {
  const { body } = await server.api('GET', '/api/fleet/problems');
  return (body as Problem[]).find((one) => one.name === name);
}

test('an unhealthy container is a problem; who acknowledged it is known after a restart', async () => {
  await until(async () => (await problem())?.kind === 'unhealthy', 60_000);
  const { id, sinceMs } = (await problem()) as Problem;
  const judged = await server.api('POST', `/api/fleet/problems/${id}/acknowledge`);
  expect(judged).toMatchObject({ status: 200, body: { acknowledged: { by: 'admin' } } });
  const muted = await server.api('POST', `/api/fleet/problems/${id}/mute`, {
    ...{ forMs: 600_000, note: 'deploy' },
  });
  expect(muted.body.muted).toEqual({ by: 'admin', note: 'deploy' });
  expect(muted.body.mutedUntilMs).toBeGreaterThan(Date.now() + 500_000);
  await server[Symbol.asyncDispose]();
  server = await start();
  expect(await problem()).toMatchObject({ sinceMs, acknowledged: { by: 'admin' } });
  await until(() => server.server.services.model.environment(1)?.connection === 'up');
  expect(await problem()).toMatchObject({ times: 1, endedAtMs: null });
  const unmuted = await server.api('DELETE', `/api/fleet/problems/${id}/mute`);
  expect(unmuted.body).toMatchObject({ mutedUntilMs: null, acknowledged: { by: 'admin' } });
});

test('what can not be judged is refused', async () => {
  const none = await server.api('POST', '/api/fleet/problems/1.none/acknowledge');
  expect(none.status).toBe(404);
  const { id } = (await problem()) as Problem;
  const novel = { note: 'x'.repeat(201) };
  const long = await server.api('POST', `/api/fleet/problems/${id}/acknowledge`, novel);
  expect(long.status).toBe(400);
  const noted = await server.api('POST', `/api/fleet/problems/${id}/acknowledge`, { note: 'mine' });
  expect(noted.body.acknowledged).toMatchObject({ by: 'admin', note: 'mine' });
  const ages = await server.api('POST', `/api/fleet/problems/${id}/mute`, { forMs: 1e12 });
  expect(ages.status).toBe(400);
  expect((await server.call('/api/fleet/problems')).status).toBe(401);
});

async function listen(token: string) {
  const url = `${server.url.replace('https:', 'wss:')}${FEED_PATH}`;
  const headers = { Authorization: `Bearer ${token}` };
  const socket = new WebSocket(url, { headers, rejectUnauthorized: false });
  closing.use({ [Symbol.asyncDispose]: async () => socket.terminate() });
  const messages: FeedMessage[] = [];
  socket.on('message', (data) => messages.push(feedMessageSchema.parse(JSON.parse(String(data)))));
  await once(socket, 'open');
  return messages;
}

test('an account hears of problems in the environments it may see; judging needs a role that may restart', async () => {
  const password = 'twelve letters and more';
  const eve = await server.api('POST', '/api/users', {
    Username: 'eve',
    Password: password,
    Role: 2,
  });
  const token = await server.signIn('eve', password);
  const blind = await listen(token);
  await until(() => blind.length > 0);
  expect(blind[0]).toMatchObject({ environments: [], containers: [], problems: [] });
  const policies = { UserAccessPolicies: { [eve.body.Id]: { RoleId: 4 } } };
  await server.api('PUT', '/api/endpoints/1', policies);
  const messages = await listen(token);
  await until(() => messages.length > 0);
  expect(messages[0]).toMatchObject({
    environments: [{ id: 1 }],
    problems: [{ name: 'ill', acknowledged: { by: 'admin' } }],
  });
  const { id } = (await problem()) as Problem;
  const headers = { Authorization: `Bearer ${token}` };
  const path = `/api/fleet/problems/${id}/acknowledge`;
  expect((await server.call(path, { method: 'DELETE', headers })).status).toBe(403);
  await engine.docker('rm', '-f', 'ill');
  await until(() =>
    messages.some(
      (one) => one.kind === 'changes' && one.changes.some(({ kind }) => kind === 'problem-gone'),
    ),
  );
  const numbers = messages.filter(({ kind }) => kind === 'changes').map(({ sequence }) => sequence);
  expect(
    numbers.every((number, index) => index === 0 || number === (numbers[index - 1] ?? 0) + 1),
  ).toBe(true);
});
