/** The least that Node can do between a client and an engine, as programs of their own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { end } from '../../test/support/debian-program.ts';

export interface BareProxy extends AsyncDisposable {
  /** TLS on 127.0.0.1. */
  readonly port: number;
}

/** In front of an engine's socket, or of another one. */
export async function startBareProxy(before: string | BareProxy): Promise<BareProxy> {
  const file = new URL('./programs/bare-proxy.mjs', import.meta.url).pathname;
  const where = typeof before === 'string' ? [before] : ['--port', String(before.port)];
  const env = { ...process.env, NODE_OPTIONS: '' };
  const program = spawn(process.execPath, [file, ...where], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = (await once(program.stdout, 'data')) as [Buffer];
  return { port: Number(String(said)), [Symbol.asyncDispose]: () => end(program, 'SIGTERM') };
}
