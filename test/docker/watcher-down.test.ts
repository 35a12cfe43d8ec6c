/** An engine that goes away, hangs or holds back its events: a state with a reason, and the truth again afterwards. */
import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { passThrough } from '../../src/docker/pass-through.ts';
import { socketRoute } from '../../src/docker/socket-route.ts';
import { rig, startEngine } from '../support/engine.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { watchSocket } from '../support/watched-engine.ts';

const connectionOf = (watched: ReturnType<typeof watchSocket>) =>
  watched.watcher.environment.connection;

test('an engine that stops is down at once with a sentence, and up with the full list again', async () => {
  await using engine = await startEngine({ version: 'new', name: 'stop' });
  await engine.docker('create', '--name', 'kept', 'busybox', 'true');
  await using watched = watchSocket(engine.socketPath);
  await watched.until(() => connectionOf(watched) === 'up');
  const down = watched.watcher.downSignal();

  await engine.stop();
  await watched.until(() => connectionOf(watched) === 'down');
  expect(down.aborted).toBe(true);
  expect(watched.watcher.downSignal().aborted).toBe(false);
  expect(watched.watcher.environment.reason).toMatch(/docker\.sock: .+\.$/);
  expect(watched.container('kept')?.state).toBe('created');
  const downSinceMs = watched.watcher.environment.sinceMs;

  await engine.start();
  await watched.until(() => connectionOf(watched) === 'up');
  expect(watched.watcher.environment.reason).toBe(null);
  expect(watched.watcher.environment.sinceMs).toBeGreaterThanOrEqual(downSinceMs);
  expect(watched.told.at(-1)?.map((change) => change.kind)).toEqual(['environment', 'containers']);
  await engine.docker('create', '--name', 'later', 'busybox', 'true');
  await watched.until(() => watched.container('later') !== undefined);
});

test('an engine that is killed and one that hangs are both noticed', async () => {
  await using engine = await startEngine({ version: 'old', name: 'hang' });
  await using watched = watchSocket(engine.socketPath, { heartbeatMs: 200, redialToMs: 1_000 });
  await watched.until(() => connectionOf(watched) === 'up');
  await rig('host', 'freeze', engine.name);
  await watched.until(() => connectionOf(watched) === 'down');
  expect(watched.watcher.environment.reason).toContain('no answer within 5 seconds');
  await rig('host', 'thaw', engine.name);
  await watched.until(() => connectionOf(watched) === 'up');
  await engine.kill();
  await watched.until(() => connectionOf(watched) === 'down');
});

test('an engine that is not there yet: connecting, down, and a check dials at once', async () => {
  await using folder = await temporaryFolder();
  await using watched = watchSocket(`${folder.path}/docker.sock`, {
    redialFromMs: 600_000,
    redialToMs: 600_000,
  });
  expect(connectionOf(watched)).toBe('connecting');
  await watched.until(() => connectionOf(watched) === 'down');
  expect(watched.watcher.environment.reason).toContain('no such socket');
  await using engine = await startEngine({ version: 'new', name: 'late' });
  await using route = socketRoute(engine.socketPath);
  const server = createServer((request, response) => {
    const onError = () => void response.destroy();
    void passThrough(request, response, { route, path: request.url ?? '/', onError });
  });
  await new Promise<void>((resolve) => server.listen(`${folder.path}/docker.sock`, resolve));
  await watched.watcher.check();
  expect(connectionOf(watched)).toBe('up');
  server.closeAllConnections();
  server.close();
});

test('a broken event stream of a living engine is subscribed again without going down', async () => {
  await using engine = await startEngine({ version: 'new', name: 'cut' });
  await using front = await frontOnSocket(engine.socketPath);
  await using watched = watchSocket(front.path);
  await watched.until(() => connectionOf(watched) === 'up');
  front.cutEvents();
  await watched.until(() => watched.told.length === 2);
  await engine.docker('create', '--name', 'after', 'busybox', 'true');
  await watched.until(() => watched.container('after') !== undefined);
  const connections = watched.told.flat().filter((change) => change.kind === 'environment');
  expect(connections.map((change) => change.environment.connection)).toEqual(['up', 'up']);
});

test('when the head of the event stream is held back, heartbeats list', async () => {
  await using engine = await startEngine({ version: 'new', name: 'held' });
  await using front = await frontOnSocket(engine.socketPath);
  front.holdEvents();
  await using watched = watchSocket(front.path, { heartbeatMs: 200 });
  await watched.until(() => connectionOf(watched) === 'up');
  await engine.docker('create', '--name', 'polled', 'busybox', 'true');
  await watched.until(() => watched.container('polled') !== undefined);
  await engine.docker('rm', 'polled');
  await watched.until(() => watched.container('polled') === undefined);
});

test('disposing ends it without another word', async () => {
  await using engine = await startEngine({ version: 'new', name: 'end' });
  const watched = watchSocket(engine.socketPath);
  await watched.until(() => connectionOf(watched) === 'up');
  await watched[Symbol.asyncDispose]();
  const told = watched.told.length;
  await engine.docker('create', '--name', 'unseen', 'busybox', 'true');
  await watched.watcher.check();
  expect(watched.told.length).toBe(told);
});

/** A socket in front of an engine's whose event streams can be cut, or swallowed from the beginning. */
async function frontOnSocket(enginePath: string) {
  const folder = await temporaryFolder();
  const route = socketRoute(enginePath);
  const path = `${folder.path}/docker.sock`;
  const streams = new Set<() => void>();
  let isHeld = false;
  const server = createServer((request, response) => {
    const isEvents = request.url?.startsWith('/events') === true;
    if (isEvents) streams.add(() => response.destroy());
    if (isEvents && isHeld) return;
    const onError = () => void response.destroy();
    void passThrough(request, response, { route, path: request.url ?? '/', onError });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    path,
    cutEvents() {
      for (const cut of streams) cut();
    },
    holdEvents() {
      isHeld = true;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await route[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}
