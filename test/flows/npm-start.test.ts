/** `npm start | cat`: one command from a machine with an engine to its containers on paper, twice. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startEngine } from '../support/engine.ts';
import { startHome } from '../support/start-home.ts';

const run = promisify(execFile);

/** Rejects unless npm itself, not only cat, exits 0. */
async function startIntoPipe(env: NodeJS.ProcessEnv) {
  const script = 'set -o pipefail; npm start | cat';
  return await run('bash', ['-c', script], { env, timeout: 100_000 });
}

/** The key of context `local`; its port may change from start to start. */
async function apiKey(home: string): Promise<unknown> {
  const text = await readFile(join(home, 'config/fleet-tui/contexts.json'), 'utf8');
  return JSON.parse(text).contexts[0].credential.token;
}

test('npm start | cat prints the containers, exits 0, stops its server and keeps its state', async () => {
  await using engine = await startEngine({ version: 'new', name: 'start' });
  await using home = await startHome(`unix://${engine.socketPath}`);
  await engine.docker('run', '-d', '--name', 'web-1', 'rig/app:v1');
  await engine.docker('create', '--name', 'job-1', 'busybox');

  const first = await startIntoPipe(home.env);
  expect(first.stdout).toMatch(/local\s.*web-1\s.*rig\/app:v1/);
  expect(first.stdout).toContain('job-1');
  expect(await home.running()).toEqual([]);
  const saved = await apiKey(home.folder);

  const startedAt = performance.now();
  const second = await startIntoPipe(home.env);
  console.log(`second npm start: ${Math.round(performance.now() - startedAt)} ms`);
  expect(second.stdout).toContain('web-1');
  expect(await apiKey(home.folder)).toBe(saved);
  expect(await home.running()).toEqual([]);
  expect(await engine.docker('ps', '--format', '{{.Names}}')).toBe('web-1');
});

test('when the engine moved, the same environment follows it', async () => {
  await using before = await startEngine({ version: 'old', name: 'one' });
  await using after = await startEngine({ version: 'new', name: 'two' });
  await after.docker('create', '--name', 'over-here', 'busybox');
  await using home = await startHome(`unix://${before.socketPath}`);
  expect((await startIntoPipe(home.env)).stdout).not.toContain('over-here');
  const moved = { ...home.env, DOCKER_HOST: `unix://${after.socketPath}` };
  expect((await startIntoPipe(moved)).stdout).toContain('over-here');
});

test('without any engine the console still opens and says what was tried', async () => {
  await using home = await startHome('unix:///nonexistent.sock');
  const { stderr } = await startIntoPipe(home.env);
  expect(stderr).toMatch(/No Docker engine answers.*DOCKER_HOST/s);
  expect(await home.running()).toEqual([]);
});
