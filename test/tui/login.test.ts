/** Signing in on a real terminal to a real server: nothing secret is shown, kept or passed on. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readContexts } from '../../src/client/contexts.ts';
import { FLEET_TUI, type TuiHome, tuiHome } from '../support/fleet-tui.ts';
import { startInProcessServer } from '../support/in-process-server.ts';
import { certificateFor, listenHttps } from '../support/listeners.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { openTestTerminal, type TestTerminal } from '../support/terminal.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => await server?.[Symbol.asyncDispose]());

async function openLogin(home: TuiHome, ...args: string[]) {
  return await openTestTerminal({
    command: process.execPath,
    args: [FLEET_TUI, 'login', ...args],
    env: home.env,
    cols: 160,
  });
}

/** The arguments of the process, as every account of the machine can read them. */
async function commandLineOf(terminal: TestTerminal): Promise<string> {
  return await readFile(`/proc/${terminal.pid}/cmdline`, 'utf8');
}

/** A server that steers the terminal of whoever signs in, if it is let. */
async function listenSteering() {
  const certificate = await certificateFor();
  const message = 'Wait\x1b]0;owned\x07\x1b[2J\x9b31m a while';
  return await listenHttps(certificate, (request, response) => {
    const isStatus = request.url === '/api/system/status' || request.url === '/api/status';
    response.writeHead(isStatus ? 200 : 429, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(isStatus ? { Version: '2.23.0', InstanceID: 'x' } : { message }));
  });
}

async function passwordFile(home: TuiHome, password: string): Promise<string> {
  const path = join(home.config, 'password');
  await writeFile(path, `${password}\n`);
  return path;
}

describe('fleet-tui login', () => {
  it('shows the fingerprint, asks without echo, allows another try, saves a private context', async () => {
    await using home = await tuiHome();
    await using terminal = await openLogin(home);
    await terminal.sees('Server (https://host:9443):');
    terminal.type(`${server.url}\r`);
    await terminal.sees(`Fingerprint: ${server.fingerprint}`);
    await terminal.sees('[y/N]');
    terminal.type('y\r');
    await terminal.sees('User name:');
    terminal.type('admin\r');
    await terminal.sees('Password of admin:');
    terminal.type('a wrong password\r');
    await terminal.sees('does not accept this user name and password');
    terminal.type(`${server.adminPassword}x`);
    terminal.press('backspace', 'enter');
    await terminal.sees('Signed in to');
    expect(await commandLineOf(terminal).catch(() => '')).not.toContain(server.adminPassword);
    expect(await terminal.exit).toMatchObject({ code: 0 });
    expect(terminal.written).not.toContain('a wrong password');
    expect(terminal.written).not.toContain(server.adminPassword);
    const { current, contexts } = await readContexts(home.config);
    expect(current).toBe('127.0.0.1');
    expect(contexts).toMatchObject([
      { name: '127.0.0.1', url: server.url, fingerprint: server.fingerprint },
    ]);
    for (const name of await readdir(home.config)) {
      const text = await readFile(join(home.config, name), 'utf8').catch(() => '');
      expect(text).not.toContain(server.adminPassword);
    }
    expect(await home.run('context', 'ls')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\* +127\.0\.0\.1 +server +https:.* +admin$/m),
    });
    expect(await home.run()).toMatchObject({ code: 0, stderr: '' });
  });

  it('does nothing when the fingerprint is not confirmed', async () => {
    await using home = await tuiHome();
    await using terminal = await openLogin(home, server.url);
    await terminal.sees('[y/N]');
    terminal.type('\r');
    expect(await terminal.exit).toMatchObject({ code: 130 });
    expect((await readContexts(home.config)).contexts).toEqual([]);
  });

  it('creates the first administrator of a fresh server', async () => {
    await using fresh = await startInProcessServer({ hasAdministrator: false });
    await using home = await tuiHome();
    await using terminal = await openLogin(home, fresh.url);
    await terminal.sees('[y/N]');
    terminal.type('yes\r');
    await terminal.sees('User name [admin]:');
    terminal.type('\r');
    await terminal.sees('Password (12 characters or more):');
    terminal.type('one password it is\r');
    await terminal.sees('The same again:');
    terminal.type('another one it is\r');
    await terminal.sees('These two differ.');
    terminal.type('\rshort\rshort\r');
    await terminal.sees('wants another password. Give at least 12');
    terminal.type('\rone password it is\rone password it is\r');
    await terminal.sees('Signed in to');
    expect(await terminal.exit).toMatchObject({ code: 0 });
    expect(terminal.written).not.toContain('one password it is');
    expect(await fresh.signIn('admin', 'one password it is')).toMatch(/\./);
    expect(await home.run()).toMatchObject({ code: 0 });
  });

  it('gives up after three wrong passwords', async () => {
    await using home = await tuiHome();
    await using own = await startServer();
    const args = [own.url, '--trust', own.fingerprint, '--username', 'admin'];
    await using terminal = await openLogin(home, ...args);
    for (const attempt of [1, 2, 3]) {
      const asked = new RegExp(`(Password of admin:[\\s\\S]*){${attempt}}`);
      await terminal.sees(asked);
      terminal.type('nonsense\r');
    }
    expect(await terminal.exit).toMatchObject({ code: 77 });
  });

  it('works without a terminal, from files; logging out revokes the key', async () => {
    await using home = await tuiHome();
    const file = await passwordFile(home, server.adminPassword);
    const args = ['login', server.url, '--username', 'admin', '--password-file', file];
    expect(await home.run(...args)).toMatchObject({
      code: 69,
      stderr: expect.stringContaining(`--trust ${server.fingerprint}`),
    });
    const trusting = [...args, '--trust', server.fingerprint.toLowerCase(), '--name', 'prod'];
    expect(await home.run(...trusting)).toMatchObject({ code: 0, stdout: '' });
    const keys = async () => (await server.api('GET', '/api/users/1/tokens')).body.length;
    const before = await keys();
    expect(await home.run(...args, '--name', 'prod')).toMatchObject({ code: 0 });
    expect(await keys()).toBe(before);
    expect(await home.run('--context', 'prod')).toMatchObject({ code: 0, stderr: '' });
    expect(await home.run('--server', server.url)).toMatchObject({ code: 0, stderr: '' });
    expect(await home.run('logout')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('Signed out of'),
    });
    expect(await keys()).toBe(before - 1);
    expect(await home.run()).toMatchObject({
      code: 77,
      stderr: expect.stringContaining('Nobody is signed in'),
    });
    expect(await home.run('context', 'rm', 'prod')).toMatchObject({ code: 0 });
    expect((await readContexts(home.config)).contexts).toEqual([]);
  });

  it('with a wrong password from a file ends with status 77', async () => {
    await using home = await tuiHome();
    const file = await passwordFile(home, 'not the right one');
    const args = ['--username', 'admin', '--password-file', file, '--trust', server.fingerprint];
    const { code, stderr } = await home.run('login', server.url, ...args);
    expect(code).toBe(77);
    expect(stderr).not.toContain('not the right one');
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('shows what a server says without what would steer the terminal', async () => {
    await using hostile = await listenSteering();
    await using home = await tuiHome();
    const file = await passwordFile(home, 'some password');
    const url = `https://${hostile.where}`;
    const asked = await home.run('login', url, '--username', 'ada', '--password-file', file);
    const [, fingerprint = ''] = /--trust ([0-9A-F:]+)/.exec(asked.stderr) ?? [];
    const trust = ['--username', 'ada', '--password-file', file, '--trust', fingerprint];
    const told = await home.run('login', url, ...trust);
    expect(told).toMatchObject({ code: 77, stdout: '' });
    expect(told.stderr).toContain('takes no more attempts now (wait a while)');
  });
});
