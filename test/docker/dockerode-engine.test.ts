/** The engine we call ourselves: what it does on a real one, and what a hostile peer cannot make it do. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { dockerodeEngine } from '../../src/docker/dockerode-engine.ts';
import type { Engine } from '../../src/docker/engine.ts';
import { networkRoute } from '../../src/docker/network-route.ts';
import { socketRoute } from '../../src/docker/socket-route.ts';
import { startEngine } from '../support/engine.ts';

const { signal } = new AbortController();

interface Peer extends AsyncDisposable {
  readonly engine: Engine;
}

async function peer(answer: RequestListener): Promise<Peer> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const address = `tcp://127.0.0.1:${port}`;
  const headers = () => ({ 'X-API-Key': 'k' });
  const pathPrefix = '/api/endpoints/3/docker';
  const route = networkRoute({ address, host: '127.0.0.1', port, pathPrefix, headers });
  return {
    engine: dockerodeEngine(route),
    async [Symbol.asyncDispose]() {
      await route[Symbol.asyncDispose]();
      server.closeAllConnections();
      server.close();
    },
  };
}

test('acts on containers, and does not mind what is already so', async () => {
  await using real = await startEngine({ version: 'old', name: 'act' });
  await using route = socketRoute(real.socketPath);
  const engine = dockerodeEngine(route);
  await engine.ping(signal);
  const id = await real.docker('create', '--name', 'web', 'busybox', 'sleep', '600');
  const status = async () => (await engine.inspect(id, signal)).State.Status;
  await engine.act(id, 'start', {}, signal);
  await engine.act(id, 'start', {}, signal);
  expect(await status()).toBe('running');
  await engine.act(id, 'pause', {}, signal);
  expect(await status()).toBe('paused');
  await engine.act(id, 'unpause', {}, signal);
  const refused = engine.act(id, 'remove', {}, signal);
  await expect(refused).rejects.toMatchObject({ code: 'conflict' });
  await expect(refused).rejects.toThrow(/could not remove container .*running container/);
  await engine.act(id, 'kill', {}, signal);
  await engine.act(id, 'remove', {}, signal);
  await expect(engine.inspect(id, signal)).rejects.toMatchObject({ code: 'not-found' });
  expect(await engine.list(undefined, signal)).toEqual([]);
});

test('DOCKER_* variables of the process change nothing', async () => {
  process.env.DOCKER_HOST = 'nonsense://x';
  process.env.DOCKER_CERT_PATH = '/nonexistent';
  try {
    await using other = await peer((_, response) => response.end('OK'));
    await other.engine.ping(signal);
  } finally {
    delete process.env.DOCKER_HOST;
    delete process.env.DOCKER_CERT_PATH;
  }
});

test('every call carries the prefix and the headers of its route', async () => {
  const seen: string[] = [];
  await using other = await peer((request, response) => {
    seen.push(`${request.method} ${request.url} ${request.headers['x-api-key']}`);
    response.end('[]');
  });
  await other.engine.list(['ab'], signal);
  await other.engine.act('c1', 'stop', {}, signal);
  expect(seen.map((line) => decodeURIComponent(line))).toEqual([
    'GET /api/endpoints/3/docker/containers/json?all=true&filters={"id":["ab"]} k',
    'POST /api/endpoints/3/docker/containers/c1/stop k',
  ]);
});

test('a redirect is not followed', async () => {
  let elsewhere = 0;
  await using other = await peer((request, response) => {
    if (request.url === '/elsewhere') elsewhere += 1;
    response.writeHead(302, { Location: '/elsewhere' }).end();
  });
  await expect(other.engine.list(undefined, signal)).rejects.toMatchObject({
    code: 'engine-refused',
  });
  expect(elsewhere).toBe(0);
});

test('an answer that breaks off is unreachable, at once', async () => {
  await using other = await peer((_, response) => {
    response.writeHead(200, { 'Content-Length': '100' });
    response.write('[', () => response.destroy());
  });
  await expect(other.engine.list(undefined, signal)).rejects.toMatchObject({ code: 'unreachable' });
});

test('garbage and other services are told apart from an engine', async () => {
  await using page = await peer((_, response) => response.end('<html>'));
  await expect(page.engine.ping(signal)).rejects.toMatchObject({ code: 'bad-peer' });
  await expect(page.engine.facts(signal)).rejects.toMatchObject({ code: 'bad-peer' });
  await expect(page.engine.list(undefined, signal)).rejects.toMatchObject({ code: 'bad-peer' });
  await using noise = await peer((request) => request.socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
  await expect(noise.engine.ping(signal)).rejects.toMatchObject({ code: 'bad-peer' });
});

test('a refused signature says so, whatever stands before it', async () => {
  await using agent = await peer((_, response) => {
    const message = { message: 'Invalid request signature', details: 'Unauthorized' };
    response.writeHead(403, { 'Content-Type': 'application/json' }).end(JSON.stringify(message));
  });
  await expect(agent.engine.ping(signal)).rejects.toMatchObject({ code: 'signature-refused' });
});

test('an answer without end is given up, and a call can be cancelled', async () => {
  await using endless = await peer((_, response) => {
    const chunk = Buffer.alloc(1 << 20, ' ');
    const more = () => {
      while (response.write(chunk));
      response.once('drain', more);
    };
    more();
  });
  await expect(endless.engine.list(undefined, signal)).rejects.toThrow('64 MiB');
  await using silent = await peer(() => undefined);
  const stop = new AbortController();
  const call = silent.engine.list(undefined, stop.signal);
  stop.abort();
  await expect(call).rejects.toMatchObject({ code: 'cancelled' });
});
