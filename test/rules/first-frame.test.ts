/** What a console loads before its first frame stays small: a package that comes in by a new import costs everybody's start. */
import { build } from 'esbuild';
import { expect, test } from 'vitest';

/** On the way of `fleet-tui` to its screen: main.ts imports these one after the other. */
const BEFORE_THE_FRAME = [
  'bin/fleet-tui.ts',
  'src/tui/command-line.ts',
  'src/tui/person.ts',
  'src/client/contexts.ts',
  'src/tui/open-fleet.ts',
  'src/tui/app.ts',
];

/** Packages that the files import, and what they import, as they are loaded; what is loaded later not counted. */
async function packagesOf(files: readonly string[]): Promise<readonly string[]> {
  const { metafile } = await build({
    entryPoints: [...files],
    outdir: 'nowhere',
    write: false,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    metafile: true,
  });
  const packages = new Set<string>();
  const seen = new Set<string>();
  const visit = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const { path: to, kind, external } of metafile.inputs[path]?.imports ?? []) {
      if (kind !== 'import-statement') continue;
      if (!external) visit(to);
      else if (!to.startsWith('node:')) packages.add(to);
    }
  };
  for (const file of files) visit(file);
  return [...packages].sort();
}

test('before its first frame a console loads four packages and no more', async () => {
  expect(await packagesOf(BEFORE_THE_FRAME)).toEqual([
    'blessed/lib/tput.js',
    'blessed/lib/widgets/box.js',
    'blessed/lib/widgets/screen.js',
    'commander',
    'fuzzysort',
    'yaml',
  ]);
});

test('a schema on the way would be noticed', async () => {
  expect(await packagesOf(['src/client/server-audit.ts'])).toContain('zod');
});
