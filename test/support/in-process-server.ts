/** A server inside the test's own process: the same parts on real HTTPS, with a clock that the test may hold. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { RunningServer } from '../../src/server/compose.ts';
import { startServer } from '../../src/server/main.ts';
import type { ServerSettings } from '../../src/server/settings.ts';
import { type HttpsAnswer, type HttpsCall, httpsCall } from './https-call.ts';
import { patientCall } from './patient-call.ts';
import { listener } from './told.ts';

export const ADMIN_PASSWORD = 'twelve characters and more';

export interface InProcessServer extends AsyncDisposable {
  readonly server: RunningServer;
  readonly url: string;
  readonly dataFolder: string;
  /** What was logged, as JSON lines. */
  readonly logged: readonly string[];
  /** A call without a credential unless `headers` has one. */
  call(path: string, call?: HttpsCall): Promise<HttpsAnswer>;
  /** A call as `admin`. */
  api(method: string, path: string, body?: unknown): Promise<HttpsAnswer>;
  /** A session token. */
  signIn(username?: string, password?: string): Promise<string>;
}

export interface InProcessOptions {
  readonly settings?: Partial<ServerSettings>;
  readonly now?: () => number;
  /** False leaves the server without an administrator. */
  readonly hasAdministrator?: boolean;
}

/** Starts it on a free port of 127.0.0.1 with a fresh data folder. */
export async function startInProcessServer(
  options: InProcessOptions = {},
): Promise<InProcessServer> {
  const home = await mkdtemp(join(tmpdir(), 'fleet-server-'));
  const passwordFile = join(home, 'password');
  await writeFile(passwordFile, `${ADMIN_PASSWORD}\n`);
  const logged: string[] = [];
  const tell = listener('fleet-server');
  const write = (line: string): void => {
    logged.push(line);
    tell(line);
  };
  const log = pino({ level: 'debug' }, { write });
  const settings: ServerSettings = {
    dataFolder: join(home, 'data'),
    https: { host: '127.0.0.1', port: 0 },
    http: undefined,
    certificate: undefined,
    adminPasswordFile: options.hasAdministrator === false ? undefined : passwordFile,
    adminPasswordHash: undefined,
    engineUrl: undefined,
    snapshotIntervalMs: 300_000,
    statsIntervalMs: 0,
    logLevel: 'debug',
    agentSecret: undefined,
    syslog: undefined,
    secretKey: undefined,
    secretKeyFile: undefined,
    ...options.settings,
  };
  const server = await startServer(settings, log, options.now);
  const { url } = server;
  const signIn = async (username = 'admin', password = ADMIN_PASSWORD): Promise<string> => {
    const body = { Username: username, Password: password };
    return (await patientCall(url, '/api/auth', { method: 'POST', body })).body.jwt;
  };
  let token: string | undefined;
  return {
    server,
    url,
    dataFolder: settings.dataFolder,
    logged,
    signIn,
    call: (path, call) => httpsCall(url, path, call),
    api: async (method, path, body) => {
      token ??= await signIn();
      return patientCall(url, path, {
        method,
        headers: { Authorization: `Bearer ${token}` },
        body,
      });
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await rm(home, { recursive: true, force: true });
    },
  };
}
