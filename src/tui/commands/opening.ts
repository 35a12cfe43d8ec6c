/** The options that say which fleet to open: the same for the console and for every command, before or behind its name. */
import { type Command, Option } from 'commander';
import type { Opening } from './request.ts';

const PLACES = ['server', 'agent', 'docker', 'context'] as const;

/** Adds --server, --agent, --docker, --context and what goes with them. */
export function addOpeningOptions(command: Command): Command {
  const others = (own: string) => PLACES.filter((name) => name !== own);
  return command
    .addOption(
      new Option('--server <url>', 'open a fleet-server: https://jump:9443').conflicts(
        others('server'),
      ),
    )
    .addOption(
      new Option('--agent <host:port>', 'open one agent, without a server').conflicts(
        others('agent'),
      ),
    )
    .option('--secret-file <file>', 'file with the AGENT_SECRET of --agent')
    .addOption(
      new Option('--docker <address>', 'open one engine: unix:///… or tcp://…').conflicts(
        others('docker'),
      ),
    )
    .addOption(new Option('--context <name>', 'open a saved context').conflicts(others('context')))
    .option('--trust <fingerprint>', 'accept this certificate of --server or --agent');
}

/** What they say together with those before the command's name; ends with status 64 when it makes no sense. */
export function readOpening(command: Command): Opening {
  const all: Opening = { ...command.parent?.opts<Opening>(), ...command.opts<Opening>() };
  const { server, agent, docker, context, secretFile, trust } = all;
  const named = PLACES.filter((name) => all[name] !== undefined);
  if (named.length > 1) command.error(`error: --${named.join(' and --')} exclude each other`);
  if (secretFile !== undefined && agent === undefined)
    command.error('error: --secret-file goes with --agent');
  if (trust !== undefined && agent === undefined && server === undefined)
    command.error('error: --trust goes with --server or --agent');
  return {
    ...(server !== undefined && { server }),
    ...(agent !== undefined && { agent }),
    ...(docker !== undefined && { docker }),
    ...(context !== undefined && { context }),
    ...(secretFile !== undefined && { secretFile }),
    ...(trust !== undefined && { trust }),
  };
}
