/** A host with dockerd but neither an engine that runs nor a service manager: npm start starts one in a private folder. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { rig } from '../support/engine.ts';
import { startHome } from '../support/start-home.ts';

const run = promisify(execFile);

async function hostWithoutEngine() {
  const name = `${process.env.FLEET_TEST_RUN ?? 't'}${randomBytes(2).toString('hex')}-bare`;
  await rig('host', 'up', name, '--no-engine');
  return { name, [Symbol.asyncDispose]: async () => void (await rig('engine', 'down', name)) };
}

test('an engine is started, used, left running and found again', async () => {
  await using host = await hostWithoutEngine();
  await using home = await startHome(undefined);
  const env = { ...home.env, PATH: `/opt/rig/old/bin:${process.env.PATH}` };
  const start = async () => {
    const args = ['exec', host.name, 'bash', '-c', 'node scripts/start.mjs | cat'];
    return await run('test/rig/host', args, { env, timeout: 100_000 });
  };
  const first = await start();
  expect(first.stderr).toMatch(/No Docker engine answers/);
  expect(first.stderr).toMatch(/Starting dockerd directly, with its state in .*fleet-tui\/engine/);
  expect((await home.running()).join('\n')).toMatch(/dockerd/);

  const second = await start();
  expect(second.stderr).not.toMatch(/Starting dockerd/);
  expect((await home.running()).filter((line) => line.includes('fleet-server'))).toEqual([]);

  const third = await run(
    'test/rig/host',
    ['exec', host.name, 'bash', '-c', 'node scripts/start.mjs --no-engine | cat'],
    { env: { ...env, XDG_DATA_HOME: `${home.folder}/other` }, timeout: 100_000 },
  );
  expect(third.stderr).not.toMatch(/Starting dockerd/);
});
