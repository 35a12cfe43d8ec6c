/** A fleet that comes all at once: everybody is in within seconds, and never more at a time than the server can bear. */
import { expect, test } from 'vitest';
import { startEdgeFleet } from '../../support/edge-fleet.ts';
import { startInProcessServer } from '../../support/in-process-server.ts';
import { until } from '../../support/until.ts';

const COUNT = 300;

test(`${COUNT} agents are linked and seen`, { timeout: 120_000 }, async () => {
  await using server = await startInProcessServer();
  const { model, links } = server.server.services;
  const startMs = performance.now();
  await using fleet = await startEdgeFleet(server, { count: COUNT });
  const dialMs = performance.now();
  const isUp = (id: number) => model.environment(id)?.connection === 'up';
  await until(() => fleet.ids.every(isUp), 60_000);
  const seconds = (performance.now() - dialMs) / 1000;
  const created = (dialMs - startMs) / 1000;
  console.log(`made in ${created.toFixed(1)} s, all up after ${seconds.toFixed(1)} s`);
  expect(links.switchboard.size).toBe(COUNT);
  expect(fleet.ids.every((id) => [...model.containersOf(id)].length === 3)).toBe(true);
  const upAtMs = server.logged
    .map((line) => JSON.parse(line) as { msg: string; time: number })
    .filter(({ msg }) => msg === 'agent linked')
    .map(({ time }) => time);
  const busiest = Math.max(
    ...upAtMs.map((from) => upAtMs.filter((at) => at >= from && at < from + 1000).length),
  );
  console.log(`at most ${busiest} links in one second`);
  expect(busiest).toBeLessThanOrEqual(100);
});
