/** From a request to the command that answers it; each command is loaded only when it is asked for. */
import type { FleetRequest } from './request.ts';
import type { CommandTools } from './tools.ts';

/** Runs a command on an open fleet; resolves to the exit status, rejects with a Fault when it can't be done at all. */
export async function runCommand(tools: CommandTools, request: FleetRequest): Promise<number> {
  switch (request.name) {
    case 'ls':
      return await (await import('./ls.ts')).runLs(tools, request);
    case 'containers':
      return await (await import('./containers.ts')).runContainers(tools, request);
    case 'problems':
      return await (await import('./problems.ts')).runProblems(tools, request);
    case 'stats':
      return await (await import('./stats.ts')).runStats(tools, request);
    case 'wall':
      return await (await import('./wall.ts')).runWall(tools, request);
    case 'logs':
      return await (await import('./logs.ts')).runLogs(tools, request);
    case 'change':
      return await (await import('./change.ts')).runChange(tools, request);
    case 'proxy':
      return await (await import('./proxy.ts')).runProxy(tools, request);
  }
}
