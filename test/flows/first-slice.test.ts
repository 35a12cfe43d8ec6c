/** Two hosts, a server, an agent and a console in a terminal: see both, restart one by key, read what it printed since. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Closing } from '../support/closing.ts';
import { serveTwoHosts, type TwoHosts } from '../support/served-fleet.ts';
import type { TestTerminal } from '../support/terminal.ts';

const closing = new Closing();
let hosts: TwoHosts;

beforeAll(async () => {
  hosts = await serveTwoHosts(closing);
}, 120_000);
afterAll(() => closing.close());

/** Restarts the selected container by key and returns how long after the engine's start the row told it, in ms. */
async function restartByKey(console: TestTerminal, startedAt: () => Promise<string>) {
  const before = await startedAt();
  console.press('ctrl-r');
  await console.sees('Restart far-host/distant-web?');
  await vi.waitFor(async () => {
    // Keys in a dialog's first 300 ms count as typed ahead.
    console.press('y');
    await console.seesNo('Restart far-host/distant-web?', { timeoutMs: 100 });
  }, 5_000);
  // It is held for 5 s, so that it can be called back; CPU and memory stand between state and uptime.
  await console.sees(/distant-web +running .* 0s /, { timeoutMs: 30_000 });
  const shownMs = Date.now();
  const after = await startedAt();
  expect(after).not.toBe(before);
  return shownMs - Date.parse(after);
}

test('one list holds both hosts; a key restarts one, and its log goes on on the screen', async () => {
  const speaker = ['sh', '-c', 'echo "run $(cat /proc/sys/kernel/random/uuid)"; sleep 10000'];
  const { near, far } = hosts;
  await near.docker('run', '-d', '--name', 'nearby-web', 'busybox', 'sleep', '10000');
  await far.docker('run', '-d', '--init', '--name', 'distant-web', 'busybox', ...speaker);
  const startedAt = () => far.docker('inspect', '--format', '{{.State.StartedAt}}', 'distant-web');

  await using console = await hosts.console({ cols: 100, rows: 30 });
  await console.sees('nearby-web');
  await console.sees('distant-web');
  await console.sees('far-host');

  console.type('/distant');
  console.press('enter');
  await console.sees('1 of 2');
  await console.sees(/distant-web +running .* [2-9]s /);
  const delaysMs: number[] = [];
  for (let run = 0; run < 3; run++) {
    delaysMs.push(await restartByKey(console, startedAt));
    await console.sees(/distant-web +running .* [2-9]s /);
  }
  const medianMs = delaysMs.sort((a, b) => a - b)[1] ?? Number.POSITIVE_INFINITY;
  process.stdout.write(`the row told a start after ${delaysMs.join(', ')} ms\n`);
  expect(medianMs).toBeLessThan(1000);

  const lines = (await far.docker('logs', 'distant-web')).split('\n');
  expect(lines).toHaveLength(4);
  console.press('l');
  await console.sees(lines[3] ?? '');
  console.press('esc');
  await console.sees('1 of 2');
  console.type(':q');
  console.press('enter');
  expect((await console.exit).code).toBe(0);
});
