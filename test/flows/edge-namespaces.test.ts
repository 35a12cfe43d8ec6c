/** A host that lets nothing in: its agent dials out, and all that works next door works through its link. */
import { createHash, randomFillSync } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { TestAgent } from '../support/agent.ts';
import { Closing } from '../support/closing.ts';
import { type DockerCli, proxiedCli } from '../support/docker-cli.ts';
import {
  type Invitation,
  invite,
  shown,
  startEdge,
  startReachableServer,
  watchFleet,
} from '../support/edge-environment.ts';
import { rig, startEngine, type TestEngine } from '../support/engine.ts';
import type { TestServer } from '../support/server.ts';
import { signedInFolder } from '../support/signed-in.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openTestTerminal } from '../support/terminal.ts';

const MIB = 1024 * 1024;
const closing = new Closing();
let engine: TestEngine;
let server: TestServer;
let agent: TestAgent;
let invitation: Invitation;
let cli: DockerCli;
let folder: string;

/** Whether a program on this machine can open a connection to that port of the host, within a second. */
function isReachable(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: engine.address, port, timeout: 1_000 });
    const end = (isOpen: boolean) => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.on('connect', () => end(true));
    socket.on('error', () => end(false));
    socket.on('timeout', () => end(false));
  });
}

/** Lets nothing in that the host did not ask for, before Docker's own rules are looked at. */
async function closeHost(): Promise<void> {
  const rule = ['iptables', '-t', 'mangle', '-I', 'PREROUTING', '-i', 'eth0'];
  await rig('host', 'exec', engine.name, ...rule, '-p', 'tcp', '--syn', '-j', 'DROP');
  await rig('host', 'exec', engine.name, ...rule, '-p', 'udp', '-j', 'DROP');
}

beforeAll(async () => {
  engine = closing.use(await startEngine({ version: 'new', name: 'shut' }));
  folder = closing.use(await temporaryFolder()).path;
  server = closing.use(await startReachableServer(join(folder, 'server')));
  await engine.docker('run', '-d', '--name', 'web', '-p', '8080:80', 'rig/app');
  await vi.waitFor(async () => expect(await isReachable(8080)).toBe(true), 10_000);
  await closeHost();
  invitation = await invite(server, 'shut-host');
  const { Id: environmentId } = invitation;
  agent = closing.use(await startEdge(invitation, { on: engine }));
  const apiKey = await server.createApiKey('docker-cli');
  cli = closing.use(await proxiedCli({ serverUrl: server.url, apiKey, environmentId }));
  await shown(await watchFleet(server, closing), environmentId, 'up');
  await engine.docker('run', '-d', '--name', 'steady', 'busybox', 'sleep', '10000');
}, 120_000);
afterAll(() => closing.close());

/** The sockets that the agent's process listens on, as /proc tells them. */
async function listening(): Promise<string[]> {
  const links = (await readdir(`/proc/${agent.pid}/fd`)).map((fd) =>
    readlink(`/proc/${agent.pid}/fd/${fd}`).catch(() => ''),
  );
  const own = new Set(await Promise.all(links));
  const tables = ['tcp', 'tcp6'].map((name) => readFile(`/proc/${agent.pid}/net/${name}`, 'utf8'));
  const rows = (await Promise.all(tables)).join('\n').split('\n');
  return rows.filter((row) => {
    const [, , , state, , , , , , inode] = row.trim().split(/\s+/);
    return state === '0A' && own.has(`socket:[${inode}]`);
  });
}

const sha256 = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
};

test('nothing gets in, and the agent listens on nothing', async () => {
  expect(await isReachable(8080)).toBe(false);
  expect(await isReachable(9001)).toBe(false);
  expect(await listening()).toEqual([]);
});

test('its containers are listed', async () => {
  const path = `/api/endpoints/${invitation.Id}/docker/containers/json`;
  const { status, body } = await server.api('GET', path);
  expect(status).toBe(200);
  const names = body.map(({ Names }: { Names: string[] }) => Names[0]);
  expect(names.sort()).toEqual(['/steady', '/web']);
});

test('a key in the console restarts one', async () => {
  const startedAt = () => engine.docker('inspect', '-f', '{{.State.StartedAt}}', 'steady');
  const before = await startedAt();
  await using console = await openTestTerminal({
    command: process.execPath,
    args: ['dist/fleet-tui.js'],
    env: { FLEET_TUI_CONFIG_DIR: await signedInFolder(server, closing) },
    cols: 100,
    rows: 30,
  });
  await console.sees('shut-host');
  console.type('/steady');
  console.press('enter');
  await console.sees('1 of 2');
  console.press('ctrl-r');
  const question = 'Restart shut-host/steady?';
  await console.sees(question);
  await vi.waitFor(async () => {
    // Keys in a dialog's first 300 ms count as typed ahead.
    console.press('y');
    await console.seesNo(question, { timeoutMs: 100 });
  }, 5_000);
  // It is held for 5 s, so that it can be called back, and its sleep heeds no signal: Docker kills it after ten more.
  await vi.waitFor(async () => expect(await startedAt()).not.toBe(before), 30_000);
  await console.sees(/steady +busybox +running .* \d+s /);
  console.type(':q');
  console.press('enter');
  expect((await console.exit).code).toBe(0);
}, 60_000);

test('docker exec -it is a terminal', async () => {
  const args = ['exec', '-it', 'steady', 'sh'];
  await using terminal = await openTestTerminal({ command: 'docker', args, env: cli.env });
  await terminal.sees('/ #');
  terminal.type('echo $((6 * 7)); exit 5\r');
  await terminal.sees('42');
  expect((await terminal.exit).code).toBe(5);
});

test('docker logs -f ends with the container, with every line', async () => {
  const script = 'for i in $(seq 1 200); do echo line $i; done; sleep 2; echo last';
  await engine.docker('run', '-d', '--name', 'talker', 'busybox', 'sh', '-c', script);
  const { code, stdout } = await cli.run(['logs', '-f', 'talker']);
  expect(code).toBe(0);
  expect(stdout.trimEnd().split('\n')).toHaveLength(201);
  expect(stdout.endsWith('last\n')).toBe(true);
});

test('256 MiB go in and out by docker cp without a changed byte', async () => {
  const source = join(folder, 'source');
  await writeFile(source, randomFillSync(Buffer.allocUnsafe(256 * MIB)));
  const sum = await sha256(source);
  const inMs = performance.now();
  expect(await cli.run(['cp', source, 'steady:/big'])).toMatchObject({ code: 0 });
  const outMs = performance.now();
  expect((await cli.run(['exec', 'steady', 'sha256sum', '/big'])).stdout).toContain(sum);
  const backMs = performance.now();
  expect(await cli.run(['cp', 'steady:/big', `${source}.back`])).toMatchObject({ code: 0 });
  const [into, out] = [outMs - inMs, performance.now() - backMs].map((ms) => (256e3 / ms) | 0);
  process.stdout.write(`docker cp through the edge link: in ${into} MiB/s, out ${out} MiB/s\n`);
  expect(await sha256(`${source}.back`)).toBe(sum);
}, 120_000);
