/** The program without a terminal: exit statuses, one sentence per failure, no secret anywhere. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startEngine } from '../support/engine.ts';
import { FLEET_TUI, tuiHome } from '../support/fleet-tui.ts';
import {
  certificateFor,
  freePort,
  listenHttp,
  listenHttps,
  listenTcp,
} from '../support/listeners.ts';

/** One line from us, with what to try behind a comma or semicolon. */
const ONE_SENTENCE = /^fleet-tui: [^\n]+[.\w]\n$/;

describe('fleet-tui', () => {
  it('tells its version and its help on stdout', async () => {
    await using home = await tuiHome();
    const version = await home.run('--version');
    expect(version).toMatchObject({ code: 0, stderr: '' });
    expect(version.stdout).toMatch(/^fleet-tui \d+\.\d+\.\d+\n$/);
    const help = await home.run('--help');
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain('Examples:');
  });

  it.each([
    ['--nonsense'],
    ['--docker', 'ssh://host'],
    ['--server', 'ftp://host'],
    ['--server', 'https://admin:hunter2@host'],
    ['--agent', 'http://host'],
    ['--agent', 'host', '--secret-file', '/nonexistent/secret'],
    ['--server', 'host', '--trust', 'abc'],
    ['--context', 'unknown'],
    ['context', 'use', 'unknown'],
    ['logout'],
  ])('%s %s %s %s ends with status 64', async (...args) => {
    await using home = await tuiHome();
    const { code, stdout, stderr } = await home.run(...args.filter((word) => word !== undefined));
    expect(code).toBe(64);
    expect(stdout).toBe('');
    expect(stderr).not.toContain('hunter2');
    expect(stderr.split('\n').length).toBeLessThanOrEqual(3);
  });

  it('says where it looked for an engine when there is none', async () => {
    await using home = await tuiHome();
    const { code, stderr } = await home.run();
    expect(code).toBe(69);
    expect(stderr).toContain('DOCKER_HOST (unix:///nonexistent/docker.sock)');
  });

  it('prints the fleet of an engine as tables', async () => {
    await using engine = await startEngine({ version: 'old', name: 'plain' });
    await engine.docker('run', '-d', '--name', 'web', '-p', '8080:80', 'rig/app:v1');
    await engine.docker('create', '--name', 'idle', 'busybox');
    await using home = await tuiHome(`unix://${engine.socketPath}`);
    for (const args of [[], ['--docker', `unix://${engine.socketPath}`]]) {
      const { code, stdout, stderr } = await home.run(...args);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(new RegExp(`^${engine.name} +up +docker 20\\S+ +1/2 +unix://`, 'm'));
      expect(stdout).toMatch(/web +rig\/app:v1 +running +Up .*0\.0\.0\.0:8080->80\/tcp/);
      expect(stdout).toMatch(/idle +busybox +created +Created$/m);
    }
  });

  it('ends without a word when its reader has seen enough', async () => {
    await using engine = await startEngine({ version: 'old', name: 'head' });
    await using home = await tuiHome(`unix://${engine.socketPath}`);
    const child = spawn(process.execPath, [FLEET_TUI], { env: home.env });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += String(chunk);
    });
    const [code] = await once(child, 'close');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});

describe('a wrong --server', () => {
  it('is explained in one sentence with status 69', async () => {
    await using silent = await listenTcp((socket) => socket.end('220 smtp\r\n'));
    await using web = await listenHttp((_request, response) => response.writeHead(404).end());
    await using home = await tuiHome();
    const expected = [
      [`https://127.0.0.1:${await freePort()}`, 'Nothing listens on'],
      [`https://${silent.where}`, 'does not speak HTTPS'],
      [`https://${web.where}`, 'speaks plain HTTP, not HTTPS; try http://'],
      [`http://${web.where}`, 'is no fleet-server (status 404)'],
      ['no-such-host.invalid', 'no-such-host.invalid'],
    ] as const;
    for (const [url, words] of expected) {
      const { code, stdout, stderr } = await home.run('--server', url);
      expect(stderr).toMatch(ONE_SENTENCE);
      expect(stderr).toContain(words);
      expect({ code, stdout }).toEqual({ code: 69, stdout: '' });
    }
  });

  it('with a certificate nobody knows names its fingerprint and how to accept it', async () => {
    await using server = await listenHttps(await certificateFor(), () => undefined);
    await using home = await tuiHome();
    const { code, stderr } = await home.run('--server', `https://${server.where}`);
    expect(code).toBe(69);
    expect(stderr).toMatch(/--trust ([0-9A-F]{2}:){31}[0-9A-F]{2}\n$/);
  });

  it('never sends a password where it is not wanted, nor prints it', async () => {
    const secret = 'correct horse battery';
    let heard = '';
    await using server = await listenHttps(await certificateFor(), (request) => {
      request.on('data', (chunk) => {
        heard += String(chunk);
      });
    });
    await using home = await tuiHome();
    const file = join(home.config, 'password');
    await writeFile(file, secret);
    const { code, stdout, stderr } = await home.run(
      'login',
      `https://${server.where}`,
      '--username',
      'admin',
      '--password-file',
      file,
    );
    expect(code).toBe(69);
    expect(stdout + stderr + heard).not.toContain(secret);
  });
});

describe('a broken contexts file', () => {
  it('is named on stderr and kept beside', async () => {
    await using home = await tuiHome();
    await writeFile(join(home.config, 'contexts.json'), 'no JSON');
    const { code, stdout, stderr } = await home.run('context', 'ls');
    expect(code).toBe(0);
    expect(stdout).toContain('No context is saved yet');
    const kept = (await readdir(home.config)).find((name) => name.includes('broken'));
    expect(stderr).toContain(join(home.config, kept ?? '?'));
  });
});
