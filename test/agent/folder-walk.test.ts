/** Nothing below a root leads out of it: not '..', not a link, not a link that appears at the last moment. */
import { mkdir, readFile, rename, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { followLinks, openFolder } from '../../src/agent/browse/folder-walk.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

let home: TemporaryFolder;
let volume: { folder: string; isWholeHost: boolean };
let host: { folder: string; isWholeHost: boolean };
beforeAll(async () => {
  home = await temporaryFolder();
  const folder = join(home.path, 'volume');
  await mkdir(join(folder, 'a/b'), { recursive: true });
  await writeFile(join(folder, 'a/b/file'), 'inside');
  await writeFile(join(home.path, 'secret'), 'outside');
  await symlink('a/b', join(folder, 'near'));
  await symlink('../a/./b', join(folder, 'a/round'));
  await symlink('..', join(folder, 'up'));
  await symlink('../..', join(folder, 'a/out'));
  await symlink(home.path, join(folder, 'absolute'));
  await symlink('/a/b', join(folder, 'rooted'));
  await symlink('loop', join(folder, 'loop'));
  volume = { folder, isWholeHost: false };
  host = { folder, isWholeHost: true };
});
afterAll(async () => {
  await home[Symbol.asyncDispose]();
});

async function read(root: typeof volume, path: string): Promise<string> {
  const place = await followLinks({ root, segments: path.split('/') });
  await using folder = await openFolder({ root, segments: place.segments.slice(0, -1) });
  return await readFile(folder.entry(place.segments.at(-1) ?? ''), 'utf8');
}

test.each(['a/b/file', 'near/file', 'a/round/file', 'a/round/../b/file'])(
  '%s is inside',
  async (path) => {
    expect(await read(volume, path)).toBe('inside');
  },
);

test.each(['up/secret', 'a/out/secret', 'absolute/secret', 'rooted/file', 'near/../../../secret'])(
  '%s leads out of a volume',
  async (path) => {
    await expect(read(volume, path)).rejects.toMatchObject({ code: 'forbidden' });
  },
);

test('on a whole host, absolute links start at its root and none climbs above it', async () => {
  expect(await read(host, 'rooted/file')).toBe('inside');
  expect(await read(host, 'up/a/b/file')).toBe('inside');
  await expect(read(host, 'absolute/secret')).rejects.toMatchObject({ code: 'not-found' });
});

test('loops, files in the middle and missing folders have their own words', async () => {
  await expect(read(volume, 'loop/x')).rejects.toThrow('Too many symbolic links.');
  await expect(read(volume, 'loop')).rejects.toThrow('Too many symbolic links.');
  await expect(read(volume, 'a/b/file/x')).rejects.toThrow('is a file, not a folder');
  await expect(read(volume, 'a/none/x')).rejects.toThrow('no such file');
});

test('an open folder stays itself when a link to elsewhere takes its place', async () => {
  const { folder } = volume;
  await mkdir(join(folder, 'swap'));
  await using swapped = await openFolder({ root: volume, segments: ['swap'] });
  await rename(join(folder, 'swap'), join(folder, 'moved'));
  await symlink(home.path, join(folder, 'swap'));
  await writeFile(swapped.entry('new'), 'kept in');
  expect(await readFile(join(folder, 'moved/new'), 'utf8')).toBe('kept in');
  await unlink(join(folder, 'swap'));
});

test('folders are made only when asked for', async () => {
  const place = { root: volume, segments: ['a', 'new', 'deep'] };
  await expect(openFolder(place)).rejects.toMatchObject({ code: 'not-found' });
  await using made = await openFolder(place, { mayCreate: true });
  await writeFile(made.entry('file'), 'x');
  expect(await readFile(join(volume.folder, 'a/new/deep/file'), 'utf8')).toBe('x');
});
