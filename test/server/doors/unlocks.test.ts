/** Why a person opened locked environments is in the server's log, with who it was; nobody notes what they can't see. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Closing } from '../../support/closing.ts';
import { type InProcessServer, startInProcessServer } from '../../support/in-process-server.ts';

const closing = new Closing();
let server: InProcessServer;
beforeAll(async () => {
  const settings = { engineUrl: 'unix:///nonexistent/docker.sock' };
  server = closing.use(await startInProcessServer({ settings }));
}, 60_000);
afterAll(() => closing.close());

const NOTE = { environmentIds: [1], forMs: 900_000, reason: 'INC-42' };

test('the log says who, what, for how long and why', async () => {
  expect((await server.api('POST', '/api/fleet/unlocks', NOTE)).status).toBe(204);
  const noted = server.logged
    .map((line) => JSON.parse(line))
    .find(({ msg }) => /unlocked in a console/.test(msg));
  expect(noted).toMatchObject({ by: 'admin', environments: [1], forMs: 900_000, reason: 'INC-42' });
});

test.each([
  [{ ...NOTE, reason: '' }, 400],
  [{ ...NOTE, environmentIds: [] }, 400],
  [{ ...NOTE, forMs: 1e12 }, 400],
  [{ ...NOTE, environmentIds: [99] }, 404],
])('%j is answered with %i', async (note, status) => {
  expect((await server.api('POST', '/api/fleet/unlocks', note)).status).toBe(status);
});

test('without a sign-in nothing is noted', async () => {
  expect((await server.call('/api/fleet/unlocks', { method: 'POST' })).status).toBe(401);
});
