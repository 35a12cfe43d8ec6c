/** `fleet-tui proxy`: docker, BuildKit and compose run unchanged on an environment behind a server and an agent. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startAgent } from '../support/agent.ts';
import { Closing } from '../support/closing.ts';
import { addDirectAgent } from '../support/direct-environment.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { FLEET_TUI, type TuiHome, tuiHome } from '../support/fleet-tui.ts';
import { runCommand } from '../support/run-command.ts';
import { startServer } from '../support/server.ts';

const closing = new Closing();
let engine: TestEngine;
let home: TuiHome;
let env: Record<string, string>;

/** Runs a command through the proxy to its end. */
const through = (command: readonly string[], input: string | Buffer = '') =>
  runCommand(process.execPath, [FLEET_TUI, 'proxy', 'prod-7', '--', ...command], { env, input });

beforeAll(async () => {
  engine = closing.use(await startEngine({ version: 'new', name: 'proxy' }));
  const agent = closing.use(await startAgent({ socketPath: engine.socketPath }));
  const server = closing.use(await startServer());
  await addDirectAgent(server, agent, 'prod-7');
  home = closing.use(await tuiHome());
  const password = join(home.config, 'password');
  await writeFile(password, server.adminPassword);
  const login = ['--username', 'admin', '--password-file', password, '--trust', server.fingerprint];
  expect((await home.run('login', server.url, ...login)).code).toBe(0);
  env = {
    FLEET_TUI_CONFIG_DIR: home.config,
    XDG_RUNTIME_DIR: home.config,
    DOCKER_CONFIG: join(home.config, 'docker'),
    DOCKER_TLS_VERIFY: '1',
  };
  await engine.docker('run', '-d', '--name', 'steady', 'busybox', 'sleep', '10000');
}, 120_000);
afterAll(() => closing.close());

describe('with a command', () => {
  it.each<[command: string[], input: string, output: string, code: number]>([
    [['docker', 'ps', '--format', '{{.Names}}'], '', 'steady\n', 0],
    [
      ['docker', 'exec', '-i', 'steady', 'sh', '-c', 'wc -c; exit 5'],
      'x'.repeat(300_000),
      '300000\n',
      5,
    ],
    [['docker', 'run', '--rm', '-i', 'busybox', 'cat'], 'to and fro\n', 'to and fro\n', 0],
    [['sh', '-c', 'echo [$DOCKER_TLS_VERIFY]; kill -9 $$'], '', '[]\n', 137],
  ])('%j', async (command, input, output, code) => {
    const { stdout, stderr, code: status } = await through(command, input);
    expect({ stdout, stderr, status }).toEqual({ stdout: output, stderr: '', status: code });
  });

  it('a missing command is status 127, one that is no program 126', async () => {
    expect(await through(['no-such-command'])).toMatchObject({ code: 127 });
    expect(await through(['/etc/passwd'])).toMatchObject({ code: 126 });
  });

  it('BuildKit builds', async () => {
    const folder = join(home.config, 'build');
    await mkdir(folder);
    await writeFile(join(folder, 'Dockerfile'), 'FROM scratch\nCOPY note /note\nLABEL made=here\n');
    await writeFile(join(folder, 'note'), 'hello');
    const built = await through([
      'env',
      'DOCKER_BUILDKIT=1',
      'docker',
      'build',
      '-q',
      '-t',
      'kit',
      folder,
    ]);
    expect(built).toMatchObject({ code: 0, stdout: expect.stringMatching(/^sha256:/) });
    expect(await engine.docker('inspect', '-f', '{{.Config.Labels.made}}', 'kit')).toBe('here');
  });

  it('compose brings a project up and down', async () => {
    const file = join(home.config, 'compose.yaml');
    const service = 'image: busybox\n    command: sleep 1000\n    stop_grace_period: 0s\n';
    await writeFile(file, `services:\n  web:\n    ${service}  db:\n    ${service}`);
    const compose = ['docker', 'compose', '-p', 'shop', '-f', file];
    expect(await through([...compose, 'up', '-d', '--wait'])).toMatchObject({ code: 0 });
    const running = await engine.docker('ps', '--format', '{{.Names}}');
    expect(running.split('\n').toSorted()).toEqual(['shop-db-1', 'shop-web-1', 'steady']);
    expect(await through([...compose, 'exec', '-T', 'web', 'echo', 'inside'])).toMatchObject({
      code: 0,
      stdout: 'inside\n',
    });
    expect(await through([...compose, 'down'])).toMatchObject({ code: 0 });
    expect(await engine.docker('ps', '--format', '{{.Names}}')).toBe('steady');
  });
});

describe('without a command', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'prints its socket, private to this account, and removes it at %s',
    async (signal) => {
      const child = spawn(process.execPath, [FLEET_TUI, 'proxy', 'prod-7'], {
        env: { ...process.env, ...env },
      });
      let printed = '';
      child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
      await vi.waitFor(() => expect(printed).toMatch(/\n$/), 10_000);
      const path = printed.trim();
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      expect((await stat(dirname(path))).mode & 0o777).toBe(0o700);
      const follow = ['-H', `unix://${path}`, 'events', '--filter', 'container=nobody'];
      const events = spawn('docker', follow, { stdio: 'ignore' });
      const version = await runCommand('docker', ['-H', `unix://${path}`, 'version']);
      expect(version).toMatchObject({ code: 0 });
      child.kill(signal);
      expect((await once(child, 'exit'))[0]).toBe(0);
      events.kill();
      await expect(stat(dirname(path))).rejects.toThrow('ENOENT');
    },
  );

  it('an unknown environment, or a place that is taken, is status 64', async () => {
    const unknown = await home.run('proxy', 'prod-8');
    expect(unknown).toMatchObject({ code: 64, stdout: '' });
    expect(unknown.stderr).toBe(
      'fleet-tui: There is no environment "prod-8"; there are: prod-7.\n',
    );
    const taken = join(home.config, 'taken');
    await writeFile(taken, 'precious');
    expect((await home.run('proxy', 'prod-7', '--socket', taken)).code).toBe(64);
    expect((await stat(taken)).size).toBe(8);
    expect((await home.run('proxy', 'prod-7', '--socket', `/tmp/${'x'.repeat(120)}`)).code).toBe(
      64,
    );
  });

  it('--socket says where, and a failing engine is told as Docker tells its errors', async () => {
    const socket = join(home.config, 'prod.sock');
    const child = spawn(process.execPath, [FLEET_TUI, 'proxy', 'prod-7', '--socket', socket], {
      env: { ...process.env, ...env },
    });
    const output = text(child.stdout);
    await vi.waitFor(async () => expect((await stat(socket)).isSocket()).toBe(true), 10_000);
    await engine.kill();
    const failed = await runCommand('docker', ['-H', `unix://${socket}`, 'ps']);
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(/^Error response from daemon: /);
    child.kill('SIGTERM');
    expect(await output).toBe(`${socket}\n`);
    await expect(stat(socket)).rejects.toThrow('ENOENT');
    await engine.start();
  });
});
