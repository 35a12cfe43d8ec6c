/** What an edge agent has loaded while it rests stays small: docs/benchmarks.md says what each of these would cost. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { Closing } from '../support/closing.ts';
import { startEdge } from '../support/edge-environment.ts';
import { openEdgeHost } from '../support/edge-host.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const closing = new Closing();
afterAll(() => closing.close(), 60_000);

const TELL_LOADED = fileURLToPath(new URL('../support/programs/tell-loaded.cjs', import.meta.url));
/** The loader of ES modules, and what comes with one look at `performance`. */
const TOO_DEAR =
  /^(internal\/modules\/esm\/(translators|load)|perf_hooks|worker_threads|inspector)$/;
/** ICU's time zones are 800 KiB and more; what else a look at the clock brings in is a few pages. */
const TIME_ZONES_KIB = 400;

test('an edge agent that rests is without the loader of ES modules, perf_hooks and time zones', async () => {
  const host = await openEdgeHost(closing, 'rest');
  const file = join(closing.use(await temporaryFolder()).path, 'loaded.json');
  await host.agent.stop();
  const env = { NODE_OPTIONS: `--require ${TELL_LOADED}`, LOADED_FILE: file };
  const { engine: on, agent, invitation } = host;
  host.agent = await startEdge(invitation, { on, dataFolder: agent.dataFolder, env });
  await host.agent.says('Linked.');
  await host.shown('up');
  await host.runContainer('second');
  await host.sees('second');
  process.kill(host.agent.pid, 'SIGUSR2');
  await until(() => existsSync(file));
  const { modules, timeZonesKiB } = JSON.parse(readFileSync(file, 'utf8'));
  // It was linked and watched its engine.
  expect(modules).toEqual(expect.arrayContaining(['http2', 'tls', 'http']));
  expect(modules.filter((name: string) => TOO_DEAR.test(name))).toEqual([]);
  expect(timeZonesKiB).toBeGreaterThan(TIME_ZONES_KIB);
}, 60_000);
