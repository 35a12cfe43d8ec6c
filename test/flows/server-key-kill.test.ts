/** kill -9 of the server or the agent at any point of a change of the server's key: both find each other again by themselves. */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, expect, test, vi } from 'vitest';
import type { TestAgent } from '../support/agent.ts';
import { Closing } from '../support/closing.ts';
import {
  invite,
  linkStatus,
  startEdge,
  startReachableServer,
} from '../support/edge-environment.ts';
import { seededRandom } from '../support/seeded-random.ts';
import type { TestServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ROUNDS = 12;
/** A change takes about this long when nothing comes in between. */
const SPAN_MS = 400;
const PATIENCE_MS = 60_000;

const closing = new Closing();
afterAll(() => closing.close());

const keyOf = async (server: TestServer) => (await server.api('GET', '/api/fleet/link-key')).body;

test(`${ROUNDS} changes, each broken off at another moment`, async () => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 100_000);
  console.log(`SEED=${seed}`);
  const random = seededRandom(seed);
  const { path } = closing.use(await temporaryFolder());
  const folder = join(path, 'server');
  let server = await startReachableServer(folder);
  closing.defer(() => server[Symbol.asyncDispose]());
  const invitation = await invite(server, 'killed', server.url);
  const start = () =>
    startEdge(invitation, {
      socketPath: join(path, 'no-engine.sock'),
      dataFolder: join(path, 'agent'),
    });
  let agent: TestAgent = await start();
  closing.defer(() => agent[Symbol.asyncDispose]());
  const settled = () =>
    vi.waitFor(
      async () => {
        const { peerAddress, serverFingerprint } = await linkStatus(server, invitation.Id);
        const { fingerprint, previousFingerprint } = await keyOf(server);
        expect([peerAddress === null, previousFingerprint]).toEqual([false, null]);
        expect(serverFingerprint).toBe(fingerprint);
      },
      { timeout: PATIENCE_MS, interval: 100 },
    );
  await settled();
  const seen = new Set<string>();
  for (let round = 0; round < ROUNDS; round += 1) {
    void server.api('POST', '/api/fleet/link-key/rotate').catch(() => undefined);
    await pause(random(SPAN_MS));
    if (round % 2 === 0) {
      const { port } = server;
      server.kill('SIGKILL');
      await server.exit;
      server = await startReachableServer(folder, port);
    } else {
      await agent.stop('SIGKILL');
      agent = await start();
    }
    await settled();
    seen.add((await keyOf(server)).fingerprint);
  }
  console.log(`${seen.size} different keys in ${ROUNDS} rounds`);
  expect(seen.size).toBeGreaterThan(ROUNDS / 2);
}, 400_000);
