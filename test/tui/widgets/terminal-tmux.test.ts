/** The console inside a real tmux, on a private server with nobody's settings. */
import { expect, test } from 'vitest';
import { demoFile } from '../../support/demo.ts';
import { openTmux } from '../../support/tmux.ts';

const PATIENCE = { timeout: 15_000, interval: 20 };

test('lines, colours, keys, sizes and the way out', async () => {
  const demo = `${process.execPath} ${await demoFile()}`;
  await using tmux = await openTmux(`sh -c '${demo}; echo "status=$?"; exec cat'`);
  await expect.poll(() => tmux.screen(), PATIENCE).toContain('READY');
  expect((await tmux.screen()).split('\n')[0]).toBe(`┌─ Demo ${'─'.repeat(51)}┐`);
  expect(await tmux.screen(true)).toMatch(/38;5;203m/);

  await tmux.command('send-keys', '-t', 'test', 'j', 'Down', 'F5', 'Escape');
  await expect.poll(() => tmux.screen(), PATIENCE).toContain('selected 1 said key esc');

  await tmux.command('set', '-g', 'set-clipboard', 'on');
  await tmux.command('send-keys', '-t', 'test', 'c');
  await expect.poll(() => tmux.command('show-buffer'), PATIENCE).toBe('copied text');

  await tmux.command('resize-window', '-t', 'test', '-x', '70', '-y', '14');
  await expect.poll(() => tmux.screen(), PATIENCE).toContain('70x14');
  expect((await tmux.screen()).split('\n')[2]).toBe(`│beta 日本${' '.repeat(59)}│`);

  await tmux.command('send-keys', '-t', 'test', 'q');
  await expect.poll(() => tmux.screen(), PATIENCE).toContain('status=0');
  expect(await tmux.screen()).not.toContain('Demo');
});
