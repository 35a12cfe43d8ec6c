/** The real docker command, pointed at an engine directly or through fleet-server's proxy, and what it said. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';

export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface DockerCli extends AsyncDisposable {
  readonly env: Readonly<Record<string, string>>;
  /** Runs `docker ARGS` with `input` on stdin (closed at its end); never rejects for an exit status. */
  run(args: readonly string[], input?: string | Buffer): Promise<CliResult>;
}

/** The CLI on an engine's own socket. */
export function directCli(socketPath: string): Promise<DockerCli> {
  return cli({ DOCKER_HOST: `unix://${socketPath}` }, {});
}

export interface ProxiedEnvironment {
  /** https://127.0.0.1:PORT */
  readonly serverUrl: string;
  readonly environmentId: number;
  /** Goes into the CLI's config.json as a header of every request. */
  readonly apiKey: string;
}

/** The CLI through a server's Docker proxy, verifying the server's own certificate as anybody would. */
export async function proxiedCli(proxied: ProxiedEnvironment): Promise<DockerCli> {
  const { host, hostname, port } = new URL(proxied.serverUrl);
  const path = `/api/endpoints/${proxied.environmentId}/docker`;
  return cli(
    { DOCKER_HOST: `tcp://${host}${path}`, DOCKER_TLS_VERIFY: '1' },
    { HttpHeaders: { 'X-API-Key': proxied.apiKey } },
    await certificateOf(hostname, Number(port)),
  );
}

/** The certificate that a TLS server shows, as PEM. */
function certificateOf(host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerX509Certificate()?.toString() ?? '');
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

async function cli(
  own: Record<string, string>,
  config: object,
  authority?: string,
): Promise<DockerCli> {
  const folder = await mkdtemp(join(tmpdir(), 'fleet-cli-'));
  await writeFile(join(folder, 'config.json'), JSON.stringify(config), { mode: 0o600 });
  if (authority !== undefined) await writeFile(join(folder, 'ca.pem'), authority);
  const { DOCKER_CONTEXT: _, ...rest } = process.env;
  const env = {
    ...rest,
    ...own,
    DOCKER_BUILDKIT: '0',
    DOCKER_CONFIG: folder,
    DOCKER_CERT_PATH: folder,
  } as Record<string, string>;
  return {
    env,
    run: (args, input) => runToEnd(['docker', ...args], env, input),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

function runToEnd(
  [file, ...args]: string[],
  env: Record<string, string>,
  input: string | Buffer = '',
): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(file ?? '', args, { env, timeout: 90_000 });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({
        code: code ?? -1,
        stdout: Buffer.concat(out).toString(),
        stderr: Buffer.concat(err).toString(),
      }),
    );
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}
