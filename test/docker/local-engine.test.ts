/** Which engine this machine's own docker command would use, and what is said when there is none. */
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findLocalEngine } from '../../src/docker/local-engine.ts';
import { startEngine } from '../support/engine.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A folder as HOME and runtime folder, and a function that puts a pretended engine on a socket in it. */
async function home() {
  const folder = await temporaryFolder();
  const servers: { close(): void }[] = [];
  return {
    path: folder.path,
    env: { HOME: folder.path, XDG_RUNTIME_DIR: folder.path },
    async engineAt(name: string, answer = 'OK') {
      const path = join(folder.path, name);
      await mkdir(join(path, '..'), { recursive: true });
      const server = createServer((_, response) => response.end(answer));
      await new Promise<void>((resolve) => server.listen(path, resolve));
      servers.push(server);
      return `unix://${path}`;
    },
    async context(name: string, host: string, isCurrent: boolean) {
      const digest = createHash('sha256').update(name).digest('hex');
      const meta = join(folder.path, '.docker/contexts/meta', digest);
      await mkdir(meta, { recursive: true });
      const content = { Name: name, Endpoints: { docker: { Host: host } } };
      await writeFile(join(meta, 'meta.json'), JSON.stringify(content));
      const config = isCurrent ? { currentContext: name } : {};
      await writeFile(join(folder.path, '.docker/config.json'), JSON.stringify(config));
    },
    async [Symbol.asyncDispose]() {
      for (const server of servers) server.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

test('DOCKER_HOST counts alone: a real engine, a dead one, a malformed one', async () => {
  await using engine = await startEngine({ version: 'old', name: 'find' });
  const address = `unix://${engine.socketPath}`;
  expect(await findLocalEngine({ DOCKER_HOST: address })).toEqual({
    address,
    source: 'DOCKER_HOST',
  });
  const dead = await findLocalEngine({ DOCKER_HOST: 'unix:///nonexistent.sock' });
  expect(dead).toMatchObject({
    tried: [{ source: 'DOCKER_HOST', reason: expect.stringContaining('no such socket') }],
  });
  const odd = await findLocalEngine({ DOCKER_HOST: 'ssh://host' });
  expect(odd).toMatchObject({
    tried: [{ source: 'DOCKER_HOST', reason: expect.stringContaining('ssh:// is not supported') }],
  });
});

test('the current docker context, or the one that DOCKER_CONTEXT names', async () => {
  await using folder = await home();
  const address = await folder.engineAt('desktop.sock');
  await folder.context('desktop', address, true);
  const found = { address, source: 'docker context desktop' };
  expect(await findLocalEngine(folder.env)).toEqual(found);
  await folder.context('desktop', address, false);
  const named = { ...folder.env, DOCKER_CONTEXT: 'desktop' };
  expect(await findLocalEngine(named)).toEqual(found);
  const missing = await findLocalEngine({ ...folder.env, DOCKER_CONTEXT: 'nosuch' });
  expect(missing).toMatchObject({
    tried: [{ source: 'docker context nosuch', reason: expect.stringContaining('no readable') }],
  });
});

test('a rootless or Podman socket after a socket that hangs or is no engine', async () => {
  await using folder = await home();
  await folder.engineAt('docker.sock', 'a web page');
  const podman = await folder.engineAt('podman/podman.sock');
  const env = { ...folder.env, DOCKER_CONFIG: join(folder.path, 'none') };
  const found = await findLocalEngine(env);
  // A machine with a system-wide engine finds that one first.
  if ('tried' in found) expect.fail(JSON.stringify(found));
  expect([podman, 'unix:///var/run/docker.sock']).toContain(found.address);
});
