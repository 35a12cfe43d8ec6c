/** TypeScript programs made runnable for tests that need a process of their own; packages stay outside the bundle. */
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Bundles a program (path from the root of the repository) and resolves with the file to give to node. */
export async function bundleProgram(entry: string): Promise<string> {
  const folder = join(ROOT, 'node_modules/.cache/fleet-tui-test');
  await mkdir(folder, { recursive: true });
  const name = entry.replaceAll('/', '-').replace(/\.ts$/, '');
  const outfile = join(folder, `${basename(name)}-${process.pid}.mjs`);
  await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
  });
  return outfile;
}
