/** ls, containers and problems as programs see them: exit status by severity, JSON shapes, one filter grammar. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Closing } from '../../support/closing.ts';
import { startEngine, type TestEngine } from '../../support/engine.ts';
import { type Finished, type TuiHome, tuiHome } from '../../support/fleet-tui.ts';

const closing = new Closing();
let engine: TestEngine;
let home: TuiHome;

const fleetTui = (...args: string[]): Promise<Finished> =>
  home.run('--docker', `unix://${engine.socketPath}`, ...args);

beforeAll(async () => {
  engine = closing.use(await startEngine({ version: 'new', name: 'look' }));
  home = closing.use(await tuiHome());
  const web = ['--name', 'shop-web-1', '-l', 'tier=edge', '-p', '8080:80', 'rig/app:v1'];
  await engine.docker('run', '-d', ...web);
  await engine.docker('create', '--name', 'idle', 'busybox');
  await engine.docker('run', '--name', 'broken', 'busybox', 'false').catch(() => undefined);
  await engine.docker('run', '-d', '--name', 'frozen', 'busybox', 'sleep', '1000');
  await engine.docker('pause', 'frozen');
}, 60_000);
afterAll(() => closing.close());

const json = ({ stdout }: Finished) => JSON.parse(stdout) as Record<string, unknown>[];
const names = (finished: Finished) => json(finished).map(({ name }) => name);

describe('containers', () => {
  it.each<[filter: string[], found: string[], code: number]>([
    [[], ['broken', 'frozen', 'idle', 'shop-web-1'], 2],
    [['shop'], ['shop-web-1'], 0],
    [['-f', 'shw1'], ['shop-web-1'], 0],
    [['-l', 'tier=edge'], ['shop-web-1'], 0],
    [['--', '-l', 'tier=edge'], ['shop-web-1'], 0],
    [['state:paused'], ['frozen'], 1],
    [['state:exited'], ['broken'], 2],
    [['!state:exited', '!/^fro/', 'image:busybox'], ['idle'], 0],
    [['nobody'], [], 3],
    [['host:nowhere'], [], 3],
  ])('%j finds %j with status %i', async (filter, found, code) => {
    const finished = await fleetTui('containers', '--json', ...filter);
    expect({ found: names(finished), code: finished.code }).toEqual({ found, code });
    expect(finished.stderr).toBe('');
  });

  it('are told whole as JSON', async () => {
    const [web] = json(await fleetTui('containers', '--json', 'shop'));
    expect(web).toEqual({
      environment: { id: 1, name: engine.name },
      id: expect.stringMatching(/^[0-9a-f]{64}$/),
      name: 'shop-web-1',
      image: 'rig/app:v1',
      command: expect.any(String),
      state: 'running',
      health: 'none',
      exitCode: null,
      condition: 'ok',
      isStale: false,
      project: null,
      createdAt: expect.stringMatching(/^20.*Z$/),
      startedAt: expect.stringMatching(/^20.*Z$/),
      finishedAt: null,
      ports: expect.arrayContaining([
        expect.objectContaining({ privatePort: 80, publicPort: 8080, protocol: 'tcp' }),
      ]),
      networks: ['bridge'],
      labels: expect.objectContaining({ tier: 'edge' }),
    });
  });

  it('are lines of fields between tabs with --plain, a table else', async () => {
    const plain = await fleetTui('containers', 'idle', '--plain');
    expect(plain.stdout).toBe(`${engine.name}\tidle\tbusybox\tcreated\tCreated\t\n`);
    const table = await fleetTui('containers', 'idle');
    expect(table.stdout).toMatch(/^ENVIRONMENT +NAME +IMAGE +STATE +STATUS +PORTS\n.* idle +busy/);
  });
});

describe('ls', () => {
  it('tells environments with the severity of what runs there', async () => {
    const all = await fleetTui('ls', '--json');
    expect(all.code).toBe(2);
    expect(json(all)).toMatchObject([
      {
        id: 1,
        name: engine.name,
        kind: 'socket',
        connection: 'up',
        reason: null,
        engine: { kind: 'docker', version: expect.stringMatching(/^26/) },
        containers: { total: 4, running: 1, problems: 1 },
      },
    ]);
    expect((await fleetTui('ls', 'state:down')).code).toBe(3);
    expect((await fleetTui('ls', `name:${engine.name}`)).stdout).toContain('1/4');
  });
});

describe('problems', () => {
  it('are the ill containers, and nothing with status 0 when all is well', async () => {
    const all = await fleetTui('problems', '--json');
    expect(all.code).toBe(2);
    expect(json(all)).toMatchObject([{ what: 'container', name: 'broken', exitCode: 1 }]);
    expect(await fleetTui('problems', 'shop')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await fleetTui('problems', '--json', 'shop')).toMatchObject({ code: 0, stdout: '[]\n' });
    expect((await fleetTui('problems')).stdout).toMatch(/broken +Exited \(1\) .* ago +busybox/);
  });
});

describe('what makes no sense', () => {
  it.each([
    [['containers', '/web('], 'is wrong at 1: unterminated group'],
    [['containers', 'a', 'state:runing'], 'is wrong at 1: there is no state runing'],
    [['ls', '--json', '--plain'], 'cannot be used with'],
    [['ls', '--context', 'x'], '--docker and --context exclude each other'],
    [['problems', '-l', '=x'], '-l needs label or label=value'],
    [['restart'], 'restart needs a filter'],
    [['rm', '/', '!'], 'rm needs a filter'],
    [['stop', 'web', '--width', '0'], 'between 1 and 1000'],
    [['logs', '--since', 'yesterday'], '10m'],
    [['completion'], 'missing required argument'],
    [['proxy'], 'missing required argument'],
  ])('%j ends with status 64', async (args, words) => {
    const { code, stdout, stderr } = await fleetTui(...args);
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    expect(stderr).toContain(words);
  });

  it('a source that does not answer is status 69', async () => {
    const { code, stderr } = await home.run('ls', '--docker', 'unix:///nonexistent/docker.sock');
    expect(code).toBe(69);
    expect(stderr).toMatch(/^fleet-tui: .*\n$/);
  });
});
