/** A terminal that stops reading must not stop the program: its timers stand for every connection to a host. */
import { expect, test } from 'vitest';
import { type Demo, openDemo, openShell } from '../../support/demo.ts';

const PATIENCE = { timeout: 20_000, interval: 20 };

async function stallUntilFramesAreSkipped(demo: Demo): Promise<void> {
  demo.terminal.stall();
  demo.terminal.press('f');
  await expect.poll(async () => (await demo.report())?.skipped ?? 0, PATIENCE).toBeGreaterThan(0);
}

const ticksOf = async (demo: Demo) => (await demo.report())?.ticks ?? 0;

test('a terminal that does not read for seconds keeps no timer waiting', async () => {
  await using demo = await openDemo({ cols: 160, rows: 50 });
  await stallUntilFramesAreSkipped(demo);
  const before = await ticksOf(demo);
  const paintedBefore = (await demo.report())?.painted;
  await expect.poll(() => ticksOf(demo), PATIENCE).toBeGreaterThan(before + 150);
  expect((await demo.report())?.painted).toBe(paintedBefore);

  demo.terminal.unstall();
  demo.terminal.press('f');
  await demo.terminal.sees(/said key|alpha/);
  await demo.terminal.sees('epsilon');
  expect(demo.terminal.line(1)).toMatch(/^│alpha/);
});

test('a program that is ended while the terminal does not read ends all the same', async () => {
  await using demo = await openDemo({ cols: 160, rows: 50 });
  await stallUntilFramesAreSkipped(demo);
  demo.terminal.kill('SIGTERM');
  const { code } = await demo.terminal.exit;
  expect(code).toBe(143);
});

test('what had not left when it was ended does not come out behind it', async () => {
  await using shell = await openShell({ cols: 160, rows: 50 });
  const { terminal } = shell;
  terminal.type('$NODE $DEMO; echo "status=$?"\r');
  await terminal.sees('READY');
  await stallUntilFramesAreSkipped(shell);
  terminal.press('q');
  terminal.unstall();
  await terminal.sees('status=0');
  expect(terminal.isAlternate).toBe(false);
  expect(terminal.line(terminal.cursor.top).trimEnd()).toBe('SHELL>');
});
