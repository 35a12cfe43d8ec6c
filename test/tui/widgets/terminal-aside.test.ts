/** The terminal in other hands for a while: stopped, continued, lent to another program. */
import { expect, test } from 'vitest';
import { type Demo, openDemo, openShell } from '../../support/demo.ts';

async function start(shell: Demo): Promise<number> {
  shell.terminal.type('$NODE $DEMO; echo "status=$?"\r');
  await shell.terminal.sees('READY');
  return Number(/pid (\d+)/.exec(shell.terminal.screen())?.[1]);
}

test('ctrl-z gives the shell its terminal, fg brings the console back', async () => {
  await using shell = await openShell();
  const { terminal } = shell;
  await start(shell);
  for (let round = 1; round <= 3; round++) {
    terminal.press('j', 'ctrl-z');
    await terminal.sees('Stopped');
    expect(terminal.isAlternate).toBe(false);
    expect(terminal.isCursorHidden).toBe(false);
    terminal.type(`stty -a | grep -o -- '-*icanon'; echo round""${round}\r`);
    await terminal.sees(`round${round}`);
    expect(terminal.screen()).toMatch(/^icanon$/m);
    terminal.type('clear; fg\r');
    await terminal.sees(`selected ${round}`);
    expect(terminal.isAlternate).toBe(true);
    expect(terminal.line(0)).toMatch(/^┌─ Demo ─/);
  }
  terminal.press('q');
  await terminal.until(() => !terminal.isAlternate, 'the shell to come back');
  terminal.type('echo "status=$?"\r');
  await terminal.sees('status=0');
});

test('stopped from outside and continued by fg', async () => {
  await using shell = await openShell();
  const { terminal } = shell;
  const pid = await start(shell);
  process.kill(pid, 'SIGTSTP');
  await terminal.sees('Stopped');
  expect(terminal.isAlternate).toBe(false);
  terminal.type('fg\r');
  await terminal.until(() => terminal.isAlternate, 'the console to come back');
  terminal.press('j');
  await terminal.sees('selected 1');
});

test('stopped by a signal that cannot be caught, the console takes the terminal over again', async () => {
  await using shell = await openShell();
  const { terminal } = shell;
  const pid = await start(shell);
  // What was asked of the terminal at the start is answered by now: no answer is left for the shell to read.
  terminal.press('j');
  await terminal.sees('selected 1');
  process.kill(pid, 'SIGSTOP');
  await terminal.sees('Stopped');
  terminal.type('fg\r');
  await terminal.seesNo('Stopped');
  terminal.press('j');
  await terminal.sees('selected 2');
  expect(terminal.line(0)).toMatch(/^┌─ Demo ─/);
  expect(terminal.isCursorHidden).toBe(true);
});

test('resized while it was stopped, it comes back in the new size', async () => {
  await using shell = await openShell();
  const { terminal } = shell;
  await start(shell);
  terminal.press('ctrl-z');
  await terminal.sees('Stopped');
  terminal.resize(70, 12);
  terminal.type('fg\r');
  await terminal.sees('70x12');
  expect(terminal.line(10)).toMatch(/^└─{68}┘$/);
});

test('ctrl-z without a shell to return to leaves the console where it is', async () => {
  await using demo = await openDemo();
  const { terminal } = demo;
  const entered = () => terminal.written.split('\x1b[?1049h').length - 1;
  terminal.press('ctrl-z');
  await terminal.until(() => entered() === 2 && terminal.isAlternate, 'the console to come back');
  terminal.press('j');
  await terminal.sees('selected 1');
});

test('another program has the terminal to itself and gives it back', async () => {
  await using demo = await openDemo({ env: { PS1: 'CHILD> ' } });
  const { terminal } = demo;
  for (let round = 1; round <= 5; round++) {
    terminal.press('e');
    await terminal.until(
      () => !terminal.isAlternate && /^CHILD>/m.test(terminal.screen()),
      'a prompt',
    );
    terminal.type(`stty size; echo "<${round}>" "日本"; exit ${round}\r`);
    await terminal.sees(`child ended with ${round}`);
    expect(terminal.isAlternate).toBe(true);
    expect(terminal.written).toContain('30 100');
  }
  terminal.press('j');
  await terminal.sees('selected 1');
});

test('ctrl-c belongs to the program that has the terminal', async () => {
  await using demo = await openDemo({ env: { PS1: 'CHILD> ' } });
  const { terminal } = demo;
  terminal.press('e');
  await terminal.sees(/^CHILD>/m);
  terminal.type('echo begun""now; sleep 600\r');
  await terminal.sees('begunnow');
  terminal.press('ctrl-c');
  await terminal.until(
    () => (terminal.screen().match(/^CHILD>/gm) ?? []).length >= 2,
    'a second prompt',
  );
  terminal.type('exit 7\r');
  await terminal.sees('child ended with 7');
});

test('resized by the program that has the terminal, the console hears of it', async () => {
  await using demo = await openDemo({ env: { PS1: 'CHILD> ' } });
  const { terminal } = demo;
  terminal.press('e');
  await terminal.sees(/^CHILD>/m);
  terminal.resize(64, 15);
  terminal.type('sleep 0.1; stty size; exit 3\r');
  await terminal.sees('64x15 told 64x15');
  expect(terminal.line(13)).toMatch(/^└─{62}┘$/);
});

test('a program that does not exist is status 127', async () => {
  await using demo = await openDemo({ env: { CHILD: '/does/not/exist' } });
  demo.terminal.press('e');
  await demo.terminal.sees('child ended with 127');
  expect(demo.terminal.isAlternate).toBe(true);
});

test('the other program gets a terminal that blocks, as programs expect', async () => {
  await using demo = await openDemo({ env: { PS1: 'CHILD> ' } });
  const { terminal } = demo;
  terminal.press('e');
  await terminal.sees(/^CHILD>/m);
  terminal.type(
    'for n in 0 1 2; do grep -h flags /proc/self/fdinfo/$n; done; seq 1 100000; exit $?\r',
  );
  await terminal.sees('child ended with 0', { timeoutMs: 30_000 });
  const modes = [...terminal.written.matchAll(/flags:\s*(\d+)/g)].map(([, mode = '']) => mode);
  expect(modes).toHaveLength(3);
  expect(modes.filter((mode) => Number.parseInt(mode, 8) & 0o4000)).toEqual([]);
  expect(terminal.written).toContain('\n100000\r\n');
});

test('the mouse is the terminal’s own while the console is stopped, and captured again behind fg', async () => {
  await using shell = await openShell();
  const { terminal } = shell;
  await start(shell);
  terminal.press('m');
  await terminal.until(() => terminal.isMouseCaptured, 'the mouse captured');
  terminal.type('\x1b[<65;5;3M\x1b[<0;7;2M\x1b[<0;7;2m');
  await terminal.sees('pointer press 1,6');
  terminal.press('ctrl-z');
  await terminal.sees('Stopped');
  expect(terminal.isMouseCaptured).toBe(false);
  terminal.type('fg\r');
  await terminal.until(() => terminal.isMouseCaptured, 'the mouse captured again');
  terminal.press('m');
  await terminal.sees('mouse false');
  await terminal.until(() => !terminal.isMouseCaptured, 'the mouse let go');
  terminal.type('\x1b[<65;5;3M');
  terminal.press('j');
  await terminal.sees('selected 1');
  expect(terminal.screen()).not.toContain('pointer wheel');
  terminal.press('q');
});
