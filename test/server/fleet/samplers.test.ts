/** The server measures: what its REST answers say, what the feed tells, and how little it asks, on a real engine. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serverFleet } from '../../../src/client/server-fleet.ts';
import { loadOf } from '../../../src/server/fleet/load-of.ts';
import { Closing } from '../../support/closing.ts';
import { startEngine, type TestEngine } from '../../support/engine.ts';
import { FleetRecorder } from '../../support/fleet-recorder.ts';
import {
  ADMIN_PASSWORD,
  type InProcessServer,
  startInProcessServer,
} from '../../support/in-process-server.ts';
import { environment } from '../../support/sample-fleet.ts';
import { until } from '../../support/until.ts';

const { signal } = new AbortController();
const closing = new Closing();
let engine: TestEngine;
let server: InProcessServer;
let busy: string;
beforeAll(async () => {
  engine = closing.use(await startEngine({ version: 'new', name: 'load' }));
  busy = await engine.docker(
    'run',
    '-d',
    '--name',
    'busy',
    'busybox',
    'sh',
    '-c',
    'while :; do :; done',
  );
  await engine.docker('create', '--name', 'off', 'busybox', 'true');
  const settings = { engineUrl: `unix://${engine.socketPath}`, statsIntervalMs: 1_000 };
  server = closing.use(await startInProcessServer({ settings }));
});
afterAll(() => closing.close());

let keys = 0;
async function open() {
  const body = { description: `k${++keys}`, password: ADMIN_PASSWORD };
  const made = await server.api('POST', '/api/users/1/tokens', body);
  const credential = { token: made.body.rawAPIKey, username: 'admin' };
  const fingerprint = server.server.fingerprint;
  return serverFleet({ url: server.url, credential, fingerprint });
}

test('the feed brings the load of the environment, and a late reader gets what was', async () => {
  await using fleet = await open();
  const feed = new FleetRecorder(fleet);
  const loads = await feed.sees(({ live }) => {
    const known = live.loads.get(1) ?? [];
    return known.length >= 3 ? known : undefined;
  });
  expect(loads.at(-1)?.cpuPercent).toBeGreaterThan(2);
  expect(loads.at(-1)?.cpuPercent).toBeLessThanOrEqual(110);
  expect(loads.at(-1)?.memoryTotalBytes).toBeGreaterThan(1e9);
  await using later = await open();
  const late = new FleetRecorder(later);
  await late.sees(({ live }) => (live.loads.get(1)?.length ?? 0) >= 3);
});

test('a console is told the samples of the containers it asks for, of all, and their history', async () => {
  await using fleet = await open();
  const feed = new FleetRecorder(fleet);
  await feed.sees(({ live }) => live.loads.size > 0);
  const stats = (await fleet.stats?.(1, [busy], signal)) ?? [];
  expect(stats).toHaveLength(1);
  expect(stats[0]?.cpuCores).toBeGreaterThan(0.02);
  expect(await fleet.stats?.(1, undefined, signal)).toHaveLength(1);
  expect(await fleet.figures?.(signal)).toMatchObject([
    { environmentId: 1, figures: [{ id: busy }] },
  ]);
  const points = (await fleet.statsHistory?.(1, busy, signal)) ?? [];
  expect(points.length).toBeGreaterThanOrEqual(2);
  expect(points.at(-1)?.cpuCores).toBeGreaterThan(0.02);
  expect(points.map(({ atMs }) => atMs)).toEqual(points.map(({ atMs }) => atMs).toSorted());
});

test('only who has signed in is answered, and rubbish is refused', async () => {
  expect((await server.call('/api/fleet/stats')).status).toBe(401);
  expect((await server.call('/api/fleet/environments/1/stats')).status).toBe(401);
  expect((await server.api('GET', '/api/fleet/environments/77/stats')).status).toBe(404);
  expect((await server.api('GET', '/api/fleet/environments/1/stats?ids=../x')).status).toBe(400);
  const many = Array.from({ length: 201 }, () => busy).join(',');
  expect([400, 431]).toContain(
    (await server.api('GET', `/api/fleet/environments/1/stats?ids=${many}`)).status,
  );
  expect((await server.api('POST', '/api/fleet/stats', {})).status).toBe(405);
  const unknown = await server.api('GET', '/api/fleet/environments/1/stats/nobody/history');
  expect(unknown).toMatchObject({ status: 200, body: [] });
});

test('an account sees the figures of the environments that it may see, and no others', async () => {
  const body = { Username: 'reader', Password: 'another twelve characters', Role: 2 };
  await server.api('POST', '/api/users', body);
  const token = await server.signIn('reader', body.Password);
  const headers = { Authorization: `Bearer ${token}` };
  expect((await server.call('/api/fleet/stats', { headers })).body).toEqual([]);
  expect((await server.call('/api/fleet/environments/1/stats', { headers })).status).toBe(403);
});

test('a date that is put back an hour does not stop the measuring', async () => {
  let setByMs = 0;
  await using dated = await startInProcessServer({
    settings: { engineUrl: `unix://${engine.socketPath}`, statsIntervalMs: 1_000 },
    now: () => Date.now() + setByMs,
  });
  const pointsOf = () => dated.server.services.samplers.history(1, busy).length;
  await until(() => pointsOf() >= 2);
  setByMs = -3_600_000;
  const before = pointsOf();
  await until(() => pointsOf() >= before + 2);
});

test('a stopped container has no figures any more', async () => {
  await using fleet = await open();
  const feed = new FleetRecorder(fleet);
  await feed.sees(({ live }) => live.loads.size > 0);
  await engine.docker('kill', 'busy');
  await until(async () => (await fleet.stats?.(1, undefined, signal))?.length === 0);
});

test('a load is a share of the whole host, and nothing is made up', () => {
  const up = environment(1, 'a');
  const sample = { id: 'a', cpuCores: 1, cpus: 4, memoryBytes: 100 } as never;
  const unknown = { id: 'b', cpuCores: null, cpus: 4, memoryBytes: 50 } as never;
  const cpus = up.engine?.cpus ?? 0;
  expect(cpus).toBeGreaterThan(0);
  const load = loadOf({ environment: up, samples: [sample, unknown], nowMs: 7 });
  expect(load).toMatchObject({ atMs: 7, cpuPercent: 100 / cpus, memoryBytes: 150 });
  expect(loadOf({ environment: up, samples: [], nowMs: 7 })).toMatchObject({ cpuPercent: 0 });
  expect(loadOf({ environment: up, samples: [unknown], nowMs: 7 })).toBeUndefined();
  const down = { ...up, connection: 'down' as const };
  expect(loadOf({ environment: down, samples: [sample], nowMs: 7 })).toBeUndefined();
  expect(loadOf({ environment: undefined, samples: [sample], nowMs: 7 })).toBeUndefined();
});
