/** A real server over an engine, and built consoles signed in to it: what most flows begin with. */
import { startAgent } from './agent.ts';
import type { Closing } from './closing.ts';
import { addDirectAgent } from './direct-environment.ts';
import { startEngine, type TestEngine } from './engine.ts';
import { type ServerOptions, startServer, type TestServer } from './server.ts';
import { signedInFolder } from './signed-in.ts';
import { openTestTerminal, type TestTerminal, type TestTerminalOptions } from './terminal.ts';

export interface ConsoleOptions extends Partial<Omit<TestTerminalOptions, 'command' | 'args'>> {
  /** What the person typed behind `fleet-tui`. */
  readonly args?: readonly string[];
}

export interface ServedFleet {
  readonly server: TestServer;
  /** The folder of the person who signed in, for FLEET_TUI_CONFIG_DIR. */
  readonly config: string;
  /** `fleet-tui` in a terminal of its own; its screen may still be empty. */
  console(options?: ConsoleOptions): Promise<TestTerminal>;
}

/** A server whose only environment is the engine behind this socket, and a person who has signed in as admin. */
export async function serveFleet(
  closing: Closing,
  socketPath: string,
  options: ServerOptions = {},
): Promise<ServedFleet> {
  const args = ['-H', `unix://${socketPath}`, ...(options.args ?? [])];
  const server = closing.use(await startServer({ ...options, args }));
  const config = await signedInFolder(server, closing);
  return { server, config, console: (looks) => openConsole(config, looks) };
}

export interface TwoHosts extends ServedFleet {
  /** An old engine, behind its socket: the environment `local`. */
  readonly near: TestEngine;
  /** A new engine, behind an agent: the environment `far-host`. */
  readonly far: TestEngine;
}

/** A server whose two environments are on hosts of their own, and a person who has signed in as admin. */
export async function serveTwoHosts(closing: Closing): Promise<TwoHosts> {
  const start = async (version: 'old' | 'new', name: string) =>
    closing.use(await startEngine({ version, name }));
  const [near, far] = await Promise.all([start('old', 'near'), start('new', 'far')]);
  const agent = closing.use(await startAgent({ socketPath: far.socketPath }));
  const served = await serveFleet(closing, near.socketPath);
  await addDirectAgent(served.server, agent, 'far-host');
  return { ...served, near, far };
}

/** `fleet-tui` of the person whose folder this is, in a terminal of its own. */
export async function openConsole(
  config: string,
  { args = [], env, ...looks }: ConsoleOptions = {},
): Promise<TestTerminal> {
  return await openTestTerminal({
    ...looks,
    command: process.execPath,
    args: ['dist/fleet-tui.js', ...args],
    env: { FLEET_TUI_CONFIG_DIR: config, SSH_TTY: undefined, SSH_CONNECTION: undefined, ...env },
  });
}
