/** Saved views in their file: they outlive the console, and a file that somebody broke is named and kept. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SavedView } from '../../src/tui/model/saved-view.ts';
import { SavedViews } from '../../src/tui/saved-views.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const view = (name: string): SavedView => ({
  name,
  filter: 'web !us',
  sort: { by: 'restarts', isReversed: true, groupBy: 'stack' },
  isWide: true,
  problemsOnly: false,
  tag: 'production',
});

test('views are replaced by name, forgotten by name, and private', async () => {
  await using folder = await temporaryFolder();
  const home = join(folder.path, 'console');
  expect(await new SavedViews(home).read()).toEqual({ views: [] });
  await new SavedViews(home).save(view('a'));
  await new SavedViews(home).save(view('b'));
  await new SavedViews(home).save({ ...view('a'), filter: 'db' });
  expect(await new SavedViews(home).read()).toEqual({
    views: [view('b'), { ...view('a'), filter: 'db' }],
  });
  expect((await stat(join(home, 'views.json'))).mode & 0o777).toBe(0o600);
  expect(await new SavedViews(home).forget('b')).toEqual({
    views: [{ ...view('a'), filter: 'db' }],
  });
});

test('two consoles that save at once lose nothing', async () => {
  await using folder = await temporaryFolder();
  const names = Array.from({ length: 12 }, (_, at) => `view ${at}`);
  await Promise.all(names.map((name) => new SavedViews(folder.path).save(view(name))));
  const read = await new SavedViews(folder.path).read();
  expect('views' in read && read.views.map(({ name }) => name).sort()).toEqual(names.sort());
});

test.each([
  ['{', 'is not JSON'],
  ['{"views":[{"name":"x"}]}', 'makes no sense at views.0.filter'],
  ['[]', 'makes no sense at its beginning'],
  [' '.repeat(300_000), 'is larger than'],
])('a file that holds %.20j is named and never overwritten', async (text, what) => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'views.json');
  await writeFile(path, text);
  const why = expect.stringContaining(`${path} ${what}`);
  expect(await new SavedViews(folder.path).read()).toEqual({ why });
  expect(await new SavedViews(folder.path).save(view('a'))).toEqual({ why });
  expect(await readFile(path, 'utf8')).toBe(text);
});

test('a hundred views are enough, and without a folder there are none', async () => {
  await using folder = await temporaryFolder();
  const views = Array.from({ length: 100 }, (_, at) => view(`v${at}`));
  await writeFile(join(folder.path, 'views.json'), JSON.stringify({ views }));
  expect(await new SavedViews(folder.path).save(view('one more'))).toEqual({
    why: expect.stringContaining('100 views'),
  });
  expect(await new SavedViews(undefined).read()).toEqual({ views: [] });
  expect(await new SavedViews(undefined).save(view('a'))).toHaveProperty('why');
});
