/**
 * The server as a child of the launcher. It says over IPC where it listens, and stops by itself when that channel breaks,
 * so that even a launcher killed with SIGKILL leaves no server behind.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { open, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../protocol/fault.ts';

const LISTEN_DEADLINE_MS = 30_000;
const STOP_DEADLINE_MS = 10_000;
const LOG_LIMIT_BYTES = 10 * 1024 * 1024;

export interface ServerProcessOptions {
  /** The built fleet-server.js. */
  readonly program: string;
  readonly dataFolder: string;
  readonly port: number;
  readonly adminPasswordFile: string;
  readonly engineAddress?: string;
  readonly signal: AbortSignal;
}

/** A server that listens; disposing stops it, gently at first. */
export interface ServerProcess extends AsyncDisposable {
  /** https://127.0.0.1:9443 */
  readonly url: string;
  readonly instanceId: string;
}

interface Listening {
  readonly kind: 'listening';
  readonly https: { readonly address: string; readonly port: number };
  readonly instanceId: string;
}

function isListening(message: unknown): message is Listening {
  return (
    typeof message === 'object' &&
    message !== null &&
    'kind' in message &&
    message.kind === 'listening'
  );
}

/** Starts the server and waits until it listens; rejects with the end of its log when it exits or takes too long. */
export async function startServer(options: ServerProcessOptions): Promise<ServerProcess> {
  const { dataFolder, port, engineAddress } = options;
  const logFile = join(dataFolder, 'server.log');
  const args = ['--data', dataFolder, '--bind-https', `127.0.0.1:${port}`];
  args.push('--admin-password-file', options.adminPasswordFile);
  if (engineAddress !== undefined) args.push('-H', engineAddress);
  await rotate(logFile);
  await using log = await open(logFile, 'a', 0o600);
  const { size: logStart } = await log.stat();
  const child = fork(options.program, args, {
    execArgv: [],
    stdio: ['ignore', log.fd, log.fd, 'ipc'],
  });
  const listening = await firstWord(child, options.signal);
  if (listening === undefined) {
    await stop(child);
    const lines = (await readFile(logFile)).subarray(logStart).toString('utf8').trim().split('\n');
    throw new Fault('internal', `The server did not start; its log is ${logFile}.`, {
      details: lines.slice(-3).join('\n'),
    });
  }
  return {
    url: `https://127.0.0.1:${listening.https.port}`,
    instanceId: listening.instanceId,
    [Symbol.asyncDispose]: () => stop(child),
  };
}

async function firstWord(child: ChildProcess, signal: AbortSignal): Promise<Listening | undefined> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(LISTEN_DEADLINE_MS)]);
  return await new Promise((resolve) => {
    child.on('message', (message) => isListening(message) && resolve(message));
    child.once('exit', () => resolve(undefined));
    child.once('error', () => resolve(undefined));
    deadline.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
  await gone;
  clearTimeout(timer);
}

/** The log of one earlier start is kept beside, once it has grown. */
async function rotate(logFile: string): Promise<void> {
  const size = await stat(logFile).then(
    (found) => found.size,
    () => 0,
  );
  if (size > LOG_LIMIT_BYTES) await rename(logFile, `${logFile}.1`);
}
