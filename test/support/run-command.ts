/** One command run to its end, with its input closed and everything it printed. */
import { type ChildProcess, spawn } from 'node:child_process';

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Buffer;
  /** Leaves stdin open after `input`; it closes with the process. */
  readonly isInputOpen?: boolean;
  readonly cwd?: string;
  /** Sees the process once it is started, to end it early. */
  readonly onStart?: (child: ChildProcess) => void;
  /** Sees everything printed so far each time there is more. */
  readonly onOutput?: (stdout: string, child: ChildProcess) => void;
}

/** Never rejects for an exit status; the environment is ours plus `env`, without a docker context. */
export function runCommand(
  file: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const { DOCKER_CONTEXT: _, DOCKER_TLS_VERIFY: __, ...ours } = process.env;
  const { cwd, env, input = '', isInputOpen = false, onStart, onOutput } = options;
  const child = spawn(file, [...args], {
    env: { ...ours, ...env },
    timeout: 50_000,
    ...(cwd === undefined ? {} : { cwd }),
  });
  return new Promise((resolve, reject) => {
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => {
      out.push(chunk);
      onOutput?.(Buffer.concat(out).toString(), child);
    });
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({
        code,
        stdout: Buffer.concat(out).toString(),
        stderr: Buffer.concat(err).toString(),
      }),
    );
    child.stdin.on('error', () => undefined);
    child.stdin.write(input);
    if (!isInputOpen) child.stdin.end();
    onStart?.(child);
  });
}
