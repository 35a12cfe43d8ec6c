/** What the documents name exists: a reader who follows a path never finds nothing. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

const PATH = /(?<![\w/.~$}-])(?:src|bin|test|scripts|docs|bench|deploy|\.ci)\/[\w./-]*\w/g;
const DOCUMENTS = ['ARCHITECTURE.md', 'CONTRIBUTING.md', 'README.md'];

for (const document of DOCUMENTS) {
  test(`${document} names only paths that exist`, async () => {
    const text = await readFile(document, 'utf8');
    const paths = [...new Set(text.match(PATH) ?? [])];
    expect(paths.filter((path) => !existsSync(path))).toEqual([]);
  });
}

test('links between documents lead somewhere', async () => {
  const broken: string[] = [];
  const folders = ['.', 'docs', 'docs/decisions'];
  for (const folder of folders.filter((path) => existsSync(path))) {
    for (const name of (await readdir(folder)).filter((file) => file.endsWith('.md'))) {
      const text = await readFile(`${folder}/${name}`, 'utf8');
      for (const [, target = ''] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g))
        if (!existsSync(`${folder}/${target}`)) broken.push(`${folder}/${name}: ${target}`);
    }
  }
  expect(broken).toEqual([]);
});
