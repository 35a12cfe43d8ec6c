/** A thousand agents on one server: all link, all are seen, and after a restart of the server all are back without a stampede. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { bundleProgram } from '../support/bundle.ts';
import { Closing } from '../support/closing.ts';
import {
  type Invitation,
  invite,
  startReachableServer,
  watchFleet,
} from '../support/edge-environment.ts';
import type { FleetRecorder } from '../support/fleet-recorder.ts';
import type { SwarmOrder, SwarmReport } from '../support/programs/edge-swarm.ts';
import type { TestServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const AGENTS = 1_000;
const PROCESSES = 2;
/** A machine on which others work, too, is given more time; what it was given is printed. */
const STRETCH = Math.max(1, (loadavg()[0] ?? 0) / (4 * availableParallelism()));
const BACK_WITHIN_MS = Math.round(60_000 * STRETCH);
/** For waits whose length nothing is said about. */
const PATIENCE_MS = 150_000 * STRETCH;
const HANDSHAKES_LIMIT = 100;

const closing = new Closing();
let folder: string;
let server: TestServer;
let seen: FleetRecorder;
let swarms: readonly ChildProcess[];

beforeAll(async () => {
  folder = join(closing.use(await temporaryFolder()).path, 'server');
  server = await startReachableServer(folder);
  closing.defer(() => server[Symbol.asyncDispose]());
  const program = await bundleProgram('test/support/programs/edge-swarm.ts');
  swarms = Array.from({ length: PROCESSES }, () => fork(program));
  for (const swarm of swarms) closing.defer(() => swarm.kill('SIGKILL'));
});
afterAll(() => closing.close());

async function inviteAll(): Promise<Invitation[]> {
  const made: Invitation[] = [];
  let begun = 0;
  const maker = async () => {
    while (begun < AGENTS) {
      begun += 1;
      made.push(await invite(server, `far-${begun}`, server.url));
    }
  };
  await Promise.all(Array.from({ length: 4 }, maker));
  return made;
}

async function reports(): Promise<SwarmReport[]> {
  return await Promise.all(
    swarms.map(async (swarm) => {
      const answer = once(swarm, 'message') as Promise<[SwarmReport]>;
      swarm.send({ kind: 'report' });
      return (await answer)[0];
    }),
  );
}

const linked = async () => (await reports()).reduce((sum, { linked: count }) => sum + count, 0);

/** The most of these times that fall into any one second. */
function mostInASecond(timesMs: readonly number[]): number {
  const sorted = [...timesMs].sort((a, b) => a - b);
  let first = 0;
  let most = 0;
  sorted.forEach((atMs, index) => {
    while ((sorted[first] ?? atMs) <= atMs - 1_000) first += 1;
    most = Math.max(most, index - first + 1);
  });
  return most;
}

/** When the server that runs now took each connection for a link, by its log. */
function begunAtMs(): number[] {
  const lines = server
    .log()
    .split('\n')
    .filter((line) => line.includes('"a link begins"'));
  return lines.map((line) => Number(new Date(JSON.parse(line).time)));
}

/** The curve: how many in each second. */
function inEachSecond(timesMs: readonly number[]): string {
  const counts: number[] = [];
  for (const atMs of timesMs) {
    const place = Math.floor(atMs / 1_000);
    counts[place] = (counts[place] ?? 0) + 1;
  }
  return Array.from(counts, (count) => count ?? 0).join(' ');
}

/** Why links and attempts ended so far, the most frequent first. */
async function endings(): Promise<string> {
  const all = new Map<string, number>();
  for (const { ends } of await reports()) {
    for (const [words, count] of Object.entries(ends))
      all.set(words, (all.get(words) ?? 0) + count);
  }
  const sorted = [...all].sort(([, a], [, b]) => b - a).slice(0, 6);
  return sorted.map(([words, count]) => `  ${count} × ${words}`).join('\n');
}

const up = () => seen.environments.filter(({ connection }) => connection === 'up').length;

/** Waits for all to be linked and shown up; tells and returns how long that took. */
async function allBack(what: string, sinceMs: number): Promise<number> {
  await vi.waitFor(async () => expect(await linked()).toBe(AGENTS), {
    timeout: PATIENCE_MS,
    interval: 500,
  });
  const linkedMs = Date.now() - sinceMs;
  await vi.waitFor(() => expect(up()).toBe(AGENTS), { timeout: 30_000, interval: 200 });
  const shownMs = Date.now() - sinceMs;
  const begun = mostInASecond(begunAtMs());
  const begunMs = begunAtMs().map((atMs) => Math.max(0, atMs - sinceMs));
  const residentMiB = await residentOf(server.pid);
  process.stdout.write(
    `${what}: ${AGENTS} linked after ${linkedMs} ms, shown up after ${shownMs} ms; ` +
      `at most ${begun} handshakes begun in any second, in each ${inEachSecond(begunMs)}; ` +
      `server ${residentMiB} MiB, ${await cpuSecondsOf(server.pid)} s of CPU since its start; ` +
      `agents ${await cpuOfAgents()} s\n${await endings()}\n`,
  );
  expect(begun).toBeGreaterThan(0);
  expect(begun).toBeLessThanOrEqual(HANDSHAKES_LIMIT);
  return linkedMs;
}

async function cpuOfAgents(): Promise<string> {
  const each = await Promise.all(swarms.map(({ pid = 0 }) => cpuSecondsOf(pid)));
  return each.map((seconds) => String(seconds)).join(' + ');
}

/** User and system time so far. */
async function cpuSecondsOf(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function residentOf(pid: number): Promise<number> {
  const [, kib] = /VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kib) / 1024);
}

test(
  'all link and are seen up, and after a kill of the server all are back within a minute',
  async () => {
    const invitations = await inviteAll();
    seen = await watchFleet(server, closing);
    const startMs = Date.now();
    swarms.forEach((swarm, index) => {
      const own = invitations.filter((_, place) => place % PROCESSES === index);
      swarm.send({ kind: 'start', invitations: own } satisfies SwarmOrder);
    });
    await allBack('first links', startMs);

    const { port } = server;
    server.kill('SIGKILL');
    await server.exit;
    await vi.waitFor(async () => expect(await linked()).toBe(0), PATIENCE_MS);
    const againMs = Date.now();
    server = await startReachableServer(folder, port);
    const backMs = await allBack('after a kill of the server', againMs);
    console.log(`back after ${backMs} of ${BACK_WITHIN_MS} ms`);
    expect(backMs).toBeLessThan(BACK_WITHIN_MS);
  },
  400_000 * STRETCH,
);
