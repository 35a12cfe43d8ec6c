/** A server that goes away and comes back: its agents return by themselves, with what happened meanwhile, and are the same ones. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fakeContainer } from '../../support/edge-agent.ts';
import { startEdgeFleet } from '../../support/edge-fleet.ts';
import { startInProcessServer } from '../../support/in-process-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { until } from '../../support/until.ts';

test('thirty agents are back with their keys and their news', { timeout: 90_000 }, async () => {
  await using folder = await temporaryFolder();
  const dataFolder = join(folder.path, 'data');
  const first = await startInProcessServer({ settings: { dataFolder } });
  const { port } = first.server.https;
  const fleet = await startEdgeFleet(first, { count: 30 });
  const { model } = first.server.services;
  await until(() => fleet.ids.every((id) => model.environment(id)?.connection === 'up'), 30_000);
  const [id = 0] = fleet.ids;
  const link = (await first.api('GET', `/api/fleet/environments/${id}/link`)).body;
  await first[Symbol.asyncDispose]();
  const news = {
    kind: 'container' as const,
    container: fakeContainer('9'.repeat(64), 'meanwhile'),
  };
  fleet.agents[0]?.journal.tell([news]);
  const settings = { dataFolder, https: { host: '127.0.0.1', port } };
  await using second = await startInProcessServer({ settings });
  const startMs = performance.now();
  const again = second.server.services.model;
  const isUp = (of: number) => again.environment(of)?.connection === 'up';
  await until(() => fleet.ids.every(isUp), 60_000);
  console.log(`all back after ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
  expect([...again.containersOf(id)].map(({ name }) => name)).toContain('meanwhile');
  const now = (await second.api('GET', `/api/fleet/environments/${id}/link`)).body;
  expect(now.agentFingerprint).toBe(link.agentFingerprint);
  expect(now.serverFingerprint).toBe(link.serverFingerprint);
  expect(now.ends.map(({ sentence }: { sentence: string }) => sentence)).toContain(
    'The server stops.',
  );
  await fleet[Symbol.asyncDispose]();
});
