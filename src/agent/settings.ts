/** The agent's settings, named as Portainer's agent names them. An empty variable counts as one that is not set. */
import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { type EdgeKey, parseEdgeKey } from '../link/edge-key.ts';
import { asFault, Fault } from '../protocol/fault.ts';
import { type Secret, secretIn } from '../protocol/secret.ts';
import { goBoolean, goDurationMs } from './go-values.ts';
import { LOG_LEVELS, LOG_MODES, type LogLevel, type LogMode } from './log.ts';

export interface AgentSettings {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly secret: Secret | undefined;
  /** Without a secret: how long the agent waits for a server to pair with it. */
  readonly pairingWindowMs: number;
  readonly dataFolder: string;
  readonly logLevel: LogLevel;
  readonly logMode: LogMode;
  /** The folder that browsing calls /host; undefined when nothing of the host may be browsed but volumes. */
  readonly hostRoot: string | undefined;
  /** Undefined in direct mode; then the agent listens, else it only dials. */
  readonly edge: EdgeSettings | undefined;
}

export interface EdgeSettings {
  readonly key: EdgeKey;
  /** As it was given, for the file that keeps it. */
  readonly keyText: string;
  /** The join secret; not needed any more once the server has bound this agent. */
  readonly id: Secret | undefined;
  /** Whether the outer certificate is judged; the inner one always is, by its key. */
  readonly verify: boolean;
}

/** Part of Portainer's agent that this one does not have; set on purpose by somebody who should know. */
const WITHOUT_EFFECT = ['AGENT_CLUSTER_ADDR', 'EDGE_ASYNC'] as const;
const ONLY_WITH_EDGE = ['EDGE_KEY', 'EDGE_ID', 'EDGE_INSECURE_POLL'] as const;

/** In the data folder; Portainer's own name for it. */
export const EDGE_KEY_FILE = 'agent_edge_key';

const DEFAULT_HOST_ROOT = '/host';

type NameOf = (variable: string) => string;

/** Reads variables with the flags put over them; a Fault bad-settings names the variable or flag that is malformed. */
export function readSettings(env: NodeJS.ProcessEnv, nameOf: NameOf): AgentSettings {
  const read = <T>(variable: string, initial: string, parse: (text: string) => T | Expected): T => {
    const parsed = parse(env[variable] || initial);
    if (!(parsed instanceof Expected)) return parsed;
    throw new Fault('bad-settings', `${nameOf(variable)} must be ${parsed.words}.`);
  };
  const dataFolder = resolve(env.DATA_PATH || '/data');
  const isEdge = read('EDGE', 'false', yesOrNo);
  const isInsecure = read('EDGE_INSECURE_POLL', 'false', yesOrNo);
  return {
    host: read('AGENT_HOST', '0.0.0.0', hostName),
    port: read('AGENT_PORT', '9001', portNumber),
    secret: secretIn(env.AGENT_SECRET),
    pairingWindowMs: read('AGENT_SECRET_TIMEOUT', '72h', positiveDuration),
    dataFolder,
    logLevel: read('LOG_LEVEL', 'INFO', oneOf(LOG_LEVELS)),
    logMode: read('LOG_MODE', 'PRETTY', oneOf(LOG_MODES)),
    hostRoot: read('FLEET_HOST_ROOT', existsSync(DEFAULT_HOST_ROOT) ? '/host' : '', hostRoot),
    edge: isEdge ? readEdge(env, nameOf, { dataFolder, isInsecure }) : undefined,
  };
}

/** One sentence for each variable that is set and that this agent does not heed. */
export function unheededSettings(env: NodeJS.ProcessEnv): string[] {
  const never = WITHOUT_EFFECT.filter((name) => env[name]).map(
    (name) => `${name} is set and has no effect in this version.`,
  );
  if (goBoolean(env.EDGE || 'false')) return never;
  const idle = ONLY_WITH_EDGE.filter((name) => env[name]).map(
    (name) => `${name} is set and has no effect without EDGE=1.`,
  );
  return [...never, ...idle];
}

interface EdgePlace {
  readonly dataFolder: string;
  readonly isInsecure: boolean;
}

/** The key of the variable, else the one of an earlier start (Portainer agent protocol, EDGE_KEY). */
function readEdge(env: NodeJS.ProcessEnv, nameOf: NameOf, place: EdgePlace): EdgeSettings {
  const file = join(place.dataFolder, EDGE_KEY_FILE);
  const keyText = (env.EDGE_KEY || keptKey(file))?.trim();
  if (!keyText) {
    const sentence = `EDGE is set, but ${nameOf('EDGE_KEY')} is not, and ${file} keeps none: copy it from the server's "add environment" page.`;
    throw new Fault('bad-settings', sentence);
  }
  const key = parseEdgeKey(keyText);
  if (key.fingerprint === '' && place.isInsecure) {
    const sentence = `${nameOf('EDGE_KEY')} names no fingerprint, so that only the server's certificate proves who it is: unset EDGE_INSECURE_POLL.`;
    throw new Fault('bad-settings', sentence);
  }
  return { key, keyText, id: secretIn(env.EDGE_ID?.trim()), verify: !place.isInsecure };
}

function keptKey(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw asFault(cause, 'bad-settings', `${file} can't be read. Check its owner and mode.`);
  }
}

/** What a malformed value should have been; completes "AGENT_PORT must be …". */
class Expected {
  readonly words: string;
  constructor(words: string) {
    this.words = words;
  }
}

function yesOrNo(text: string): boolean | Expected {
  return goBoolean(text) ?? new Expected('true or false');
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
