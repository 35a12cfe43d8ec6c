/** Debian's own rsyslogd on loopback with TLS, as companies collect their logs. Unpacked by `rig install syslog`. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { accepts, end } from './debian-program.ts';
import { certificateFor, freePort } from './listeners.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { until } from './until.ts';

const PLACE = join(process.env.RIG_OPT ?? '/opt/rig', 'syslog');

export interface SyslogReceiver extends AsyncDisposable {
  readonly port: number;
  /** PEM file of the authority that signed its certificate. */
  readonly caFile: string;
  /** The messages that it has written to its file so far, as they came. */
  messages(): Promise<readonly string[]>;
  /** On the same port, and with the same file. */
  start(): Promise<void>;
  /** kill -9 */
  kill(): Promise<void>;
}

const configuration = (port: number, folder: string) => `
global(workDirectory="${folder}" maxMessageSize="32k" defaultNetstreamDriver="ossl"
  defaultNetstreamDriverCAFile="${folder}/cert.pem"
  defaultNetstreamDriverCertFile="${folder}/cert.pem" defaultNetstreamDriverKeyFile="${folder}/key.pem")
module(load="imtcp" StreamDriver.Name="ossl" StreamDriver.Mode="1" StreamDriver.AuthMode="anon")
input(type="imtcp" address="127.0.0.1" port="${port}" ruleset="keep")
template(name="asItCame" type="string" string="%rawmsg%\\n")
ruleset(name="keep") { action(type="omfile" file="${folder}/messages" template="asItCame") }
`;

/** Running, on a port of its own. */
export async function startSyslogReceiver(): Promise<SyslogReceiver> {
  const folder = await temporaryFolder();
  const port = await freePort();
  const file = (name: string) => join(folder.path, name);
  const { cert, key } = await certificateFor();
  await writeFile(file('cert.pem'), cert);
  await writeFile(file('key.pem'), key);
  await writeFile(file('configuration'), configuration(port, folder.path));
  let child: ChildProcess | undefined;
  const args = ['-n', '-f', file('configuration'), '-i', file('pid'), '-M', PLACE];
  const env = { ...process.env, LD_LIBRARY_PATH: PLACE };
  const kill = async () => {
    if (child === undefined) return;
    await end(child, 'SIGKILL');
    child = undefined;
  };
  const start = async () => {
    child = spawn(join(PLACE, 'rsyslogd'), args, { env, stdio: 'inherit' });
    await until(() => accepts(port));
  };
  await start();
  return {
    port,
    caFile: file('cert.pem'),
    messages: async () =>
      (await readFile(file('messages'), 'utf8').catch(() => '')).split('\n').filter(Boolean),
    start,
    kill,
    async [Symbol.asyncDispose]() {
      await kill();
      await folder[Symbol.asyncDispose]();
    },
  };
}
