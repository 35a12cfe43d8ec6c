/** The real docker command through the server's proxy answers as on the engine's own socket: words and exit status. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startAgent } from '../support/agent.ts';
import { Closing } from '../support/closing.ts';
import { addDirectAgent } from '../support/direct-environment.ts';
import { type DockerCli, directCli, proxiedCli } from '../support/docker-cli.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { startServer } from '../support/server.ts';
import { openTestTerminal } from '../support/terminal.ts';

const run = promisify(execFile);
const closing = new Closing();
let engine: TestEngine;
let direct: DockerCli;
const through: Record<string, DockerCli> = {};
let folder: string;

beforeAll(async () => {
  engine = closing.use(await startEngine({ version: 'new', name: 'cli' }));
  folder = await mkdtemp(join(tmpdir(), 'fleet-flow-'));
  closing.defer(() => rm(folder, { recursive: true, force: true }));
  const agent = closing.use(await startAgent({ socketPath: engine.socketPath }));
  const server = closing.use(await startServer({ args: ['-H', `unix://${engine.socketPath}`] }));
  const environmentId = await addDirectAgent(server, agent, 'by-agent');
  const apiKey = await server.createApiKey('docker-cli');
  direct = closing.use(await directCli(engine.socketPath));
  const proxied = { serverUrl: server.url, apiKey };
  through.socket = closing.use(await proxiedCli({ ...proxied, environmentId: 1 }));
  through.agent = closing.use(await proxiedCli({ ...proxied, environmentId }));
  await engine.docker('run', '-d', '--name', 'steady', 'busybox', 'sleep', '10000');
}, 120_000);
afterAll(() => closing.close());

const cli = (way: string) => through[way] as DockerCli;

/** Ids and times differ from run to run; everything else must not. */
const settled = (text: string) =>
  text.replace(/\b[0-9a-f]{12,64}\b/g, 'ID').replace(/\d+(\.\d+)?(?=%|[kMG]?i?B)/g, 'N');

describe.each(['socket', 'agent'])('through the server and the %s', (way) => {
  test.each<{ name: string; args: string[]; input?: string }>([
    { name: 'ps -a', args: ['ps', '-a', '--format', '{{.Names}} {{.Image}} {{.State}}'] },
    { name: 'run', args: ['run', '--rm', 'busybox', 'echo', 'hello'] },
    { name: 'an exit status', args: ['run', '--rm', 'busybox', 'sh', '-c', 'echo no >&2; exit 7'] },
    {
      name: 'run -i to the end of stdin',
      args: ['run', '-i', '--rm', 'busybox', 'wc', '-c'],
      input: 'x'.repeat(300_000),
    },
    { name: 'exec', args: ['exec', 'steady', 'sh', '-c', 'echo out; echo err >&2; exit 3'] },
    {
      name: 'exec -i to the end of stdin',
      args: ['exec', '-i', 'steady', 'cat'],
      input: 'one\ntwo\n',
    },
    { name: 'stats', args: ['stats', '--no-stream', '--format', '{{.Name}} {{.PIDs}}', 'steady'] },
    { name: 'an unknown container', args: ['logs', 'nobody'] },
    { name: 'inspect', args: ['inspect', '--format', '{{.Name}} {{.Path}}', 'steady'] },
    { name: 'images', args: ['images', '--quiet', 'busybox:1.37'] },
  ])('$name', async ({ args, input }) => {
    const expected = await direct.run(args, input);
    const got = await cli(way).run(args, input);
    expect(got.code).toBe(expected.code);
    expect(settled(got.stdout)).toBe(settled(expected.stdout));
    expect(settled(got.stderr)).toBe(settled(expected.stderr));
  });

  test('exec -it is a terminal of the right size', async () => {
    await using terminal = await openTestTerminal({
      command: 'docker',
      args: ['exec', '-it', 'steady', 'sh'],
      env: cli(way).env,
      cols: 91,
      rows: 17,
    });
    await terminal.sees('/ #');
    terminal.type('stty size; exit 5\r');
    await terminal.sees('17 91');
    expect((await terminal.exit).code).toBe(5);
  });

  test('logs -f ends with the container, with every line', async () => {
    const name = `counter-${way}`;
    const script = 'for i in $(seq 1 200); do echo line $i; done; sleep 2; echo last';
    await engine.docker('run', '-d', '--name', name, 'busybox', 'sh', '-c', script);
    const followed = await cli(way).run(['logs', '-f', name]);
    expect(followed).toEqual(await direct.run(['logs', name]));
    expect(followed.stdout.trimEnd().split('\n')).toHaveLength(201);
  });

  test('attach sees what is printed, passes what is typed and ends as the container does', async () => {
    const name = `attached-${way}`;
    await engine.docker('run', '-dit', '--name', name, 'busybox', 'sh');
    const { env } = cli(way);
    await using terminal = await openTestTerminal({
      command: 'docker',
      args: ['attach', name],
      env,
    });
    await vi.waitFor(async () => {
      terminal.type('\r');
      await terminal.sees('/ #', { timeoutMs: 500 });
    }, 10_000);
    terminal.type('echo $((6 * 7)); exit 4\r');
    await terminal.sees('42');
    expect((await terminal.exit).code).toBe(4);
  });

  test('events arrive while they happen', async () => {
    const name = `eventful-${way}`;
    const until = String(Math.floor(Date.now() / 1000) + 4);
    const watched = cli(way).run([
      'events',
      '--until',
      until,
      '--filter',
      `container=${name}`,
      '--format',
      '{{.Action}}',
    ]);
    await engine.docker('run', '--rm', '--name', name, 'busybox', 'true');
    const { stdout, code } = await watched;
    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toEqual(expect.arrayContaining(['create', 'start', 'die']));
  });

  test('cp goes both ways without a changed byte', async () => {
    const source = join(folder, `source-${way}`);
    const bytes = Buffer.from(Array.from({ length: 3_000_000 }, (_, i) => (i * 7919) % 251));
    await writeFile(source, bytes);
    expect(await cli(way).run(['cp', source, `steady:/tmp/${way}`])).toMatchObject({ code: 0 });
    expect(await cli(way).run(['cp', `steady:/tmp/${way}`, `${source}.back`])).toMatchObject({
      code: 0,
    });
    expect((await readFile(`${source}.back`)).equals(bytes)).toBe(true);
  });

  // Without BuildKit: its client sends no HttpHeaders, so it has no credential to show.
  test.each(['folder', 'tar'])('build FROM scratch from a local %s', async (form) => {
    const context = await mkdtemp(join(folder, 'build-'));
    const tag = `built-${way}-${form}`;
    await writeFile(
      join(context, 'Dockerfile'),
      'FROM scratch\nCOPY note /note\nLABEL made=here\n',
    );
    await writeFile(join(context, 'note'), 'hello');
    const tar = await run('tar', ['-C', context, '-c', '.'], { encoding: 'buffer' });
    const source = form === 'tar' ? '-' : context;
    const built = await cli(way).run(['build', '-q', '-t', tag, source], tar.stdout);
    expect(built).toMatchObject({ code: 0, stdout: expect.stringMatching(/^sha256:/) });
    const label = await engine.docker('inspect', '--format', '{{.Config.Labels.made}}', tag);
    expect(label).toBe('here');
  });
});
