/** logs and the changing commands against a real engine: plans, refusals, one line each, exit statuses. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Closing } from '../../support/closing.ts';
import { startEngine, type TestEngine } from '../../support/engine.ts';
import { type Finished, FLEET_TUI, type TuiHome, tuiHome } from '../../support/fleet-tui.ts';
import { openTestTerminal } from '../../support/terminal.ts';

/** A program of ours takes a second to start on a busy machine. */
const PATIENCE = 20_000;

const closing = new Closing();
let engine: TestEngine;
let home: TuiHome;

const fleetTui = (...args: string[]): Promise<Finished> => home.run(...args);
const stateOf = (name: string) => engine.docker('inspect', '-f', '{{.State.Status}}', name);

beforeAll(async () => {
  engine = closing.use(await startEngine({ version: 'old', name: 'change' }));
  home = closing.use(await tuiHome(`unix://${engine.socketPath}`));
  for (const name of ['web-1', 'web-2', 'web-3']) {
    const script = `trap 'exit 0' TERM; for i in 1 2 3; do echo ${name} $i; sleep 0.2; done; sleep 1000 & wait`;
    await engine.docker(
      'run',
      '-d',
      '--name',
      name,
      '-l',
      'app=web',
      'busybox',
      'sh',
      '-c',
      script,
    );
  }
  await engine.docker('create', '--name', 'idle', 'busybox', 'true');
}, 60_000);
afterAll(() => closing.close());

describe('logs', () => {
  it('of one container are as they were written', async () => {
    await vi.waitFor(
      async () =>
        expect(await fleetTui('logs', 'name:web-1')).toEqual({
          code: 0,
          stdout: 'web-1 1\nweb-1 2\nweb-1 3\n',
          stderr: '',
        }),
      PATIENCE,
    );
    expect((await fleetTui('logs', 'web-1', '--tail', '1')).stdout).toBe('web-1 3\n');
    expect((await fleetTui('logs', 'web-1', '--since', '2001-01-01', '-t')).stdout).toMatch(
      /^20\S+Z web-1 1\n20\S+Z web-1 2\n/,
    );
  });

  it('of many are merged by time, each line with its place', async () => {
    await vi.waitFor(async () => {
      const { stdout, code } = await fleetTui('logs', '-l', 'app=web', '--json');
      expect(code).toBe(0);
      const lines = stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(lines).toHaveLength(9);
      const times = lines.map(({ time }) => time);
      expect(times).toEqual(times.toSorted());
      expect(lines[0]).toEqual({
        time: expect.stringMatching(/^20.*Z$/),
        environment: engine.name,
        container: 'web-1',
        id: expect.stringMatching(/^[0-9a-f]{64}$/),
        stream: 'stdout',
        text: 'web-1 1',
      });
    }, PATIENCE);
    const { stdout } = await fleetTui('logs', 'web');
    expect(stdout).toContain(`${engine.name}/web-2 web-2 1\n`);
  });

  it('are followed until their containers are removed', async () => {
    for (const name of ['brief-1', 'brief-2'])
      await engine.docker(
        'run',
        '-d',
        '--rm',
        '--name',
        name,
        'busybox',
        'sh',
        '-c',
        'echo a; sleep 3; echo b',
      );
    const { stdout, code } = await fleetTui('logs', '-f', 'brief');
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n').toSorted()).toEqual(
      ['brief-1 a', 'brief-1 b', 'brief-2 a', 'brief-2 b'].map((line) => `${engine.name}/${line}`),
    );
  });

  it('without a container are status 3', async () => {
    expect(await fleetTui('logs', 'nobody')).toMatchObject({ code: 3, stdout: '' });
  });

  it('end quietly when their reader has seen enough', async () => {
    const child = spawn(process.execPath, [FLEET_TUI, 'logs', '-f', 'web'], { env: home.env });
    child.stdout.once('data', () => child.stdout.destroy());
    child.stdout.on('close', () => void engine.docker('restart', '-t', '1', 'web-1'));
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
  });
});

describe('a change', () => {
  it('is only planned with --dry-run, and refused where nobody can confirm it', async () => {
    const before = await engine.docker('inspect', '-f', '{{.State.StartedAt}}', 'web-1');
    const planned = await fleetTui('restart', 'web', '--dry-run');
    expect(planned).toMatchObject({ code: 0, stderr: '' });
    expect(planned.stdout).toMatch(
      new RegExp(`^Restart 3 containers:\\n${engine.name}: 3 containers\\n  web-1  busybox  Up `),
    );
    const refused = await fleetTui('restart', 'web');
    expect(refused.code).toBe(64);
    expect(refused.stderr).toContain('add --yes to restart 3 containers');
    expect(await engine.docker('inspect', '-f', '{{.State.StartedAt}}', 'web-1')).toBe(before);
  });

  it('tells a line for each and a sum', async () => {
    const paused = await fleetTui('pause', 'web', '--yes', '--width', '1');
    expect(paused).toMatchObject({ code: 0, stderr: 'fleet-tui: 3 of 3 paused.\n' });
    const lines = paused.stdout.trimEnd().split('\n').slice(-3);
    for (const [index, line] of lines.entries())
      expect(line).toMatch(new RegExp(`^${engine.name}/web-${index + 1}  paused in \\d`));
    const again = await fleetTui('pause', 'web', '--yes', '--plain');
    expect(again).toMatchObject({ code: 0, stderr: 'fleet-tui: There is nothing to do.\n' });
    expect(again.stdout).toContain(`left-out\t${engine.name}\tweb-1\tit is paused\n`);
    expect((await fleetTui('unpause', 'web', '--yes')).code).toBe(0);
    expect(await stateOf('web-3')).toBe('running');
  });

  it('is one object a line as JSON', async () => {
    const stopped = await fleetTui('stop', 'web-3', 'idle', '--yes', '--json');
    expect(stopped).toMatchObject({ code: 3 });
    const one = await fleetTui('stop', '/^(web-3|idle)$/', '--yes', '--json');
    expect(one.code).toBe(0);
    const told = one.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(told).toMatchObject([
      { action: 'stop', outcome: 'left-out', name: 'idle', why: 'it is created', tookMs: null },
      { action: 'stop', outcome: 'done', name: 'web-3', why: null, tookMs: expect.any(Number) },
    ]);
    expect(await stateOf('web-3')).toBe('exited');
  });

  it('is status 1 when something asked for was not done', async () => {
    const running = await fleetTui('rm', 'name:web-2', '--yes');
    expect(running.code).toBe(1);
    expect(running.stdout).toContain('left out: it runs; --force kills it first');
    const port = ['-p', '9999:80', 'busybox', 'sleep', '1000'];
    await engine.docker('run', '-d', '--name', 'holder', ...port);
    await engine.docker('create', '--name', 'clash', ...port);
    const failed = await fleetTui('start', 'clash', '--yes', '--plain');
    expect(failed.code).toBe(1);
    expect(failed.stdout).toMatch(/^failed\t\S+\tclash\t.*port is already allocated/);
    expect((await fleetTui('rm', 'image:busybox', '--yes', '--force', '--json')).code).toBe(0);
    expect(await engine.docker('ps', '-aq')).toBe('');
  });

  it('asks at a terminal', async () => {
    await engine.docker('run', '-d', '--name', 'asked', 'busybox', 'sleep', '1000');
    for (const [answer, code, state] of [
      ['n', 130, 'running'],
      ['y', 0, 'paused'],
    ] as const) {
      await using terminal = await openTestTerminal({
        command: process.execPath,
        args: [FLEET_TUI, 'pause', 'asked'],
        env: home.env as Record<string, string>,
      });
      await terminal.sees('Pause 1 container? [y/N]');
      terminal.type(`${answer}\r`);
      expect((await terminal.exit).code).toBe(code);
      expect(await stateOf('asked')).toBe(state);
    }
  });
});
