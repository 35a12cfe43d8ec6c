/** The administrator's password is made once and belongs to its owner. */
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ensureAdminPassword } from '../../src/launch/admin-password.ts';

test('made once, long, in a file that only its owner reads', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'password-'));
  try {
    const data = join(folder, 'deep/data');
    const first = await ensureAdminPassword(data);
    expect(first.isNew).toBe(true);
    const password = (await readFile(first.path, 'utf8')).trim();
    expect(password.length).toBeGreaterThanOrEqual(24);
    expect((await stat(first.path)).mode & 0o777).toBe(0o600);
    expect((await stat(data)).mode & 0o777).toBe(0o700);
    expect(await ensureAdminPassword(data)).toEqual({ path: first.path, isNew: false });
    expect((await readFile(first.path, 'utf8')).trim()).toBe(password);
  } finally {
    await rm(folder, { recursive: true });
  }
});
