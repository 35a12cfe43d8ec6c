/**
 * `ssh -L` to a unix socket on this machine, as people reach an engine without a fleet: a private sshd on loopback with keys of its
 * own, from Debian's openssh-server, which is installed when it is not there.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { accepts, end } from '../../test/support/debian-program.ts';
import { freePort } from '../../test/support/listeners.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { until } from '../../test/support/until.ts';
import { aptInstall } from './apt-install.ts';

const run = promisify(execFile);
const SSHD = '/usr/sbin/sshd';

export interface SshForward extends AsyncDisposable {
  /** On 127.0.0.1; leads to the socket. */
  readonly port: number;
}

/** Rejects with what is missing: no root, no network, no Debian. */
export async function forwardBySsh(socketPath: string): Promise<SshForward> {
  await aptInstall('openssh-server', SSHD);
  const folder = await temporaryFolder();
  const [sshPort, port] = [await freePort(), await freePort()];
  const key = join(folder.path, 'key');
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  await copyFile(`${key}.pub`, join(folder.path, 'authorized'));
  const configuration = join(folder.path, 'sshd_config');
  await writeFile(configuration, daemonSettings(folder.path, sshPort));
  // Where it locks itself in before anybody has signed in.
  await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
  const programs: ChildProcess[] = [];
  const start = (file: string, args: readonly string[]) =>
    programs.push(spawn(file, args, { stdio: 'ignore' }));
  const forward: SshForward = {
    port,
    async [Symbol.asyncDispose]() {
      for (const program of programs.reverse()) await end(program, 'SIGTERM');
      await folder[Symbol.asyncDispose]();
    },
  };
  try {
    start(SSHD, ['-D', '-f', configuration]);
    await until(() => accepts(sshPort));
    start('ssh', clientArgs(key, sshPort, `127.0.0.1:${port}:${socketPath}`));
    await until(() => accepts(port));
    return forward;
  } catch (error) {
    await forward[Symbol.asyncDispose]();
    throw error;
  }
}

const daemonSettings = (folder: string, port: number) =>
  [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${folder}/key`,
    `AuthorizedKeysFile ${folder}/authorized`,
    `PidFile ${folder}/pid`,
    'PasswordAuthentication no',
    'PermitRootLogin prohibit-password',
    'StrictModes no',
    'UsePAM yes',
    'MaxSessions 500',
    '',
  ].join('\n');

const clientArgs = (key: string, port: number, forward: string) => [
  ...['-N', '-F', 'none', '-i', key, '-p', String(port), '-L', forward],
  ...['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null'],
  ...['-o', 'BatchMode=yes', '-o', 'ExitOnForwardFailure=yes', 'root@127.0.0.1'],
];
