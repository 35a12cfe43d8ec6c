/** Debian's own tinyproxy and nginx on loopback, as they stand between agents and their server. Unpacked by `rig install proxies`. */
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { accepts, end } from './debian-program.ts';
import { certificateFor, freePort } from './listeners.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { until } from './until.ts';

const PROGRAMS = join(process.env.RIG_OPT ?? '/opt/rig', 'proxies');

export interface TestProxy extends AsyncDisposable {
  readonly port: number;
  /** What it has noted of its connections so far. */
  log(): Promise<string>;
}

/** Starts one program with the configuration that is made for its port and folder. */
async function startProxy(
  program: string,
  configuration: (port: number, folder: string) => string,
  args: (file: string, folder: string) => readonly string[],
): Promise<TestProxy> {
  const folder = await temporaryFolder();
  const port = await freePort();
  const file = join(folder.path, 'configuration');
  await writeFile(file, configuration(port, folder.path));
  const child = spawn(join(PROGRAMS, program), args(file, folder.path), { stdio: 'inherit' });
  const proxy = {
    port,
    log: () => readFile(join(folder.path, 'log'), 'utf8'),
    async [Symbol.asyncDispose]() {
      await end(child, 'SIGKILL');
      await folder[Symbol.asyncDispose]();
    },
  };
  try {
    await until(() => accepts(port));
    return proxy;
  } catch (error) {
    await proxy[Symbol.asyncDispose]();
    throw error;
  }
}

/** A CONNECT proxy; `credentials` as "user password" makes it ask for them. */
export function startTinyproxy(credentials?: string): Promise<TestProxy> {
  const configuration = (port: number, folder: string) =>
    [
      `Port ${port}`,
      'Listen 127.0.0.1',
      'MaxClients 20',
      'LogLevel Connect',
      `LogFile "${folder}/log"`,
      ...(credentials === undefined ? [] : [`BasicAuth ${credentials}`]),
      '',
    ].join('\n');
  return startProxy('tinyproxy', configuration, (file) => ['-d', '-c', file]);
}

export interface NginxOptions {
  /** Of a server on 127.0.0.1 that speaks HTTPS. */
  readonly upstreamPort: number;
  /** nginx's own is 60 s: it ends a connection on which its upstream says nothing for so long. */
  readonly timeoutS: number;
}

/** A reverse proxy that ends TLS with a certificate of its own, set up for WebSockets as nginx's documentation says. */
export async function startNginx({ upstreamPort, timeoutS }: NginxOptions): Promise<TestProxy> {
  const { cert, key } = await certificateFor();
  const pair = await temporaryFolder();
  await writeFile(join(pair.path, 'cert.pem'), cert);
  await writeFile(join(pair.path, 'key.pem'), key, { mode: 0o600 });
  const temporary = (folder: string) =>
    ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      .map((name) => `${name}_temp_path ${folder}/${name};`)
      .join(' ');
  const configuration = (port: number, folder: string) => `
    daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/log;
    events {}
    http {
      access_log ${folder}/log; ${temporary(folder)}
      map $http_upgrade $connection_upgrade { default upgrade; '' close; }
      server {
        listen 127.0.0.1:${port} ssl;
        ssl_certificate ${pair.path}/cert.pem; ssl_certificate_key ${pair.path}/key.pem;
        location / {
          proxy_pass https://127.0.0.1:${upstreamPort};
          proxy_http_version 1.1;
          proxy_set_header Upgrade $http_upgrade;
          proxy_set_header Connection $connection_upgrade;
          proxy_set_header Host $http_host;
          proxy_read_timeout ${timeoutS}s; proxy_send_timeout ${timeoutS}s;
        }
      }
    }`;
  const nginx = await startProxy('nginx', configuration, (file, folder) => [
    ...['-c', file, '-p', folder, '-e', `${folder}/log`],
  ]);
  return {
    ...nginx,
    async [Symbol.asyncDispose]() {
      await nginx[Symbol.asyncDispose]();
      await pair[Symbol.asyncDispose]();
    },
  };
}
