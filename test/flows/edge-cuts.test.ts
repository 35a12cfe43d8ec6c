/** Cables, peers and engines that go away and come back: the environment is shown as it is, and nothing that happened is missed. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Closing } from '../support/closing.ts';
import { linkStatus } from '../support/edge-environment.ts';
import { type EdgeHost, openEdgeHost } from '../support/edge-host.ts';
import { until } from '../support/until.ts';

const closing = new Closing();
let host: EdgeHost;
beforeAll(async () => {
  host = await openEdgeHost(closing, 'cuts');
}, 120_000);
afterAll(() => closing.close());

test('a cable out for 3 s is no news, and what happened meanwhile arrives', async () => {
  host.mark();
  await host.fault('cut');
  await host.runContainer('born-in-a-cut');
  await pause(3_000 - host.sinceMarkMs);
  await host.fault('heal');
  const healedMs = host.sinceMarkMs;
  await host.sees('born-in-a-cut', 6_000);
  host.tell('cut for 3 s', `its event ${host.sinceMarkMs - healedMs} ms after the heal`);
  expect(host.story).toBe('shown up throughout');
  expect(await host.answers()).toBe(true);
});

test('a reset connection is redialled before anybody is told', async () => {
  const ends = (await linkStatus(host.server, host.id)).ends.length;
  host.mark();
  await host.fault('rst', 'root');
  await host.runContainer('born-at-a-reset');
  await host.sees('born-at-a-reset');
  host.tell('connection reset', `event after ${host.sinceMarkMs} ms`);
  const status = await linkStatus(host.server, host.id);
  expect(status.ends.length).toBeGreaterThan(ends);
  expect(status.state).toBe('up');
  expect(await host.answers()).toBe(true);
});

test('a server that is killed and started again has its agent back, and what happened meanwhile', async () => {
  host.mark();
  host.server.kill('SIGKILL');
  await host.server.exit;
  await host.runContainer('born-without-a-server');
  const downMs = host.sinceMarkMs;
  await host.startServer();
  const startedMs = host.sinceMarkMs;
  await host.sees('born-without-a-server', 40_000);
  await until(() => host.answers());
  host.tell(
    'server killed',
    `away ${downMs} ms, listening after ${startedMs} ms, event after ${host.sinceMarkMs} ms`,
  );
  expect(host.seen.connection?.kind).toBe('live');
}, 60_000);

test('an agent that is killed is shown down with a reason, and up when it is back', async () => {
  host.mark();
  await host.agent.stop('SIGKILL');
  const { reason } = await host.shown('down');
  expect(reason).toMatch(/\.$/);
  await host.runContainer('born-without-an-agent');
  await host.startAgent();
  await host.shown('up');
  await host.sees('born-without-an-agent');
  host.tell('agent killed', `reason: ${reason}`);
  expect(await host.answers()).toBe(true);
});

test('an engine that is restarted is shown down by its agent, and up again', async () => {
  host.mark();
  await host.engine.stop();
  const { reason } = await host.shown('down');
  expect(host.agent.log().match(/"Linked\./g)).toHaveLength(1);
  await host.engine.start();
  await host.shown('up');
  await host.runContainer('born-after-the-restart');
  await host.sees('born-after-the-restart');
  host.tell('engine restarted', `reason: ${reason}`);
  // Its containers stopped with it.
  await host.seen.sees(() => host.seen.container('steady')?.state === 'exited');
});
