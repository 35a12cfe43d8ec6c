/** The launcher ends as its console ends, and passes signals on. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runConsole } from '../../src/launch/console-process.ts';

async function program(source: string) {
  const folder = await mkdtemp(join(tmpdir(), 'console-'));
  const path = join(folder, 'program.mjs');
  await writeFile(path, source);
  return { path, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

const never = new AbortController().signal;

test('the exit status is the console’s own, which was told its context', async () => {
  await using exits = await program(
    "process.exit(process.argv.slice(2).join(' ') === '--context local' ? 7 : 1);",
  );
  expect(await runConsole({ program: exits.path, context: 'local', signal: never })).toBe(7);
});

test('a console killed by a signal counts as 128 + its number', async () => {
  await using dies = await program("process.kill(process.pid, 'SIGKILL');");
  expect(await runConsole({ program: dies.path, context: 'local', signal: never })).toBe(137);
});

test('a signal is passed on, and the console leaves in its own way', async () => {
  await using ready = await program(`
    import { writeFileSync } from 'node:fs';
    process.on('SIGTERM', () => process.exit(143));
    setInterval(() => {}, 1000);
    writeFileSync(process.argv[1] + '.ready', '');
  `);
  const stop = new AbortController();
  const ended = runConsole({ program: ready.path, context: 'local', signal: stop.signal });
  await expect.poll(() => existsSync(`${ready.path}.ready`), { timeout: 10_000 }).toBe(true);
  stop.abort('SIGTERM');
  expect(await ended).toBe(143);
});
