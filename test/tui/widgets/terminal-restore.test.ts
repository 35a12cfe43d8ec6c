/** Whatever way the program ends, the shell behind it finds its terminal as it was. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Demo, openShell } from '../../support/demo.ts';

const demoPid = (shell: Demo): number => {
  const pid = /pid (\d+)/.exec(shell.terminal.screen())?.[1];
  if (!pid) throw new Error('The demo shows no pid');
  return Number(pid);
};

const bySignal = (signal: NodeJS.Signals) => (shell: Demo) => {
  process.kill(demoPid(shell), signal);
};
const byKey = (key: string) => (shell: Demo) => shell.terminal.press(key);

const ENDS: readonly [name: string, end: (shell: Demo) => void, status: number, says: string][] = [
  ['quit', byKey('q'), 0, ''],
  ['SIGTERM', bySignal('SIGTERM'), 143, ''],
  ['SIGHUP', bySignal('SIGHUP'), 129, ''],
  ['SIGINT', bySignal('SIGINT'), 130, ''],
  ['SIGQUIT', bySignal('SIGQUIT'), 131, ''],
  ['an exception', byKey('x'), 1, 'Error: injected exception'],
  ['a rejection', byKey('r'), 1, 'Error: injected rejection'],
];

test.each(ENDS)('the terminal is given back after %s', async (_, end, status, says) => {
  await using shell = await openShell({ rows: 40 });
  const { terminal, folder } = shell;
  terminal.type(
    'stty -a > $FOLDER/before; $NODE $DEMO; echo "status=$?"; stty -a > $FOLDER/after; echo all""done\r',
  );
  await terminal.sees('READY');
  expect(terminal.isAlternate).toBe(true);
  expect(terminal.isCursorHidden).toBe(true);
  expect(terminal.isPasteMarked).toBe(true);
  terminal.press('m');
  await terminal.sees('mouse true');
  await terminal.until(() => terminal.isMouseCaptured, 'the mouse captured');
  end(shell);
  await terminal.sees('alldone');
  expect(terminal.isAlternate).toBe(false);
  expect(terminal.isCursorHidden).toBe(false);
  expect(terminal.isMouseCaptured).toBe(false);
  const after = await readFile(join(folder, 'after'), 'utf8');
  expect(after).toBe(await readFile(join(folder, 'before'), 'utf8'));
  expect(terminal.screen()).toContain(`status=${status}`);
  if (says) expect(terminal.screen()).toContain(says);
  await pasteModeIsOff(shell);
});

/** The shell marks pastes itself while it reads a line, so a program that reads one asks instead. */
async function pasteModeIsOff({ terminal }: Demo): Promise<void> {
  terminal.type('bind "set enable-bracketed-paste off"; echo ready""now; cat\r');
  await terminal.sees('readynow');
  expect(terminal.isPasteMarked).toBe(false);
}

test('nothing that runs behind it sees a non-blocking terminal', async () => {
  await using shell = await openShell();
  const { terminal } = shell;
  const flags =
    'for n in 0 1 2; do grep flags /proc/self/fdinfo/$n; done | sort -u | tr "\\n" " "; echo end';
  terminal.type(`${flags}; $NODE $DEMO; ${flags}\r`);
  await terminal.sees('READY');
  terminal.press('q');
  await terminal.until(() => terminal.screen().split('end').length >= 4, 'both answers');
  const answers = terminal.screen().match(/^flags:.*end$/gm) ?? [];
  expect(answers).toHaveLength(2);
  expect(answers[1]).toBe(answers[0]);
  const modes = answers.flatMap((answer) => answer.match(/\d+/g) ?? []);
  expect(modes.every((mode) => (Number.parseInt(mode, 8) & 0o4000) === 0)).toBe(true);
});

test('a terminal that cannot show it is refused in a sentence and left as it is', async () => {
  await using shell = await openShell();
  const { terminal } = shell;
  terminal.type(
    'TERM=dumb $NODE $DEMO 2>&1 | grep bad-settings; TERM=dumb $NODE $DEMO; echo "status=$?"\r',
  );
  await terminal.sees('status=1');
  expect(terminal.screen()).toContain('TERM=dumb');
  expect(terminal.isAlternate).toBe(false);
});

test('when the terminal goes away the program ends and hears of it', async () => {
  await using shell = await openShell();
  const { terminal } = shell;
  terminal.type('exec $NODE $DEMO\r');
  await terminal.sees('READY');
  terminal.hangUp();
  await terminal.exit;
  expect((await shell.report())?.lost).toMatch(/closed|written/);
});
