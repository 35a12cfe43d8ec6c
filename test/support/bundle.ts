/** TypeScript programs made runnable for tests that need a process of their own; packages stay outside the bundle. */
import { createHash } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FOLDER = join(ROOT, 'node_modules/.cache/fleet-tui-test');

/** Bundles a program (path from the root of the repository) and resolves with the file to give to node. */
export async function bundleProgram(entry: string): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    bundle: true,
    write: false,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
  });
  const contents = outputFiles[0]?.contents ?? new Uint8Array();
  const hash = createHash('sha256').update(contents).digest('hex').slice(0, 12);
  const file = join(FOLDER, `${basename(entry, '.ts')}-${hash}.mjs`);
  await mkdir(FOLDER, { recursive: true });
  // Whole or not at all: test files that run at the same time write the same file.
  const fresh = `${file}.${process.pid}`;
  await writeFile(fresh, contents);
  await rename(fresh, file);
  return file;
}
