/** The agent's settings, named as Portainer's agent names them. An empty variable counts as one that is not set. */
import { existsSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { Fault } from '../protocol/fault.ts';
import { goBoolean, goDurationMs } from './go-values.ts';
import { LOG_LEVELS, LOG_MODES, type LogLevel, type LogMode } from './log.ts';

export interface AgentSettings {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly secret: string | undefined;
  /** Without a secret: how long the agent waits for a server to pair with it. */
  readonly pairingWindowMs: number;
  readonly dataFolder: string;
  readonly logLevel: LogLevel;
  readonly logMode: LogMode;
  /** The folder that browsing calls /host; undefined when nothing of the host may be browsed but volumes. */
  readonly hostRoot: string | undefined;
}

/** Part of Portainer's agent that this one does not have; set on purpose by somebody who should know. */
const WITHOUT_EFFECT = [
  'AGENT_CLUSTER_ADDR',
  'EDGE_ASYNC',
  'EDGE_KEY',
  'EDGE_ID',
  'EDGE_INSECURE_POLL',
] as const;

const DEFAULT_HOST_ROOT = '/host';

type NameOf = (variable: string) => string;

/** Reads variables with the flags put over them; a Fault bad-settings names the variable or flag that is malformed. */
export function readSettings(env: NodeJS.ProcessEnv, nameOf: NameOf): AgentSettings {
  refuseEdge(env, nameOf);
  const read = <T>(variable: string, initial: string, parse: (text: string) => T | Expected): T => {
    const parsed = parse(env[variable] || initial);
    if (!(parsed instanceof Expected)) return parsed;
    throw new Fault('bad-settings', `${nameOf(variable)} must be ${parsed.words}.`);
  };
  return {
    host: read('AGENT_HOST', '0.0.0.0', hostName),
    port: read('AGENT_PORT', '9001', portNumber),
    secret: env.AGENT_SECRET || undefined,
    pairingWindowMs: read('AGENT_SECRET_TIMEOUT', '72h', positiveDuration),
    dataFolder: resolve(env.DATA_PATH || '/data'),
    logLevel: read('LOG_LEVEL', 'INFO', oneOf(LOG_LEVELS)),
    logMode: read('LOG_MODE', 'PRETTY', oneOf(LOG_MODES)),
    hostRoot: read('FLEET_HOST_ROOT', existsSync(DEFAULT_HOST_ROOT) ? '/host' : '', hostRoot),
  };
}

/** One sentence for each variable that is set and that this agent does not heed. */
export function unheededSettings(env: NodeJS.ProcessEnv): string[] {
  return WITHOUT_EFFECT.filter((name) => env[name]).map(
    (name) => `${name} is set and has no effect in this version.`,
  );
}

function refuseEdge(env: NodeJS.ProcessEnv, nameOf: NameOf): void {
  const isEdge = goBoolean(env.EDGE || 'false');
  if (isEdge === undefined) {
    throw new Fault('bad-settings', `${nameOf('EDGE')} must be true or false.`);
  }
  if (!isEdge) return;
  throw new Fault(
    'bad-settings',
    'EDGE is set, but this version of the agent has no edge mode yet: unset it and let the server dial port 9001.',
  );
}

/** What a malformed value should have been; completes "AGENT_PORT must be …". */
class Expected {
  readonly words: string;
  constructor(words: string) {
    this.words = words;
  }
}

function hostName(text: string): string | Expected {
  return /^[0-9a-z.:_-]+$/i.test(text) ? text : new Expected('an IP address or a host name');
}

function portNumber(text: string): number | Expected {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  return port <= 65_535 ? port : new Expected('a port from 0 to 65535');
}

function positiveDuration(text: string): number | Expected {
  const durationMs = goDurationMs(text);
  if (durationMs !== undefined && durationMs > 0) return durationMs;
  return new Expected('a duration above zero such as 72h or 1h30m');
}

function oneOf<T extends string>(words: readonly T[]): (text: string) => T | Expected {
  return (text) =>
    words.find((word) => word === text.toUpperCase()) ?? new Expected(words.join(', '));
}

function hostRoot(text: string): string | undefined | Expected {
  if (text === '') return undefined;
  return isAbsolute(text) ? resolve(text) : new Expected('an absolute path');
}
