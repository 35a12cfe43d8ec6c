/** Exec and attach on real engines, straight and through a real server and a real agent. */
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { agentFleet } from '../../src/client/agent-fleet.ts';
import { serverFleet } from '../../src/client/server-fleet.ts';
import { socketFleet } from '../../src/client/socket-fleet.ts';
import type { Engine, EngineTerminal } from '../../src/docker/engine.ts';
import { startAgent } from '../support/agent.ts';
import { Closing } from '../support/closing.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { FleetRecorder } from '../support/fleet-recorder.ts';
import { startServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const { signal } = new AbortController();
const closing = new Closing();
const engines = new Map<string, Engine>();
let old: TestEngine;
let fresh: TestEngine;

async function throughServer(real: TestEngine): Promise<Engine> {
  const server = closing.use(await startServer());
  const { body } = await server.api('POST', '/api/endpoints', {
    Name: 'one',
    EndpointCreationType: 1,
    URL: `unix://${real.socketPath}`,
  });
  const token = await server.createApiKey('terminal');
  const { url, fingerprint } = server;
  const fleet = closing.use(serverFleet({ url, credential: { token }, fingerprint }));
  const seen = new FleetRecorder(fleet);
  await seen.sees(() => seen.container('box'));
  return fleet.engine(Number(body.Id));
}

async function throughAgent(real: TestEngine): Promise<Engine> {
  const folder = closing.use(await temporaryFolder());
  const { host, port } = closing.use(await startAgent({ socketPath: real.socketPath }));
  const fleet = closing.use(await agentFleet({ host, port, folder: folder.path }));
  await fleet.check(AbortSignal.timeout(15_000));
  return fleet.engine(1);
}

beforeAll(async () => {
  [old, fresh] = await Promise.all([
    startEngine({ version: 'old', name: 'trm' }).then((engine) => closing.use(engine)),
    startEngine({ version: 'new', name: 'trm' }).then((engine) => closing.use(engine)),
  ]);
  for (const real of [old, fresh]) {
    await real.docker('run', '-d', '--init', '--name', 'box', 'busybox', 'sleep', '1000');
  }
  engines.set('old', closing.use(socketFleet(`unix://${old.socketPath}`)).engine(1));
  engines.set('new', closing.use(socketFleet(`unix://${fresh.socketPath}`)).engine(1));
  engines.set('server', await throughServer(old));
  engines.set('agent', await throughAgent(fresh));
}, 120_000);
afterAll(() => closing.close());

/** Everything said until all the texts came. */
async function until({ stream }: EngineTerminal, ...wanted: string[]): Promise<string> {
  let said = '';
  await new Promise<void>((resolve) => {
    stream.on('data', function hear(chunk: Buffer) {
      said += chunk.toString();
      if (!wanted.every((words) => said.includes(words))) return;
      stream.off('data', hear);
      resolve();
    });
  });
  return said;
}

describe.each(['old', 'new', 'server', 'agent'])('by way of %s', (way) => {
  const engine = () => engines.get(way) as Engine;

  test('a shell has a terminal of the size asked for, and of each size after that', async () => {
    const size = { columns: 91, rows: 27 };
    const shell = await engine().exec('box', { cmd: ['sh'], tty: true, size }, signal);
    shell.stream.write('stty size; echo "café 日本"\n');
    expect(await until(shell, '日本\r\n')).toMatch(/27 91\r\n/);
    await Promise.all([
      shell.resize({ columns: 50, rows: 10 }),
      shell.resize({ columns: 60, rows: 11 }),
      shell.resize({ columns: 132, rows: 44 }),
    ]);
    shell.stream.write('stty size; exit 7\n');
    const rest = text(shell.stream);
    expect(await rest).toContain('44 132');
    expect(await shell.exit()).toBe(7);
  });

  test('ctrl-c interrupts what runs in it', async () => {
    const script = 'trap "echo caught; exit 3" INT; echo begun; while :; do sleep 0.05; done';
    const shell = await engine().exec('box', { cmd: ['sh', '-c', script], tty: true }, signal);
    await until(shell, 'begun');
    shell.stream.write('\x03');
    expect(await text(shell.stream)).toContain('caught');
    expect(await shell.exit()).toBe(3);
  });

  test('a command without a terminal: all its output, and its status', async () => {
    const cmd = ['sh', '-c', 'echo out; echo bad >&2; seq 1 20000; exit 5'];
    const run = await engine().exec('box', { cmd, tty: false }, signal);
    const said = await text(run.stream);
    const numbers = Array.from({ length: 20_000 }, (_, i) => `${i + 1}\n`).join('');
    // The engine copies the two streams side by side: the error may stand anywhere between two reads of the output.
    expect(said).toContain('bad\n');
    expect(said.replace('bad\n', '')).toBe(`out\n${numbers}`);
    expect(await run.exit()).toBe(5);
  });

  test('a command that is missing has a status and says so', async () => {
    const outcome = await engine()
      .exec('box', { cmd: ['no-such-program'], tty: false }, signal)
      .then(async (run) => ({ said: await text(run.stream), status: await run.exit() }))
      .catch((fault: Error) => ({ said: fault.message, status: 127 }));
    expect(outcome.said).toMatch(/executable file not found/);
    expect([126, 127]).toContain(outcome.status);
  });

  test('in a container that is gone or does not run it is refused in the engine’s words', async () => {
    const gone = engine().exec('nobody', { cmd: ['sh'], tty: true }, signal);
    await expect(gone).rejects.toMatchObject({ code: 'not-found' });
    const real = way === 'old' || way === 'server' ? old : fresh;
    const id = await real.docker('create', 'busybox');
    const idle = engine().exec(id, { cmd: ['sh'], tty: true }, signal);
    await expect(idle).rejects.toThrow(/is not running/);
  });

  test('the signal ends the stream', async () => {
    const abort = new AbortController();
    const shell = await engine().exec('box', { cmd: ['sh'], tty: true }, abort.signal);
    const closed = once(shell.stream, 'close');
    abort.abort();
    await closed;
    expect(await shell.exit()).toBeNull();
  });

  test('attach joins a container with a terminal, and docker’s own keys leave it running', async () => {
    const real = way === 'old' || way === 'server' ? old : fresh;
    const id = await real.docker('run', '-dit', 'busybox', 'sh');
    const size = { columns: 77, rows: 22 };
    const joined = await engine().attach(id, { tty: true, input: true, size }, signal);
    joined.stream.write('stty size; echo he""re\n');
    expect(await until(joined, 'here')).toContain('22 77');
    joined.stream.write('\x10\x11');
    await text(joined.stream);
    expect(await joined.exit()).toBeNull();
    const again = await engine().attach(id, { tty: true, input: true }, signal);
    again.stream.write('exit 9\n');
    await text(again.stream);
    expect(await again.exit()).toBe(9);
  });

  test('attach to a container without a terminal shows what it prints from now on', async () => {
    const real = way === 'old' || way === 'server' ? old : fresh;
    const script = 'while read -r line; do echo "got $line"; echo "err $line" >&2; done; exit 4';
    const id = await real.docker('run', '-di', 'busybox', 'sh', '-c', script);
    const joined = await engine().attach(id, { tty: false, input: true }, signal);
    joined.stream.write('one\n');
    await until(joined, 'got one\n', 'err one\n');
    joined.stream.write('two\n');
    await until(joined, 'err two\n');
    await real.docker('kill', id);
    await text(joined.stream);
    expect(await joined.exit()).toBe(137);
  });
});
