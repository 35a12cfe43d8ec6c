/** The engine of `npm start`: the one that a person named, or none; never another behind their back. */
import { expect, test } from 'vitest';
import { chooseEngine } from '../../src/launch/engine-choice.ts';
import { readLaunchSettings } from '../../src/launch/settings.ts';
import { startEngine } from '../support/engine.ts';

function choice(env: NodeJS.ProcessEnv) {
  const said: string[] = [];
  const settings = readLaunchSettings([], { XDG_DATA_HOME: '/nonexistent' });
  const signal = AbortSignal.timeout(30_000);
  const say = (sentence: string) => void said.push(sentence);
  return { said, engine: () => chooseEngine({ settings, env, say, signal }) };
}

test('DOCKER_HOST is taken when it answers', async () => {
  await using docker = await startEngine({ version: 'old', name: 'pick' });
  const address = `unix://${docker.socketPath}`;
  const { said, engine } = choice({ DOCKER_HOST: address });
  expect(await engine()).toEqual({ address, source: 'DOCKER_HOST' });
  expect(said).toEqual([]);
});

test('a podman service counts as an engine', async () => {
  await using podman = await startEngine({ version: 'podman', name: 'pick' });
  const address = `unix://${podman.socketPath}`;
  expect(await choice({ DOCKER_HOST: address }).engine()).toMatchObject({ address });
});

test('a DOCKER_HOST that does not answer is named, and nothing is installed instead', async () => {
  const { said, engine } = choice({ DOCKER_HOST: 'unix:///nonexistent/docker.sock' });
  expect(await engine()).toBeUndefined();
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(/DOCKER_HOST.*\/nonexistent\/docker\.sock/);
});
