/** Docker going away and coming back is a state on the screen, and a killed console gives its terminal back. */
import { expect, test } from 'vitest';
import { startEngine } from '../support/engine.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openTestTerminal } from '../support/terminal.ts';

test.each(['old', 'new'] as const)('an engine that stops and starts (%s)', async (version) => {
  await using folder = await temporaryFolder();
  await using engine = await startEngine({ version, name: 'away' });
  await engine.docker(
    'run',
    '-d',
    '--restart',
    'always',
    '--name',
    'steady',
    'busybox',
    'sleep',
    '9999',
  );
  await using shell = await openTestTerminal({
    command: 'bash',
    args: ['--norc', '--noprofile', '-i'],
    env: { FLEET_TUI_CONFIG_DIR: folder.path, PS1: '$ ' },
    cols: 110,
  });
  const console = `${process.execPath} dist/fleet-tui.js --docker unix://${engine.socketPath}`;
  shell.type(
    `before=$(stty -g); ${console} & pid=$!; fg >/dev/null; echo "status $?"; [ "$before" = "$(stty -g)" ] && echo same""again\r`,
  );
  await shell.sees(/o .*steady .*running/);
  expect(shell.isAlternate).toBe(true);

  await engine.stop();
  await shell.sees('unreachable', { timeoutMs: 30_000 });
  expect(shell.screen()).toContain('steady');
  await engine.start();
  await shell.seesNo('unreachable', { timeoutMs: 60_000 });
  await shell.sees(/o .*steady .*running/);

  shell.type(':q');
  shell.press('enter');
  await shell.sees('status 0');
  await shell.sees('sameagain');
  expect(shell.isAlternate).toBe(false);
});
