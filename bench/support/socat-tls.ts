/** `socat` with TLS in front of a unix socket, as people publish an engine by hand; from Debian's socat. */
import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { accepts, end } from '../../test/support/debian-program.ts';
import { freePort } from '../../test/support/listeners.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { until } from '../../test/support/until.ts';
import { aptInstall } from './apt-install.ts';

export interface SocatForward extends AsyncDisposable {
  /** TLS on 127.0.0.1; leads to the socket. */
  readonly port: number;
}

/** Rejects with what is missing: no root, no network, no Debian. */
export async function forwardBySocat(socketPath: string): Promise<SocatForward> {
  await aptInstall('socat', '/usr/bin/socat');
  const folder = await temporaryFolder();
  const [cert, key] = [join(folder.path, 'cert'), join(folder.path, 'key')];
  const wish = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=bench';
  await promisify(execFile)('openssl', [...wish.split(' '), '-keyout', key, '-out', cert]);
  const port = await freePort();
  const listen = `OPENSSL-LISTEN:${port},bind=127.0.0.1,reuseaddr,fork,backlog=512,cert=${cert},key=${key},verify=0,nodelay`;
  // 8 KiB, its default, would measure its buffer.
  const args = ['-b', '65536', listen, `UNIX-CONNECT:${socketPath}`];
  const program = spawn('socat', args, { stdio: 'ignore' });
  await until(() => accepts(port));
  return {
    port,
    async [Symbol.asyncDispose]() {
      await end(program, 'SIGTERM');
      await folder[Symbol.asyncDispose]();
    },
  };
}
