/**
 * A dockerd of ours, for machines where no service manager can start one: all its state lies in one private folder.
 * It outlives the console on purpose, as an engine does; a later start finds it again by its socket.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../protocol/fault.ts';

/** Socket paths end at 107 bytes; containerd adds its own names below the run folder. */
const LONGEST_RUN_FOLDER = 60;
const READY_DEADLINE_MS = 60_000;

interface OwnEnginePaths {
  readonly data: string;
  readonly run: string;
  readonly socket: string;
  readonly log: string;
}

/** Where an engine of ours keeps its files; sockets move to /run when the folder's path is too long for them. */
export function ownEnginePaths(folder: string): OwnEnginePaths {
  const near = join(folder, 'run');
  const mark = createHash('sha256').update(folder).digest('hex').slice(0, 12);
  const run = near.length <= LONGEST_RUN_FOLDER ? near : `/run/fleet-tui-${mark}`;
  return {
    data: join(folder, 'data'),
    run,
    socket: join(run, 'docker.sock'),
    log: join(folder, 'dockerd.log'),
  };
}

/** The address (unix://…) at which an engine of ours would answer. */
export function ownEngineAddress(folder: string): string {
  return `unix://${ownEnginePaths(folder).socket}`;
}

/** Starts dockerd detached and waits until `isReady` says yes; Fault no-engine carries the end of its log. */
export async function startOwnEngine(
  dockerd: string,
  folder: string,
  isReady: () => Promise<boolean>,
): Promise<void> {
  const paths = ownEnginePaths(folder);
  for (const path of [folder, paths.run]) {
    await mkdir(path, { recursive: true });
    await chmod(path, 0o700);
  }
  await using log = await open(paths.log, 'a', 0o600);
  const args = [
    '--data-root',
    paths.data,
    '--exec-root',
    paths.run,
    '--pidfile',
    join(paths.run, 'docker.pid'),
  ];
  const child = spawn(dockerd, [...args, '--host', `unix://${paths.socket}`], {
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  const ended = new Promise<'ended'>((resolve) => {
    child.once('error', () => resolve('ended'));
    child.once('exit', () => resolve('ended'));
  });
  child.unref();
  const deadline = Date.now() + READY_DEADLINE_MS;
  while (Date.now() < deadline) {
    if (await isReady()) return;
    const pause = new Promise<'paused'>((resolve) => setTimeout(() => resolve('paused'), 100));
    if ((await Promise.race([ended, pause])) === 'ended') break;
  }
  const lines = (await readFile(paths.log, 'utf8').catch(() => '')).trim().split('\n');
  throw new Fault('no-engine', `dockerd does not come up; its log is ${paths.log}.`, {
    details: lines.slice(-5).join('\n'),
  });
}
