/** The built fleet-agent as a process in edge mode: it listens nowhere, survives kill -9, and its doctor has an exit status. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startFakeEngine } from '../support/link-agent.ts';
import { EDGE_ID, startLinkServer } from '../support/link-server.ts';
import { runCommand } from '../support/run-command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const PROGRAM = fileURLToPath(new URL('../../dist/fleet-agent.js', import.meta.url));
const LISTENING = '0A';

function start(env: Record<string, string>): ChildProcess & AsyncDisposable {
  const child = spawn(process.execPath, [PROGRAM], { env, stdio: ['ignore', 'ignore', 'ignore'] });
  const end = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    await exit;
  };
  return Object.assign(child, { [Symbol.asyncDispose]: end });
}

/** The sockets that the process holds and that /proc/net says are listening, TCP and unix alike. */
function listeningSockets(pid: number): string[] {
  const inodes = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      const target = linkOf(`/proc/${pid}/fd/${fd}`);
      return /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? [];
    }),
  );
  const tcp = ['tcp', 'tcp6'].flatMap((name) => {
    const lines = readFileSync(`/proc/${pid}/net/${name}`, 'utf8').split('\n').slice(1);
    return lines.filter((line) => {
      const fields = line.trim().split(/\s+/);
      return fields[3] === LISTENING && inodes.has(fields[9] ?? '');
    });
  });
  const unix = readFileSync(`/proc/${pid}/net/unix`, 'utf8')
    .split('\n')
    .slice(1)
    // Flag __SO_ACCEPTCON marks a listening unix socket.
    .filter((line) => {
      const fields = line.trim().split(/\s+/);
      return fields[3] === '00010000' && inodes.has(fields[6] ?? '');
    });
  return [...tcp, ...unix];
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

test('edge mode listens nowhere, and comes back after kill -9 as the same agent', async () => {
  await using folder = await temporaryFolder();
  await using server = await startLinkServer();
  await using engine = await startFakeEngine(folder.path, (_, response) => {
    response.setHeader('Content-Type', 'application/json');
    response.end('{"Version":"28.0.0","ApiVersion":"1.48"}');
  });
  const env = {
    PATH: process.env.PATH ?? '',
    EDGE: '1',
    EDGE_ID,
    EDGE_KEY: server.edgeKey,
    EDGE_INSECURE_POLL: 'true',
    DATA_PATH: folder.path,
    DOCKER_HOST: engine.address,
  };
  await using first = start(env);
  const end = await server.next();
  expect((await end.call('/version')).status).toBe(200);
  expect(listeningSockets(first.pid ?? 0)).toEqual([]);
  expect(listeningSockets(process.pid).length).toBeGreaterThan(0);
  const doctor = await runCommand(process.execPath, [PROGRAM, 'doctor', '--json'], { env });
  const report = JSON.parse(doctor.stdout);
  expect(report.steps.filter(({ state }: { state: string }) => state === 'failed')).toEqual([]);
  expect(doctor.code).toBe(0);
  const killed = once(first, 'exit');
  first.kill('SIGKILL');
  await killed;
  await using _second = start(env);
  const again = await server.next();
  expect(again.fingerprint).toBe(end.fingerprint);
  expect(again.hello.proof).toBeUndefined();
});

test('the doctor ends with status 1 when a step fails, and says which', async () => {
  await using folder = await temporaryFolder();
  const env = { PATH: process.env.PATH ?? '', EDGE: '1', EDGE_KEY: 'a$b', DATA_PATH: folder.path };
  const doctor = await runCommand(process.execPath, [PROGRAM, 'doctor'], { env });
  expect(doctor.code).toBe(1);
  expect(doctor.stdout).toMatch(/^failed {3}settings .*EDGE_KEY is not base64/m);
});
