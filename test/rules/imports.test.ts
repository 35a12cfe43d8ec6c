/** The import table of ARCHITECTURE.md holds, and the tool that checks it would notice a breach. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const DEPCRUISE = join(process.cwd(), 'node_modules/.bin/depcruise');
const CONFIG = join(process.cwd(), '.dependency-cruiser.cjs');

/** Exit status 0, or rejects with the violations in stdout. */
async function cruise(folder: string, ...paths: string[]): Promise<string> {
  const { stdout } = await run(DEPCRUISE, ['--config', CONFIG, ...paths], { cwd: folder });
  return stdout;
}

test('every import goes in an allowed direction', async () => {
  expect(await cruise(process.cwd(), 'src', 'bin')).toContain('no dependency violations found');
});

test('an import against the table is an error', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'imports-'));
  try {
    await mkdir(join(folder, 'src/protocol'), { recursive: true });
    await mkdir(join(folder, 'src/server'), { recursive: true });
    await symlink(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));
    await writeFile(join(folder, 'src/server/door.ts'), 'export const door = 1;\n');
    const breach = "export { door } from '../server/door.ts';\n";
    await writeFile(join(folder, 'src/protocol/noun.ts'), breach);
    await expect(cruise(folder, 'src')).rejects.toMatchObject({
      stdout: expect.stringContaining('src/protocol may import nothing else of ours'),
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});
