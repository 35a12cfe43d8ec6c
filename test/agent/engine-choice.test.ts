import { expect, test } from 'vitest';
import { chooseEngine } from '../../src/agent/engine-choice.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('DOCKER_HOST is taken as it is, whether it answers or not', async () => {
  await using socket = await chooseEngine({ DOCKER_HOST: 'unix:///nowhere/docker.sock' });
  expect(socket.address).toBe('unix:///nowhere/docker.sock');
  await using network = await chooseEngine({ DOCKER_HOST: 'tcp://192.0.2.1' });
  expect(network.address).toBe('tcp://192.0.2.1:2375');
});

test('a wrong DOCKER_HOST or a folder without certificates is said at once', async () => {
  await using folder = await temporaryFolder();
  await expect(chooseEngine({ DOCKER_HOST: 'npipe:////./pipe/x' })).rejects.toMatchObject({
    code: 'bad-settings',
  });
  const env = { DOCKER_HOST: 'tcp://192.0.2.1:2376', DOCKER_CERT_PATH: folder.path };
  await expect(chooseEngine(env)).rejects.toThrow(/ca\.pem can't be read; DOCKER_CERT_PATH names/);
});
