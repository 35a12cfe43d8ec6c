/** The own log as a file: rotated, bounded, private, shared by several consoles, and no trouble when the disk is. */
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stateFolder } from '../../src/client/config-folder.ts';
import { OwnLogFile, ownLogPath } from '../../src/tui/own-log-file.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const line = (text: string) => ({ atMs: Date.UTC(2026, 7, 22), severity: 'info', text }) as const;
const never = (why: string) => {
  throw new Error(why);
};

async function written(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => name.startsWith('console.log'));
  const texts = names
    .sort()
    .reverse()
    .map((name) => readFile(join(folder, name), 'utf8'));
  return (await Promise.all(texts)).join('');
}

test('it is rotated by size, keeps three old ones, and nobody else can read it', async () => {
  await using temporary = await temporaryFolder();
  const folder = join(temporary.path, 'state');
  await using file = new OwnLogFile({ folder, failed: never, mostBytes: 2_000 });
  for (let index = 0; index < 60; index++) {
    file.write([line(`${index} ${'x'.repeat(400)}`)]);
    await until(async () => (await written(folder).catch(() => '')).includes(` ${index} x`));
  }
  const names = (await readdir(folder)).sort();
  expect(names).toEqual(['console.log', 'console.log.1', 'console.log.2', 'console.log.3']);
  for (const name of names) {
    const { size, mode } = await stat(join(folder, name));
    expect(size).toBeLessThan(3_000);
    expect(mode & 0o777).toBe(0o600);
  }
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  expect((await readFile(join(folder, 'console.log.1'), 'utf8')).split('\n')[0]).toMatch(
    /^2026-08-22T00:00:00\.000Z info {2}\[\d+\] \d+ x/,
  );
}, 60_000);

test('two consoles that rotate at once lose no line', async () => {
  await using temporary = await temporaryFolder();
  const folder = temporary.path;
  // However the lines fall into batches, two files one after the other hold more than this: four hold them all.
  const mostBytes = 100_000;
  const both = ['left', 'right'].map((name) => ({
    name,
    file: new OwnLogFile({ folder, failed: never, mostBytes }),
  }));
  for (let index = 0; index < 300; index++) {
    for (const { name, file } of both) file.write([line(`${name}-${index}. ${'x'.repeat(200)}`)]);
    if (index % 20 === 0) await new Promise(setImmediate);
  }
  // Disposing waits a second at most, which a busy machine may need for less.
  await until(async () => {
    const text = await written(folder);
    return both.every(({ name }) => text.includes(`${name}-299. `));
  });
  for (const { file } of both) await file[Symbol.asyncDispose]();
  const text = await written(folder);
  for (const { name } of both)
    for (let index = 0; index < 300; index++) expect(text).toContain(`${name}-${index}. `);
  expect(await readdir(folder)).toContain('console.log.1');
}, 60_000);

test('a folder that can not be written is said once; lines that waited too long are counted', async () => {
  await using temporary = await temporaryFolder();
  const folder = join(temporary.path, 'state');
  await writeFile(folder, 'a file where the folder should be');
  const told: string[] = [];
  await using file = new OwnLogFile({ folder, failed: (why) => told.push(why) });
  file.write([line('lost')]);
  await until(() => told.length === 1);
  expect(told[0]).toContain(ownLogPath(folder));
  file.write([line('lost too')]);
  await chmod(folder, 0o600);
  const { rm } = await import('node:fs/promises');
  await rm(folder);
  await mkdir(folder);
  await until(async () => {
    file.write([line('found')]);
    return (await written(folder)).includes('found');
  });
  expect(await written(folder)).toMatch(/warn {2}\[\d+\] [12] lines could not be written/);
  expect(told).toHaveLength(1);
});

test('it lies where XDG says, or with a console that has a folder of its own', () => {
  const home = { HOME: '/data/ops' };
  expect(stateFolder({ ...home, XDG_STATE_HOME: '/var/ops' })).toBe('/var/ops/fleet-tui');
  expect(stateFolder({ ...home, XDG_STATE_HOME: 'relative' })).toMatch(
    /\.local\/state\/fleet-tui$/,
  );
  expect(stateFolder({ ...home, FLEET_TUI_CONFIG_DIR: '/tmp/own' })).toBe('/tmp/own/state');
  expect(stateFolder({ ...home, FLEET_TUI_STATE_DIR: '/tmp/there' })).toBe('/tmp/there');
});
