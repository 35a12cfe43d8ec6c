/** server.json counts only while the process that wrote it lives. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findRunningServer } from '../../src/launch/running-server.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'running-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const announce = (text: string) => writeFile(join(folder, 'server.json'), text);
const server = { url: 'https://127.0.0.1:9443', instanceId: 'abc' };

test('no file, no server', async () => {
  expect(await findRunningServer(join(folder, 'nowhere'))).toBeUndefined();
});

test('a live process is a server', async () => {
  await announce(JSON.stringify({ pid: process.pid, ...server }));
  expect(await findRunningServer(folder)).toEqual(server);
});

test('the file of a dead process counts as none', async () => {
  const child = spawn('true');
  await once(child, 'close');
  await announce(JSON.stringify({ pid: child.pid, ...server }));
  expect(await findRunningServer(folder)).toBeUndefined();
});

for (const broken of ['', '{', '[]', 'null', '{"pid":"1"}', `{"pid":${process.pid}}`])
  test(`a broken file counts as none: ${broken || 'empty'}`, async () => {
    await announce(broken);
    expect(await findRunningServer(folder)).toBeUndefined();
  });
