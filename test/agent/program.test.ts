/** The program itself: what it says and how it ends when a setting is wrong, and how it stops. */
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startAgent } from '../support/agent.ts';
import { AgentClient } from '../support/agent-client.ts';
import { startEngine } from '../support/engine.ts';
import { listenTcp } from '../support/listeners.ts';
import { runCommand } from '../support/run-command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const PROGRAM = fileURLToPath(new URL('../../dist/fleet-agent.js', import.meta.url));

function runAgent(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return runCommand(process.execPath, [PROGRAM, ...args], { env: { EDGE: '', ...env } });
}

test.each([
  [{ AGENT_PORT: '99999' }, /^fleet-agent: AGENT_PORT must be a port from 0 to 65535\.\n$/],
  [{ EDGE: '1' }, /^fleet-agent: EDGE is set, but EDGE_KEY is not/],
  [{ DOCKER_HOST: 'ssh://me@host' }, /^fleet-agent: .*is not a Docker address/],
  [{ DATA_PATH: '/etc/passwd/x' }, /^fleet-agent: \/etc\/passwd\/x\/agent-cert.pem can't be read/],
])('%o ends it with status 2 and one sentence', async (env, words) => {
  await using folder = await temporaryFolder();
  const { code, stderr } = await runAgent([], { DATA_PATH: folder.path, AGENT_PORT: '0', ...env });
  expect(stderr.replace(/^20\d\d-.*\n/gm, '')).toMatch(words);
  expect(code).toBe(2);
});

test('a port in use ends it with status 1 and names the port', async () => {
  await using folder = await temporaryFolder();
  await using other = await listenTcp((socket) => socket.destroy());
  const env = { DATA_PATH: folder.path, AGENT_HOST: '127.0.0.1', AGENT_PORT: String(other.port) };
  const { code, stderr } = await runAgent([], { ...env, DOCKER_HOST: 'unix:///nowhere.sock' });
  expect(stderr).toContain(`Port ${other.port} is in use by another program`);
  expect(code).toBe(1);
});

test('a kept pairing that is no key stops it rather than opening it to everybody', async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, 'paired-server.pub'), 'garbage\n');
  const { code, stderr } = await runAgent([], { DATA_PATH: folder.path });
  expect(stderr).toContain('paired-server.pub holds no public key');
  expect(code).toBe(2);
});

test('--help, --version and unpair without a pairing', async () => {
  await using folder = await temporaryFolder();
  expect((await runAgent(['--help'])).stdout).toContain('AGENT_SECRET_TIMEOUT');
  expect((await runAgent(['--version'])).stdout).toMatch(/^fleet-agent \d+\.\d+\.\d+\n$/);
  const { code, stdout } = await runAgent(['unpair', '--data', folder.path]);
  expect([code, stdout]).toEqual([0, expect.stringContaining('belongs to no server')]);
});

test('SIGTERM ends running streams and the process within five seconds', async () => {
  await using engine = await startEngine({ version: 'new', name: 'stop' });
  await using agent = await startAgent(engine);
  const client = new AgentClient(agent);
  const events = await client.open('/events');
  const id = await engine.docker('run', '-dti', 'busybox');
  const terminal = await client.websocket(`/websocket/attach?id=${id}`);
  const closed = once(terminal, 'close') as Promise<[number]>;
  events.on('error', () => undefined);
  events.resume();
  const ended = new Promise((resolve) => events.once('close', resolve));
  const startedAt = performance.now();
  expect(await agent.stop()).toBe(0);
  expect(performance.now() - startedAt).toBeLessThan(5_000);
  await ended;
  expect((await closed)[0]).toBe(1001);
});
