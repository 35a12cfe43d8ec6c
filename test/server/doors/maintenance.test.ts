/** Maintenance over REST and in the feed of a real server: begun, kept over a restart, over by itself, of a whole group, on record. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Closing } from '../../support/closing.ts';
import { type InProcessServer, startInProcessServer } from '../../support/in-process-server.ts';
import { startMadeUpEngine } from '../../support/made-up-engine.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { until } from '../../support/until.ts';

const closing = new Closing();
const WISH = { forMs: 3_600_000, why: 'kernel update' };
const PATH = '/api/fleet/environments/1/maintenance';
let start: () => Promise<InProcessServer>;
let server: InProcessServer;
beforeAll(async () => {
  const engine = closing.use(await startMadeUpEngine([{ name: 'web' }]));
  const dataFolder = join(closing.use(await temporaryFolder()).path, 'data');
  const settings = { dataFolder, engineUrl: `unix://${engine.socketPath}` };
  start = () => startInProcessServer({ settings });
  server = await start();
  closing.use({ [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() });
});
afterAll(() => closing.close());

const told = () => server.server.services.model.environment(1)?.maintenance;

test('it is told by the feed with who and why, and a restart of the server ends nothing', async () => {
  const begun = await server.api('PUT', PATH, WISH);
  expect(begun).toMatchObject({ status: 200, body: [{ environmentId: 1, by: 'admin' }] });
  const { untilMs } = begun.body[0];
  expect(untilMs).toBeGreaterThan(Date.now() + 3_500_000);
  expect(told()).toMatchObject({ by: 'admin', why: 'kernel update', untilMs });
  await server[Symbol.asyncDispose]();
  server = await start();
  expect(told()).toMatchObject({ why: 'kernel update', untilMs });
  await until(() => server.server.services.model.environment(1)?.connection === 'up');
  expect(told()).toMatchObject({ untilMs });
  expect((await server.api('DELETE', PATH)).status).toBe(204);
  expect(told()).toBeUndefined();
});

test('it is over by itself when its time is', async () => {
  await server.api('PUT', PATH, { forMs: 1_000, why: 'a moment' });
  expect(told()).toMatchObject({ why: 'a moment' });
  await until(() => told() === undefined);
});

test('of a group, all that are in it are meant; each call is on record', async () => {
  expect((await server.api('PUT', '/api/fleet/groups/1/maintenance', WISH)).body).toHaveLength(1);
  expect(told()).toMatchObject({ why: 'kernel update' });
  expect((await server.api('DELETE', '/api/fleet/groups/1/maintenance')).status).toBe(204);
  expect(told()).toBeUndefined();
  const { body } = await server.api('GET', '/api/fleet/audit');
  const paths = (body.rows as { path: string; environmentId: number | null }[]).map(
    ({ path, environmentId }) => `${environmentId} ${path}`,
  );
  expect(paths).toContain(`1 ${PATH}`);
  expect(paths).toContain('null /api/fleet/groups/1/maintenance');
});

test.each([
  [PATH, { forMs: 3_600_000 }, 400],
  [PATH, { forMs: 3_600_000, why: '   ' }, 400],
  [PATH, { forMs: 1e12, why: 'for ever' }, 400],
  [PATH, { forMs: 0, why: 'at once' }, 400],
  [PATH, { ...WISH, why: 'x'.repeat(201) }, 400],
  ['/api/fleet/environments/99/maintenance', WISH, 404],
  ['/api/fleet/groups/99/maintenance', WISH, 404],
])('PUT %s %j is refused', async (path, wish, status) => {
  expect((await server.api('PUT', path, wish)).status).toBe(status);
  expect(told()).toBeUndefined();
});
