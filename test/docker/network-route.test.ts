/** Connections over the network: who is trusted before a byte is sent, and what is said when that fails. */
import { createServer as createHttps, type Server } from 'node:https';
import { type AddressInfo, createServer as createTcp } from 'node:net';
import { expect, test } from 'vitest';
import { dockerodeEngine } from '../../src/docker/dockerode-engine.ts';
import { type NetworkTls, networkRoute } from '../../src/docker/network-route.ts';
import { hijack } from '../../src/docker/upgrade.ts';
import { selfSigned } from '../../src/link/certificate.ts';
import { checkPin, fingerprintOf } from '../../src/link/pin.ts';

const { signal } = new AbortController();
const identity = await selfSigned({
  commonName: 'peer',
  names: ['localhost'],
  addresses: ['127.0.0.1'],
});

interface Peer extends AsyncDisposable {
  readonly server: Server;
  readonly requests: string[];
  readonly connections: () => number;
  route(tls: NetworkTls): ReturnType<typeof networkRoute>;
}

async function tlsPeer(): Promise<Peer> {
  const requests: string[] = [];
  let connections = 0;
  const options = { key: identity.keyPem, cert: identity.certificatePem, allowHalfOpen: true };
  const server = createHttps(options, (request, response) => {
    requests.push(`${request.url}`);
    response.end('OK');
  });
  server.on('secureConnection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    server,
    requests,
    connections: () => connections,
    route: (tls) =>
      networkRoute({ address: `tcp://127.0.0.1:${port}`, host: '127.0.0.1', port, tls }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

test('the certificate is judged before anything is sent', async () => {
  await using peer = await tlsPeer();
  const fingerprints: string[] = [];
  const onFirst = (fingerprint: string) => void fingerprints.push(fingerprint);
  const subject = 'The agent';
  await using first = peer.route({ verify: false, checkPeer: checkPin({ subject, onFirst }) });
  await dockerodeEngine(first).ping(signal);
  await dockerodeEngine(first).ping(signal);
  expect(peer.connections()).toBe(1);
  expect(fingerprints).toHaveLength(1);

  await using known = peer.route({
    verify: false,
    checkPeer: checkPin({ subject, pinned: fingerprints[0] }),
  });
  await dockerodeEngine(known).ping(signal);
  const sent = peer.requests.length;
  const pinned = fingerprintOf(Buffer.from('another'));
  await using other = peer.route({ verify: false, checkPeer: checkPin({ subject, pinned }) });
  await expect(dockerodeEngine(other).ping(signal)).rejects.toMatchObject({
    code: 'wrong-certificate',
    message: 'The agent shows another certificate than the one accepted before.',
  });
  expect(peer.requests.length).toBe(sent);
});

test('verification against a root, and without one', async () => {
  await using peer = await tlsPeer();
  await using good = peer.route({ verify: true, ca: identity.certificatePem });
  await dockerodeEngine(good).ping(signal);
  await using unknown = peer.route({ verify: true });
  await expect(dockerodeEngine(unknown).ping(signal)).rejects.toMatchObject({
    code: 'wrong-certificate',
  });
});

test('a listener without TLS, one that is silent and one that is not there', async () => {
  const plain = createTcp((socket) => {
    socket.on('error', () => undefined);
    socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
  });
  const silent = createTcp((socket) => void socket.on('error', () => undefined));
  const ports = await Promise.all(
    [plain, silent].map(async (server) => {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return (server.address() as AddressInfo).port;
    }),
  );
  const dial = async (port: number) => {
    const address = `tcp://127.0.0.1:${port}`;
    await using route = networkRoute({ address, host: '127.0.0.1', port, tls: { verify: false } });
    await dockerodeEngine(route).ping(signal);
  };
  await expect(dial(ports[0] ?? 0)).rejects.toMatchObject({ code: 'bad-peer' });
  await expect(dial(ports[1] ?? 0)).rejects.toMatchObject({ code: 'timeout' });
  plain.close();
  silent.close();
  await expect(dial(ports[0] ?? 0)).rejects.toThrow('nothing listens there');
});

test('a pooled connection that the peer has closed is not used again', async () => {
  await using peer = await tlsPeer();
  await using route = peer.route({ verify: false });
  const engine = dockerodeEngine(route);
  for (let round = 1; round <= 3; round += 1) {
    await engine.ping(signal);
    expect(peer.connections()).toBe(round);
    peer.server.closeIdleConnections();
    await expect.poll(() => Object.keys(route.agent.freeSockets).length).toBe(0);
  }
});

test('a hijacked stream over TLS ends in each direction on its own', async () => {
  await using peer = await tlsPeer();
  peer.server.on('upgrade', (_, socket) => {
    socket.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nready\n');
    let heard = '';
    socket.on('data', (chunk: Buffer) => {
      heard += chunk.toString();
    });
    socket.on('end', () => socket.end(`heard ${heard.length}`));
  });
  await using route = peer.route({ verify: false });
  const stream = await hijack(route, { path: '/exec/1/start', body: {}, signal });
  stream.end('x'.repeat(200_000));
  const got = Buffer.concat(await stream.toArray()).toString();
  expect(got).toMatch(/^ready\nheard 2000\d\d$/);
});

test('a refused hijack rejects in the words of the engine', async () => {
  await using peer = await tlsPeer();
  peer.server.on('upgrade', (_, socket) => {
    const body = '{"message":"No such exec instance: 1"}';
    socket.end(`HTTP/1.1 404 Not Found\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  });
  await using route = peer.route({ verify: false });
  const refused = hijack(route, { path: '/exec/1/start', body: {}, signal });
  await expect(refused).rejects.toMatchObject({ code: 'not-found' });
  await expect(refused).rejects.toThrow('No such exec instance: 1.');
});
