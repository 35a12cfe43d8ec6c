/** Nothing in the repository depends on one machine or on work left undone. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const TEXT = /\.(ts|mjs|cjs|md|sh|json|c|yml)$|^[^.]*$|\/[^./]*$|^\.ci\//;

/** "file:line: text" of every line of a tracked text file that matches. */
async function linesThatMatch(pattern: RegExp): Promise<string[]> {
  const { stdout } = await run('git', ['ls-files', '-z']);
  const files = stdout.split('\0').filter((file) => file !== '' && TEXT.test(file));
  const found: string[] = [];
  for (const file of files.filter((name) => !name.startsWith('test/rules/'))) {
    const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n');
    for (const [index, line] of lines.entries())
      if (pattern.test(line)) found.push(`${file}:${index + 1}: ${line.trim().slice(0, 120)}`);
  }
  return found;
}

test('no path of one developer’s machine', async () => {
  expect(await linesThatMatch(/(?<![\w.}/])\/(?:home|work|Users)\/[a-z]/)).toEqual([]);
});

test('nothing is left to do in a comment', async () => {
  expect(await linesThatMatch(/\b(?:TODO|FIXME|HACK|XXX)\b/)).toEqual([]);
});

test('no package is tied to one registry or mirror', async () => {
  const lock = await readFile('package-lock.json', 'utf8');
  expect(lock).not.toContain('"resolved"');
});
