/** Saving what a view shows: a new file each time, readable by its owner only, or a sentence. */
import { readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { saveFile } from '../../src/tui/save-file.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const save = (folder: string, lines: Iterable<string>, stem = 'eu-1-web') =>
  saveFile({ kind: 'save-file', stem, ending: 'log', lines }, folder);

test('it is written with mode 0600, its path and size told', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'eu-1-web.log');
  expect(await save(folder.path, ['één', 'two'])).toEqual({ path, lines: 2, bytes: 10 });
  expect(await readFile(path, 'utf8')).toBe('één\ntwo\n');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('nothing is ever written over, nor through a link', async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, 'eu-1-web.log'), 'mine');
  await symlink('/etc/passwd-of-nobody', join(folder.path, 'eu-1-web-2.log'));
  const path = join(folder.path, 'eu-1-web-3.log');
  expect(await save(folder.path, ['x'])).toMatchObject({ path });
  expect(await readFile(join(folder.path, 'eu-1-web.log'), 'utf8')).toBe('mine');
});

test('a name can leave the folder no more than it can hide', async () => {
  await using folder = await temporaryFolder();
  const saved = await save(folder.path, ['x'], '..-..-etc');
  expect(saved).toMatchObject({ path: join(folder.path, 'etc.log') });
});

test('a folder that is gone is told in a sentence, and a failure leaves no half file', async () => {
  await using folder = await temporaryFolder();
  const gone = join(folder.path, 'gone');
  expect(await save(gone, ['x'])).toEqual({
    why: `${join(gone, 'eu-1-web.log')} can't be written: the folder is gone.`,
  });
  const broken = function* () {
    yield 'x';
    throw new Error('no more');
  };
  expect(await save(folder.path, broken())).toMatchObject({
    why: expect.stringContaining('no more'),
  });
  await expect(stat(join(folder.path, 'eu-1-web.log'))).rejects.toThrow('ENOENT');
});
