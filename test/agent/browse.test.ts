/** Files of a real volume, by an agent beside its engine: round trip, containment, ranges, uploads of any size. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startAgent, type TestAgent } from '../support/agent.ts';
import { AgentClient } from '../support/agent-client.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';

let engine: TestEngine;
let agent: TestAgent;
let client: AgentClient;
beforeAll(async () => {
  engine = await startEngine({ version: 'new', name: 'files' });
  agent = await startAgent({ on: engine });
  client = new AgentClient(agent);
  await engine.docker('volume', 'create', 'vol');
  await inVolume('mkdir -p a/b && echo -n hello > a/b/file && ln -s /etc out && ln -s a/b near');
});
afterAll(async () => {
  await agent?.[Symbol.asyncDispose]();
  await engine?.[Symbol.asyncDispose]();
});

function inVolume(script: string): Promise<string> {
  return engine.docker('run', '--rm', '-v', 'vol:/v', '-w', '/v', 'busybox', 'sh', '-c', script);
}

interface Form {
  readonly path?: string;
  readonly name?: string;
  readonly bytes: string | Buffer;
  /** The field after the file, as some browsers send it. */
  readonly isPathLast?: boolean;
}

async function put(query: string, { path, name = 'up', bytes, isPathLast }: Form) {
  const file = new Blob([
    `--b\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n\r\n`,
    bytes,
    '\r\n',
  ]);
  const field =
    path === undefined
      ? ''
      : `--b\r\nContent-Disposition: form-data; name="Path"\r\n\r\n${path}\r\n`;
  const parts = isPathLast ? [file, field] : [field, file];
  const body = Buffer.from(await new Blob([...parts, '--b--\r\n']).arrayBuffer());
  const headers = { 'Content-Type': 'multipart/form-data; boundary=b' };
  return await client.call(`/browse/put${query}`, { method: 'POST', headers, body });
}

test('put, list, get, rename and delete, in every form of the path', async () => {
  expect((await put('?volumeID=vol', { path: '/trip/deep', bytes: 'text' })).status).toBe(204);
  const listed = await client.call('/browse/ls?volumeID=vol&path=/trip/deep');
  expect(listed.json()).toEqual([{ Name: 'up', Size: 4, Dir: false, ModTime: expect.any(Number) }]);
  expect((await client.call('/v1/browse/vol/ls?path=/trip')).json()).toMatchObject([
    { Name: 'deep', Dir: true },
  ]);
  const got = await client.call('/v2/browse/get?volumeID=vol&path=trip/deep/up');
  expect([got.status, got.text, got.headers['content-type']]).toEqual([
    200,
    'text',
    'text/plain; charset=utf-8',
  ]);
  const names = { CurrentFilePath: '/trip/deep/up', newfilepath: '/trip/down' };
  const renamed = await client.call('/v2/browse/rename?volumeID=vol', {
    method: 'PUT',
    body: JSON.stringify(names),
  });
  expect(renamed.status).toBe(204);
  expect(await inVolume('cat trip/down; ls trip/deep')).toBe('text');
  const remove = (path: string) =>
    client.call(`/browse/delete?volumeID=vol&path=${path}`, { method: 'DELETE' });
  expect((await remove('/trip')).status).toBe(409);
  for (const path of ['/trip/down', '/trip/deep', '/trip'])
    expect((await remove(path)).status).toBe(204);
  expect((await remove('/trip')).status).toBe(404);
  expect((await remove('/')).status).toBe(400);
});

test('no path leaves the volume', async () => {
  const ls = (path: string, volume = 'vol') =>
    client.call(`/browse/ls?volumeID=${volume}&path=${encodeURIComponent(path)}`);
  for (const path of ['..', '/a/../../x', 'a/..']) {
    const climbed = await ls(path);
    expect([climbed.status, climbed.json()]).toMatchObject([400, { message: 'Invalid volume' }]);
  }
  expect((await ls('/near')).json()).toMatchObject([{ Name: 'file', Size: 5 }]);
  expect((await ls('/out')).status).toBe(403);
  expect((await client.call('/browse/get?volumeID=vol&path=/out/passwd')).status).toBe(403);
  expect((await put('?volumeID=vol', { path: '/out', bytes: 'x' })).status).toBe(403);
  expect((await put('?volumeID=vol', { path: '/a', name: '..', bytes: 'x' })).status).toBe(400);
  // A link itself can be removed, as any entry.
  for (const name of ['..', '../vol', 'a/b', '%2e%2e', '']) {
    const { status } = await ls('/', encodeURIComponent(name));
    expect([400, 403]).toContain(status);
  }
  expect((await ls('/', 'unknown')).status).toBe(404);
  expect((await client.call('/v1/browse/..%2Fvol/ls?path=/')).status).toBe(400);
  expect((await client.call('/browse/ls?volumeID=vol')).status).toBe(400);
  expect((await ls('/x\0y')).status).toBe(400);
});

test('without a volume only the host’s folder is shown, and here there is none', async () => {
  const refused = await client.call('/browse/ls?path=/etc');
  expect(refused.status).toBe(403);
  expect(refused.json()).toMatchObject({ details: expect.stringContaining('FLEET_HOST_ROOT') });
});

test('a configured root is /host, and nothing else is shown', async () => {
  await inVolume('mkdir -p root/etc && echo -n name > root/etc/hostname');
  const root = await engine.docker('volume', 'inspect', '-f', '{{.Mountpoint}}/root', 'vol');
  await using other = await startAgent({ on: engine, env: { FLEET_HOST_ROOT: root } });
  const there = new AgentClient(other);
  expect((await there.call('/browse/get?path=/host/etc/hostname')).text).toBe('name');
  expect((await there.call(`/browse/get?path=${root}/etc/hostname`)).text).toBe('name');
  for (const path of ['/etc/hostname', '/hostile', `${root}x`, '/host/../etc']) {
    expect([400, 403]).toContain((await there.call(`/browse/get?path=${path}`)).status);
  }
});

test('ranges, conditions, folders and pipes', async () => {
  const get = (path: string, headers = {}) =>
    client.call(`/browse/get?volumeID=vol&path=${path}`, { headers });
  const part = await get('/a/b/file', { Range: 'bytes=1-3' });
  expect([part.status, part.text, part.headers['content-range']]).toEqual([
    206,
    'ell',
    'bytes 1-3/5',
  ]);
  expect((await get('/a/b/file', { Range: 'bytes=9-' })).status).toBe(416);
  const whole = await get('/near/file');
  const since = { 'If-Modified-Since': whole.headers['last-modified'] };
  expect([(await get('/a/b/file', since)).status, whole.text]).toEqual([304, 'hello']);
  expect((await get('/a')).status).toBe(409);
  await inVolume('mkfifo pipe; touch empty');
  expect((await get('/pipe')).status).toBe(400);
  expect((await get('/empty')).text).toBe('');
});

test('a shorter upload leaves no old tail, and keeps owner and mode; the path may come last', async () => {
  await inVolume('echo "a long old text" > owned && chown 12:34 owned && chmod 640 owned');
  const form = { path: '/', name: 'owned', bytes: 'new' };
  expect((await put('?volumeID=vol', form)).status).toBe(204);
  expect(await inVolume('cat owned; stat -c " %u:%g %a" owned')).toBe('new 12:34 640');
  const last = { ...form, bytes: 'newer', isPathLast: true };
  expect((await put('?volumeID=vol', last)).status).toBe(204);
  expect(await inVolume('cat owned; ls -a | grep upload || true')).toBe('newer');
  expect((await put('?volumeID=vol', { path: '/', name: 'a', bytes: 'x' })).status).toBe(409);
  expect((await put('?volumeID=vol', { bytes: 'x' })).status).toBe(400);
});

test('a large upload arrives whole and never stands in memory', async () => {
  const bytes = Buffer.alloc(96 << 20, 'fleet');
  expect((await put('?volumeID=vol', { path: '/', name: 'big', bytes })).status).toBe(204);
  const sum = createHash('sha256').update(bytes).digest('hex');
  expect(await inVolume('sha256sum big; rm big')).toContain(sum);
  const status = await readFile(`/proc/${agent.pid}/status`, 'utf8');
  expect(Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) >> 10).toBeLessThan(120);
});

test('an upload that breaks off leaves nothing', async () => {
  const outgoing = client.begin('/browse/put?volumeID=vol', {
    method: 'POST',
    headers: { 'Content-Type': 'multipart/form-data; boundary=b', 'Content-Length': '1000000' },
  });
  outgoing.on('error', () => undefined);
  const disposition = '--b\r\nContent-Disposition: form-data; name=';
  outgoing.write(`${disposition}"Path"\r\n\r\n/\r\n`);
  outgoing.write(`${disposition}"file"; filename="half"\r\n\r\n${'x'.repeat(9_000)}`);
  const left = () => inVolume('ls -a | grep -E "half|upload" || true');
  await expect.poll(left, { timeout: 10_000 }).toMatch(/^\.upload-/);
  outgoing.destroy();
  await expect.poll(left, { timeout: 10_000 }).toBe('');
});
