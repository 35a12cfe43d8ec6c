/** The agent's arguments: the flags of Portainer's agent, and a command or two of our own. Flags win over variables. */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { asFault, Fault } from '../protocol/fault.ts';

export const AGENT_HELP = `fleet-agent            serves this machine's Docker engine to a server or a console
fleet-agent unpair     forgets the server that this agent belongs to
fleet-agent doctor     says step by step what works and what does not; exit status 0 or 1; --json for programs

Every setting is an environment variable; a flag wins over its variable.

  AGENT_HOST            --host            address to listen on (0.0.0.0)
  AGENT_PORT            --port            port to listen on (9001)
  AGENT_SECRET          --secret          shared secret; give it in the variable, since every account of
                                          this machine can read arguments
  AGENT_SECRET_TIMEOUT  --secret-timeout  without a secret: stop listening when no server has paired for so long (72h)
  DATA_PATH             --data            folder for the certificate and the pairing (/data)
  EDGE                  --edge            edge mode: the agent dials its server and listens nowhere (false)
  EDGE_KEY              --edge-key        whom to dial; from the server's "add environment" page
  EDGE_ID               --edge-id         join secret from the same page, needed until the agent has joined
  EDGE_INSECURE_POLL                      don't judge the certificate in front of the server; its own key,
                                          which EDGE_KEY names, is checked all the same (false)
  HTTPS_PROXY, NO_PROXY                   proxy on the way to the server, http://user:password@host:port
  LOG_LEVEL             --log-level       ERROR, WARN, INFO or DEBUG (INFO)
  LOG_MODE              --log-mode        PRETTY, NOCOLOR or JSON (PRETTY)
  DOCKER_HOST                             engine: unix:///PATH or tcp://HOST:PORT (the engine of this machine);
                                          DOCKER_CERT_PATH and DOCKER_TLS_VERIFY as for the docker command
  FLEET_HOST_ROOT                         folder that is shown as /host to who browses files (/host if it exists)

  --help                this text
  --version             the version

Without AGENT_SECRET the agent belongs to the first server that contacts it, until "fleet-agent unpair".
GET https://HOST:9001/health answers 200 when the engine answers, else 503.
`;

/** Flags by the variable that each stands for. */
const FLAG_OF: Readonly<Record<string, string>> = {
  AGENT_HOST: 'host',
  AGENT_PORT: 'port',
  AGENT_SECRET: 'secret',
  AGENT_SECRET_TIMEOUT: 'secret-timeout',
  DATA_PATH: 'data',
  EDGE_ID: 'edge-id',
  EDGE_KEY: 'edge-key',
  LOG_LEVEL: 'log-level',
  LOG_MODE: 'log-mode',
};

export type AgentCommand = 'run' | 'unpair' | 'doctor' | 'help' | 'version';

export interface AgentCommandLine {
  readonly command: AgentCommand;
  /** The environment with the flags put over it, under the variables' names. */
  readonly env: NodeJS.ProcessEnv;
  /** Of the doctor: print for programs. */
  readonly isJson: boolean;
  /** "--port" or "AGENT_PORT": what to name in a sentence about this setting. */
  nameOf(variable: string): string;
}

/** Reads arguments over an environment; Fault bad-settings for a flag or a command that we don't know. */
export function readCommandLine(argv: readonly string[], env: NodeJS.ProcessEnv): AgentCommandLine {
  const { values, positionals } = parse(argv);
  const given = Object.entries(FLAG_OF).filter(([, flag]) => values[flag] !== undefined);
  const over = Object.fromEntries(given.map(([name, flag]) => [name, String(values[flag])]));
  const isEdge = values.edge === true ? { EDGE: 'true' } : {};
  return {
    command: commandOf(values, positionals),
    env: { ...env, ...over, ...isEdge },
    isJson: values.json === true,
    nameOf: (variable) => (variable in over ? `--${FLAG_OF[variable]}` : variable),
  };
}

function parse(argv: readonly string[]) {
  const strings = Object.values(FLAG_OF).map((flag) => [flag, { type: 'string' }] as const);
  const options: ParseArgsConfig['options'] = {
    ...Object.fromEntries(strings),
    edge: { type: 'boolean' },
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
    version: { type: 'boolean' },
  };
  try {
    const parsed = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
    const values: Readonly<Record<string, unknown>> = parsed.values;
    return { values, positionals: parsed.positionals };
  } catch (cause) {
    // Its words name the flag, never a value that could be the secret.
    const words = cause instanceof Error ? (cause.message.split('. ', 1)[0] ?? '') : '';
    throw asFault(cause, 'bad-settings', `${words}. See fleet-agent --help.`);
  }
}

function commandOf(
  values: Readonly<Record<string, unknown>>,
  positionals: readonly string[],
): AgentCommand {
  if (values.help === true) return 'help';
  if (values.version === true) return 'version';
  const [command, ...rest] = positionals;
  if (command === undefined) return 'run';
  if ((command === 'unpair' || command === 'doctor') && rest.length === 0) return command;
  throw new Fault(
    'bad-settings',
    `fleet-agent has no command "${positionals.join(' ').slice(0, 100)}". See fleet-agent --help.`,
  );
}
