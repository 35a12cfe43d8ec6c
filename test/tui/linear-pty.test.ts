/** --linear in a real terminal: keys work, lines are written one behind the other, and nothing is drawn or repainted. */
import { expect, test } from 'vitest';
import { bundleProgram } from '../support/bundle.ts';
import { openTestTerminal } from '../support/terminal.ts';

const DEMO = bundleProgram('test/tui/demo/main.ts');

async function openLinear(term: string) {
  const env = { LINEAR: '1', LANG: 'C.UTF-8' };
  const args = [await DEMO];
  return await openTestTerminal({ command: process.execPath, args, term, env, cols: 100 });
}

const MARKED_PASTES = ['\x1b[?2004h', '\x1b[?2004l'];

/** All escape sequences but those around pastes. */
function escapesIn(written: string): string {
  const rest = MARKED_PASTES.reduce((text, one) => text.replaceAll(one, ''), written);
  return rest.includes('\x1b') ? JSON.stringify(rest.slice(rest.indexOf('\x1b'))) : '';
}

test.each(['xterm-256color', 'vt100', 'dumb'])('on %s', async (term) => {
  await using terminal = await openLinear(term);
  await terminal.sees('cache on us-1, running, up 14m, 1 of 14');
  expect(terminal.isAlternate).toBe(false);
  terminal.press('j');
  await terminal.sees('cron-nightly on eu-2, exited 0 9h, 2 of 14');
  terminal.type('/web-3');
  await terminal.sees('/ web-3');
  terminal.press('enter');
  await terminal.sees('web-3 on eu-1, healthy, up 9d, 1 of 1');
  terminal.type(':help\r');
  await terminal.sees('help keys of containers');
  terminal.press('q', 'l');
  await terminal.sees(/\d+ ERROR upstream timeout pay-2/);
  terminal.press('Q');
  expect(await terminal.exit).toMatchObject({ code: 0 });
  expect(escapesIn(terminal.written)).toBe('');
  expect(terminal.written).not.toMatch(/[─│┌┐└┘━▸]/u);
});

const isAnswered = (screen: string) => screen.includes('u calls it back, for');

test('a container is restarted: the question, the answer and the result as lines', async () => {
  await using terminal = await openLinear('xterm-256color');
  terminal.type('/web-3\r');
  await terminal.sees('web-3 on eu-1, healthy, up 9d, 1 of 1');
  terminal.press('ctrl-r');
  await terminal.sees('Restart eu-1/web-3?');
  await terminal.sees('Cancel has the focus; y yes');
  for (let attempt = 0; attempt < 20 && !isAnswered(terminal.screen()); attempt++) {
    // A question is deaf at first: a person whose key had no effect presses it again.
    terminal.press('y');
    await terminal.sees('u calls it back, for', { timeoutMs: 300 }).catch(() => undefined);
  }
  await terminal.sees('web-3 on eu-1, restarting…', { timeoutMs: 20_000 });
  await terminal.sees(/eu-1\/web-3 restarted in \d/);
  terminal.press('Q');
  expect(escapesIn(terminal.written)).toBe('');
});
