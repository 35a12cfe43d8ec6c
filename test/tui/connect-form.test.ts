/** The connect form in a real terminal: what went wrong in one sentence, and the question again. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readContexts } from '../../src/client/contexts.ts';
import { startEngine } from '../support/engine.ts';
import { FLEET_TUI, type TuiHome, tuiHome } from '../support/fleet-tui.ts';
import { openTestTerminal } from '../support/terminal.ts';

/** Standard output goes to a file, so that the plain table ends the program once the questions are answered. */
async function openForm(home: TuiHome) {
  const script = `exec ${process.execPath} ${FLEET_TUI} > ${join(home.config, 'out')}`;
  return await openTestTerminal({ command: 'sh', args: ['-c', script], env: home.env, cols: 150 });
}

describe('the connect form', () => {
  it('asks until it has an engine that answers, and remembers it', async () => {
    await using engine = await startEngine({ version: 'new', name: 'form' });
    await using home = await tuiHome();
    await using terminal = await openForm(home);
    await terminal.sees('No Docker engine answers on this machine');
    await terminal.sees('Choice [1]:');
    terminal.type('7\r');
    await terminal.sees('Type 1, 2 or 3.');
    terminal.type('3\r');
    await terminal.sees('Engine (unix:///… or tcp://…):');
    terminal.type('unix:///nonexistent\r');
    await terminal.sees('there is no such socket');
    terminal.type('3\r');
    await terminal.sees(/x/);
    terminal.type(`unix://${engine.socketPath}\r`);
    expect(await terminal.exit).toMatchObject({ code: 0 });
    expect(await readFile(join(home.config, 'out'), 'utf8')).toContain(engine.name);
    const { current, contexts } = await readContexts(home.config);
    expect(contexts).toMatchObject([{ name: current, kind: 'docker' }]);
    expect((await home.run()).stdout).toContain(engine.name);
  });

  it('hands the terminal over to the full screen, which gives it back', async () => {
    await using engine = await startEngine({ version: 'old', name: 'full' });
    await engine.docker('create', '--name', 'very-own-name', 'busybox');
    await using home = await tuiHome();
    await using terminal = await openTestTerminal({
      command: process.execPath,
      args: [FLEET_TUI],
      env: home.env,
      cols: 120,
    });
    await terminal.sees('Choice [1]:');
    terminal.type(`3\runix://${engine.socketPath}\r`);
    await terminal.until(() => terminal.isAlternate, 'the full screen');
    await terminal.sees(engine.name);
    terminal.type('2');
    await terminal.sees('very-own-name');
    terminal.kill('SIGTERM');
    await terminal.until(() => !terminal.isAlternate, 'the plain terminal');
    expect(await terminal.exit).toMatchObject({ code: 143 });
  });

  it('says what is wrong with a server and with an agent', async () => {
    await using home = await tuiHome();
    await using terminal = await openForm(home);
    await terminal.sees('Choice [1]:');
    terminal.type('\r');
    await terminal.sees('Server (https://host:9443):');
    terminal.type('https://127.0.0.1:1\r');
    await terminal.sees('Nothing listens on 127.0.0.1:1');
    terminal.type('2\r');
    await terminal.sees('Agent (host:9001):');
    terminal.type('127.0.0.1:1\r');
    await terminal.sees('Its AGENT_SECRET');
    terminal.type('my-agent-secret\r');
    await terminal.sees(/127\.0\.0\.1:1: nothing listens there/);
    expect(terminal.written).not.toContain('my-agent-secret');
  });

  it.each(['ctrl-c', 'ctrl-d'])('is left with %s', async (key) => {
    await using home = await tuiHome();
    await using terminal = await openForm(home);
    await terminal.sees('Choice [1]:');
    terminal.press(key);
    expect(await terminal.exit).toMatchObject({ code: 130 });
    expect((await readContexts(home.config)).contexts).toEqual([]);
  });
});
