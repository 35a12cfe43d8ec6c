/** Runs a command against a Docker socket, in this terminal, as if it had been typed without us. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { Fault } from '../../protocol/fault.ts';

/** As shells do: not found, found but not to be run. */
const NOT_FOUND = 127;
const NOT_RUNNABLE = 126;

/** Variables that would lead Docker's tools elsewhere, or make them want TLS on the socket. */
function environmentFor(address: string): NodeJS.ProcessEnv {
  const { DOCKER_CONTEXT: _, DOCKER_TLS: __, DOCKER_TLS_VERIFY: ___, ...rest } = process.env;
  const { DOCKER_CERT_PATH: ____, ...env } = rest;
  return { ...env, DOCKER_HOST: address };
}

/** Resolves to the command's exit status, 128 and its number when a signal ended it. */
export async function runWithDockerHost(
  address: string,
  file: string,
  args: readonly string[],
): Promise<number> {
  const child = spawn(file, [...args], { stdio: 'inherit', env: environmentFor(address) });
  // The terminal sends Ctrl-C to both of us: the command decides, and we end when it does.
  const ignore = () => undefined;
  const forward = (signal: NodeJS.Signals) => void child.kill(signal);
  process.on('SIGINT', ignore).on('SIGTERM', forward).on('SIGHUP', forward);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', (error: NodeJS.ErrnoException) => {
        process.stderr.write(`fleet-tui: ${file}: ${wordsOf(error)}\n`);
        if (error.code === 'ENOENT') resolve(NOT_FOUND);
        else if (error.code === 'EACCES') resolve(NOT_RUNNABLE);
        else reject(new Fault('internal', `${file} can't be started.`, { cause: error }));
      });
      child.once('exit', (code, signal) =>
        resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)),
      );
    });
  } finally {
    process.off('SIGINT', ignore).off('SIGTERM', forward).off('SIGHUP', forward);
  }
}

const wordsOf = ({ code }: NodeJS.ErrnoException) =>
  code === 'ENOENT' ? 'command not found' : code === 'EACCES' ? 'permission denied' : `${code}`;
