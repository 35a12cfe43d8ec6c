/** The history of commands on disk: kept across runs, private, bounded, and never in the way. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { CommandHistory } from '../../src/tui/command-history.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('what one run keeps the next one reads, in a file of one account', async () => {
  await using folder = await temporaryFolder();
  const history = new CommandHistory(folder.path);
  expect(await history.read()).toEqual([]);
  history.keep('host eu-1');
  history.keep('diff a b');
  const read = () => new CommandHistory(folder.path).read();
  await vi.waitFor(async () => expect(await read()).toEqual(['host eu-1', 'diff a b']));
  expect((await stat(join(folder.path, 'history'))).mode & 0o777).toBe(0o600);
});

test('a file that grew long is made short; a folder that is none costs nothing', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'history');
  await writeFile(path, Array.from({ length: 500 }, (_, index) => `c${index}\n`).join(''));
  const lines = await new CommandHistory(folder.path).read();
  expect([lines.length, lines.at(-1)]).toEqual([100, 'c499']);
  expect((await readFile(path, 'utf8')).split('\n')).toHaveLength(101);
  const nowhere = new CommandHistory(path);
  expect(await nowhere.read()).toEqual([]);
  nowhere.keep('x');
});
