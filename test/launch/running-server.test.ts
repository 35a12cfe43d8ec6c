/** server.json counts only while the server that wrote it answers. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findRunningServer } from '../../src/launch/running-server.ts';
import { loadOrCreateCertificate } from '../../src/link/certificate.ts';
import { ABOUT_PATH } from '../../src/protocol/about.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'running-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const announce = (text: string) => writeFile(join(folder, 'server.json'), text);
const stale = { url: 'https://127.0.0.1:9', instanceId: 'abc' };

/** Answers the about request as a server of this identity does. */
async function serverOf(instanceId: string) {
  const { certificatePem, keyPem } = await loadOrCreateCertificate({
    certFile: join(folder, 'cert.pem'),
    keyFile: join(folder, 'key.pem'),
    commonName: 'test',
    names: ['localhost'],
    addresses: ['127.0.0.1'],
  });
  const server = createServer({ cert: certificatePem, key: keyPem }, (request, response) => {
    response.end(JSON.stringify(request.url === ABOUT_PATH ? { instanceId } : {}));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}

test('no file, no server', async () => {
  expect(await findRunningServer(join(folder, 'nowhere'))).toBeUndefined();
});

test('a server that answers by its name is taken', async () => {
  await using running = await serverOf('abc');
  const said = { url: running.url, instanceId: 'abc' };
  await announce(JSON.stringify({ pid: process.pid, ...said }));
  expect(await findRunningServer(folder)).toEqual(said);
});

test('another server at the same address is not', async () => {
  await using running = await serverOf('xyz');
  await announce(JSON.stringify({ pid: process.pid, url: running.url, instanceId: 'abc' }));
  expect(await findRunningServer(folder)).toBeUndefined();
});

test('a process that got the number of a dead server is not', async () => {
  await announce(JSON.stringify({ pid: process.pid, ...stale }));
  expect(await findRunningServer(folder)).toBeUndefined();
});

test('the file of a dead process counts as none', async () => {
  const child = spawn('true');
  await once(child, 'close');
  await announce(JSON.stringify({ pid: child.pid, ...stale }));
  expect(await findRunningServer(folder)).toBeUndefined();
});

for (const broken of ['', '{', '[]', 'null', '{"pid":"1"}', `{"pid":${process.pid}}`])
  test(`a broken file counts as none: ${broken || 'empty'}`, async () => {
    await announce(broken);
    expect(await findRunningServer(folder)).toBeUndefined();
  });
