/** The built fleet-server as a process of its own on a free port, with an administrator who has signed in. */
import { type ChildProcess, spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type HttpsAnswer, httpsCall } from './https-call.ts';
import { listener, secretsGiven, secretsIn } from './told.ts';

const PROGRAM = fileURLToPath(new URL('../../dist/fleet-server.js', import.meta.url));
const START_DEADLINE_MS = 30_000;

export interface ServerOptions {
  /** Further arguments, such as -H. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A data folder to use and keep; without one a fresh one is made and removed. */
  readonly dataFolder?: string;
  /** False leaves it without an administrator, and nobody signs in. */
  readonly hasAdministrator?: boolean;
}

export interface TestServer extends AsyncDisposable {
  /** https://127.0.0.1:PORT */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly dataFolder: string;
  readonly instanceId: string;
  /** Of user `admin`. */
  readonly adminPassword: string;
  /** A session token of `admin`. */
  readonly token: string;
  /** SHA-256 fingerprint of its certificate, upper-case hex with colons. */
  readonly fingerprint: string;
  /** How the process ended. */
  readonly exit: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Everything it has logged so far. */
  log(): string;
  /** A call as `admin`. */
  api(method: string, path: string, body?: unknown): Promise<HttpsAnswer>;
  /** An API key of `admin`. */
  createApiKey(description: string): Promise<string>;
  kill(signal: NodeJS.Signals): void;
  /** Closes the channel to the process that started it, as that process's death would. */
  leave(): void;
}

interface Listening {
  readonly https: { readonly port: number };
  readonly instanceId: string;
}

const ADMIN_PASSWORD = 'twelve characters and more';

/** Runs the program without waiting for it to listen: for starts that must fail. */
export async function runServer(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [PROGRAM, ...args], { env: { ...process.env, ...env } });
  secretsIn(env);
  const tell = listener('fleet-server');
  child.stdout.on('data', (chunk: Buffer) => tell(chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => tell(chunk.toString()));
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

async function listening(child: ChildProcess, log: () => string): Promise<Listening> {
  const deadline = AbortSignal.timeout(START_DEADLINE_MS);
  return await new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`fleet-server ${why}:\n${log()}`));
    child.on('message', (message) => resolve(message as Listening));
    child.once('exit', (code) => fail(`ended with ${code} before it listened`));
    deadline.addEventListener('abort', () => fail('did not listen in time'));
  });
}

function spawnServer(options: ServerOptions, dataFolder: string, passwordFile: string) {
  const args = ['--data', dataFolder, '--bind-https', '127.0.0.1:0', '--log-level', 'debug'];
  if (options.hasAdministrator !== false) args.push('--admin-password-file', passwordFile);
  args.push(...(options.args ?? []));
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let text = '';
  secretsGiven('password', ADMIN_PASSWORD);
  secretsIn(options.env ?? {});
  const tell = listener('fleet-server');
  child.stdout?.on('data', (chunk: Buffer) => tell(chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => tell(chunk.toString()));
  child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const exit = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
  return { child, exit, log: () => text };
}

/** Starts it and signs in; rejects with its log when it doesn't come up. */
export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const home = await mkdtemp(join(tmpdir(), 'fleet-server-'));
  const dataFolder = options.dataFolder ?? join(home, 'data');
  const passwordFile = join(home, 'password');
  await mkdir(dataFolder, { recursive: true });
  await writeFile(passwordFile, `${ADMIN_PASSWORD}\n`, { mode: 0o600 });
  const { child, exit, log } = spawnServer(options, dataFolder, passwordFile);
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await exit;
    await rm(home, { recursive: true, force: true });
  };
  try {
    const { https, instanceId } = await listening(child, log);
    const url = `https://127.0.0.1:${https.port}`;
    const { body } = await httpsCall(url, '/api/auth', {
      method: 'POST',
      body: { Username: 'admin', Password: ADMIN_PASSWORD },
    });
    const token = String(body.jwt);
    const headers = { Authorization: `Bearer ${token}` };
    const api: TestServer['api'] = (method, path, sent) =>
      httpsCall(url, path, { method, headers, body: sent });
    // There is none when the arguments name another.
    const pem = await readFile(join(dataFolder, 'cert.pem')).catch(() => undefined);
    const fingerprint = pem === undefined ? '' : new X509Certificate(pem).fingerprint256;
    return {
      url,
      port: https.port,
      pid: child.pid ?? 0,
      dataFolder,
      instanceId,
      adminPassword: ADMIN_PASSWORD,
      token,
      fingerprint,
      exit,
      log,
      api,
      createApiKey: async (description) => {
        const wish = { password: ADMIN_PASSWORD, description };
        return (await api('POST', '/api/users/1/tokens', wish)).body.rawAPIKey;
      },
      kill: (signal) => child.kill(signal),
      leave: () => child.disconnect(),
      [Symbol.asyncDispose]: stop,
    };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}
