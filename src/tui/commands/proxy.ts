/**
 * `fleet-tui proxy`: a Docker socket on this machine that leads to any environment of the fleet, over whatever route
 * the fleet has to it. Docker's own tools run against it unchanged, for a command or until a signal.
 */
import type { Environment } from '../../protocol/environment.ts';
import { Fault } from '../../protocol/fault.ts';
import { gather } from './gather.ts';
import { noteUnlocked, wayOut, whyClosed } from './locks.ts';
import { runWithDockerHost } from './proxy-command.ts';
import { onlyLooks } from './proxy-judge.ts';
import { openProxySocket } from './proxy-socket.ts';
import type { ProxyRequest } from './request.ts';
import type { CommandTools } from './tools.ts';

/** The environment, by name before id; Fault not-found, or unreachable when it does not answer now. */
async function findEnvironment(tools: CommandTools, wanted: string): Promise<Environment> {
  const fleet = await gather(tools.fleet);
  const environments = [...fleet.environments.values()];
  const named = environments.filter(({ name }) => name === wanted);
  const [found, second] =
    named.length > 0 ? named : environments.filter(({ id }) => String(id) === wanted);
  if (!found) {
    const names = environments.map(({ name }) => name).join(', ');
    throw new Fault('not-found', `There is no environment "${wanted}"; there are: ${names}.`);
  }
  if (second) {
    const ids = named.map(({ id }) => id).join(', ');
    throw new Fault(
      'bad-request',
      `Several environments are named "${wanted}": say its id, ${ids}.`,
    );
  }
  if (found.connection === 'up') return found;
  const why = found.reason ?? 'it does not answer yet.';
  throw new Fault('unreachable', `Environment "${found.name}" can't be reached: ${why}`);
}

/** Resolves at the first of the signals that end a program. */
function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => resolve());
  });
}

/** Opens the socket and keeps it for a command, whose exit status it resolves to, or until a signal (then 0). */
export async function runProxy(tools: CommandTools, request: ProxyRequest): Promise<number> {
  const environment = await findEnvironment(tools, request.environment);
  const { id } = environment;
  const why = whyClosed(tools.locks, environment, request.unlock);
  const judge =
    why === undefined
      ? undefined
      : onlyLooks(`Only looking is open: ${why}; ${wayOut(tools.locks)}.`);
  await noteUnlocked(tools, [environment], request.unlock);
  const ended = request.command.length > 0 ? undefined : untilSignal();
  await using socket = await openProxySocket(() => tools.fleet.route(id), request.socket, judge);
  const [file, ...args] = request.command;
  if (file !== undefined) return await runWithDockerHost(socket.address, file, args);
  await tools.write(`${socket.path}\n`);
  if (tools.isTerminal) tools.say(`export DOCKER_HOST=${socket.address}   (Ctrl-C ends it)`);
  await ended;
  return 0;
}
