/**
 * `npm start`: an engine, a server for it, and the console on top; what it started ends with the console.
 * The engine alone stays, whoever started it.
 */
import { join } from 'node:path';
import { Fault } from '../protocol/fault.ts';
import { ensureAdminPassword } from './admin-password.ts';
import { prepareContext } from './console-context.ts';
import { exitStatusFor, runConsole } from './console-process.ts';
import { chooseEngine } from './engine-choice.ts';
import { freePort } from './free-port.ts';
import { findRunningServer } from './running-server.ts';
import { type ServerProcess, startServer } from './server-process.ts';
import { LAUNCH_HELP, type LaunchSettings, readLaunchSettings } from './settings.ts';

const HOST = '127.0.0.1';
const FIRST_PORT = 9443;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

interface Launch {
  readonly settings: LaunchSettings;
  /** Folder of the built programs. */
  readonly dist: string;
  readonly signal: AbortSignal;
}

/** Does everything and returns the exit status; `dist` is the folder of the built programs. */
export async function main(argv: readonly string[], dist: string): Promise<number> {
  const stop = new AbortController();
  const handlers = SIGNALS.map((name) => [name, () => stop.abort(name)] as const);
  for (const [name, handler] of handlers) process.on(name, handler);
  try {
    const settings = readLaunchSettings(argv, process.env);
    if (settings.help) {
      process.stdout.write(LAUNCH_HELP);
      return 0;
    }
    return await launch({ settings, dist, signal: stop.signal });
  } catch (error) {
    if (stop.signal.aborted) return exitStatusFor(stop.signal.reason as NodeJS.Signals);
    if (!(error instanceof Fault)) throw error;
    say([error.message, ...(error.details ? [error.details] : [])].join('\n'));
    return 1;
  } finally {
    for (const [name, handler] of handlers) process.off(name, handler);
  }
}

async function launch({ settings, dist, signal }: Launch): Promise<number> {
  const { dataFolder } = settings;
  const engine = await chooseEngine({ settings, env: process.env, say, signal });
  signal.throwIfAborted();
  const password = await ensureAdminPassword(dataFolder);
  if (password.isNew) say(`The password of "admin" is kept in ${password.path}.`);
  await using server = await openServer({
    program: join(dist, 'fleet-server.js'),
    dataFolder,
    adminPasswordFile: password.path,
    signal,
    ...(engine ? { engineAddress: engine.address } : {}),
  });
  const context = await prepareContext({
    url: server.url,
    isOurs: server.isOurs,
    dataFolder,
    adminPasswordFile: password.path,
    say,
    signal,
    ...(engine ? { engineAddress: engine.address } : {}),
  });
  signal.throwIfAborted();
  return await runConsole({ program: join(dist, 'fleet-tui.js'), context, signal });
}

type OpenedServer = ServerProcess & { readonly isOurs: boolean };
type ServerRequest = Omit<Parameters<typeof startServer>[0], 'port'>;

/** The server that has the data folder open already, which is then left alone, else one of ours. */
async function openServer(request: ServerRequest): Promise<OpenedServer> {
  const running = await adopt(request.dataFolder);
  if (running) return running;
  let port = await freePort(HOST, FIRST_PORT);
  for (;;) {
    try {
      return { ...(await startServer({ ...request, port })), isOurs: true };
    } catch (error) {
      // Somebody may have been faster: to the same data folder, or to the port.
      const faster = await adopt(request.dataFolder);
      if (faster) return faster;
      const next = await freePort(HOST, FIRST_PORT);
      if (next === port || request.signal.aborted) throw error;
      port = next;
    }
  }
}

async function adopt(dataFolder: string): Promise<OpenedServer | undefined> {
  const running = await findRunningServer(dataFolder);
  if (running === undefined) return undefined;
  say(`Using the server that runs already at ${running.url}.`);
  return { ...running, isOurs: false, [Symbol.asyncDispose]: async () => {} };
}

/** Steps go to stderr: stdout belongs to the fleet. */
function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}
