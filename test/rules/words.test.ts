/** Nothing in the repository depends on one machine or on work left undone. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const TEXT = /\.(ts|mjs|cjs|md|sh|json|c|yml)$|(^|\/)[^.]*$/;
const NOT_OURS = new Set(['node_modules', 'dist', 'coverage', '.git']);

async function textFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const lists = entries.map(async (entry) => {
    const path = join(folder, entry.name);
    if (NOT_OURS.has(entry.name) || path === 'test/rules') return [];
    if (entry.isDirectory()) return await textFiles(path);
    return TEXT.test(path) ? [path] : [];
  });
  return (await Promise.all(lists)).flat();
}

/** "file:line: text" of every line of a text file that matches. */
async function linesThatMatch(pattern: RegExp): Promise<string[]> {
  const found: string[] = [];
  for (const file of await textFiles('.')) {
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
