/** The flags and variables of fleet-server, by Portainer's own names and with their meanings. */
import { Command, CommanderError } from 'commander';
import { Fault } from '../protocol/fault.ts';
import { type Secret, secretIn } from '../protocol/secret.ts';
import { PORTAINER_VERSION, PRODUCT_VERSION } from '../protocol/version.ts';
import { parseSyslog, type SyslogSettings } from './syslog-settings.ts';

export interface BindAddress {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface ServerSettings {
  readonly dataFolder: string;
  readonly https: BindAddress;
  /** Undefined: no plain HTTP. */
  readonly http: BindAddress | undefined;
  /** Files of a certificate and key in PEM; undefined means our own self-signed one. */
  readonly certificate: { readonly certFile: string; readonly keyFile: string } | undefined;
  /** Used while there is no administrator. */
  readonly adminPasswordFile: string | undefined;
  readonly adminPasswordHash: string | undefined;
  /** The engine to register at first start: unix:///PATH or tcp://HOST:PORT. */
  readonly engineUrl: string | undefined;
  readonly snapshotIntervalMs: number;
  /** From one measuring of an environment's containers to the next; 0: never. */
  readonly statsIntervalMs: number;
  readonly logLevel: LogLevel;
  /** Shared with agents that have it too; from the environment, never from a flag. */
  readonly agentSecret: Secret | undefined;
  /** Where the audit trail is sent to as well; undefined: nowhere. */
  readonly syslog: SyslogSettings | undefined;
  /** What secrets at rest are sealed with, from the environment; undefined means a key file. */
  readonly secretKey: Secret | undefined;
  /** The key file, when it is not in the data folder. */
  readonly secretKeyFile: string | undefined;
}

/** What to print and with which status to exit instead of starting. */
export interface Farewell {
  readonly text: string;
  readonly status: number;
}

interface Flags {
  readonly data: string;
  readonly bindHttps: string;
  readonly bind?: string;
  readonly adminPasswordFile?: string;
  readonly adminPassword?: string;
  readonly sslcert?: string;
  readonly sslkey?: string;
  readonly secretKeyFile?: string;
  readonly host?: string;
  readonly snapshotInterval: string;
  readonly statsInterval: string;
  readonly logLevel: string;
  readonly syslog?: string;
  readonly syslogCa?: string;
  readonly syslogCert?: string;
  readonly syslogKey?: string;
}

const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };
const MIN_SNAPSHOT_MS = 1_000;
const MIN_STATS_MS = 1_000;
const MAX_STATS_MS = 10 * 60_000;
const MAX_SNAPSHOT_MS = 24 * 3_600_000;

const wrong = (sentence: string): Fault => new Fault('bad-settings', sentence);

function command(): Command {
  return new Command('fleet-server')
    .description(
      'The central API of a fleet: accounts, environments, one live model of all containers.',
    )
    .option('--data <dir>', 'data folder: database, certificate, keys', '/data')
    .option('--bind-https <addr:port>', 'where to listen for HTTPS', '0.0.0.0:9443')
    .option('--bind <addr:port>', 'where to listen for plain HTTP (off unless given)')
    .option(
      '--admin-password-file <file>',
      'password of the first administrator "admin", as plain text',
    )
    .option(
      '--admin-password <hash>',
      'argon2 or bcrypt hash of the password of the first administrator "admin"',
    )
    .option('--sslcert <file>', 'certificate (PEM) for HTTPS instead of a self-signed one')
    .option('--sslkey <file>', 'key (PEM) of that certificate')
    .option(
      '--secret-key-file <file>',
      'key of the secrets in the store (DATA/secret.key unless given)',
    )
    .option(
      '-H, --host <url>',
      'engine to register at first start: unix:///PATH or tcp://HOST:PORT',
    )
    .option('--snapshot-interval <duration>', 'how often environments are surveyed', '5m')
    .option('--stats-interval <duration>', 'how often CPU and memory are measured, 0s never', '10s')
    .option(
      '--syslog <url>',
      'syslog receiver of the audit trail: tls://HOST:PORT, tcp://HOST:PORT',
    )
    .option('--syslog-ca <file>', 'authority (PEM) that signed its certificate')
    .option('--syslog-cert <file>', 'certificate (PEM) to show it, with --syslog-key')
    .option('--syslog-key <file>', 'key (PEM) of that certificate')
    .option('--log-level <level>', `one of ${LOG_LEVELS.join(', ')}`, 'info')
    .version(`fleet-server ${PRODUCT_VERSION} (Portainer API ${PORTAINER_VERSION})`, '--version')
    .helpOption('--help')
    .addHelpText(
      'after',
      '\nfleet-server audit|backup|restore|rekey|second-factor|sessions --help: commands on the data of a stopped server.\nAGENT_SECRET in the environment is the secret shared with agents. FLEET_SECRET_KEY there takes the place of the key file.',
    )
    .allowExcessArguments(false)
    .exitOverride();
}

/** HOST:PORT, :PORT or [IPv6]:PORT; Fault bad-settings naming the flag. */
export function parseBindAddress(flag: string, text: string): BindAddress {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:[\]\s]*)):(\d{1,5})$/i.exec(text.trim());
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) {
    throw wrong(`${flag} takes ADDR:PORT such as 0.0.0.0:9443, not "${text}".`);
  }
  return { host: match[1] ?? (match[2] || '0.0.0.0'), port };
}

/** A duration such as 30s, 5m or 1h30m in milliseconds. */
export function parseDuration(flag: string, text: string): number {
  if (!/^(\d+(\.\d+)?(ms|h|m|s))+$/.test(text)) {
    throw wrong(`${flag} takes a duration such as 30s, 5m or 1h, not "${text}".`);
  }
  let totalMs = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)) {
    totalMs += Number(amount) * (UNIT_MS[unit ?? ''] ?? 0);
  }
  return totalMs;
}

function parseSnapshotInterval(text: string): number {
  const intervalMs = parseDuration('--snapshot-interval', text);
  if (intervalMs >= MIN_SNAPSHOT_MS && intervalMs <= MAX_SNAPSHOT_MS) return intervalMs;
  throw wrong('--snapshot-interval is between 1s and 24h.');
}

function parseStatsInterval(text: string): number {
  const intervalMs = parseDuration('--stats-interval', text);
  const isSense = intervalMs >= MIN_STATS_MS && intervalMs <= MAX_STATS_MS;
  if (intervalMs === 0 || isSense) return intervalMs;
  throw wrong('--stats-interval is between 1s and 10m, or 0s.');
}

function parseLogLevel(text: string): LogLevel {
  const level = LOG_LEVELS.find((known) => known === text.toLowerCase());
  if (level !== undefined) return level;
  throw wrong(`--log-level is one of ${LOG_LEVELS.join(', ')}, not "${text}".`);
}

function toSettings(flags: Flags, env: NodeJS.ProcessEnv): ServerSettings {
  const { sslcert, sslkey } = flags;
  if ((sslcert === undefined) !== (sslkey === undefined)) {
    throw wrong('--sslcert and --sslkey go together: give both or neither.');
  }
  if (flags.adminPassword !== undefined && flags.adminPasswordFile !== undefined) {
    throw wrong('Give --admin-password or --admin-password-file, not both.');
  }
  const certificate =
    sslcert !== undefined && sslkey !== undefined
      ? { certFile: sslcert, keyFile: sslkey }
      : undefined;
  return {
    dataFolder: flags.data,
    https: parseBindAddress('--bind-https', flags.bindHttps),
    http: flags.bind === undefined ? undefined : parseBindAddress('--bind', flags.bind),
    certificate,
    adminPasswordFile: flags.adminPasswordFile,
    adminPasswordHash: flags.adminPassword,
    engineUrl: flags.host,
    snapshotIntervalMs: parseSnapshotInterval(flags.snapshotInterval),
    statsIntervalMs: parseStatsInterval(flags.statsInterval),
    logLevel: parseLogLevel(flags.logLevel),
    agentSecret: secretIn(env['AGENT_SECRET']),
    syslog: parseSyslog(flags),
    secretKey: secretIn(env['FLEET_SECRET_KEY']),
    secretKeyFile: flags.secretKeyFile,
  };
}

/** The settings, or what to say instead (help, version). Fault bad-settings for anything wrong. */
export function readSettings(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
): ServerSettings | Farewell {
  let text = '';
  const take = (part: string): void => {
    text += part;
  };
  const parser = command().configureOutput({ writeOut: take, writeErr: take });
  try {
    parser.parse([...argv], { from: 'user' });
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    if (thrown.exitCode === 0) return { text, status: 0 };
    const sentence = thrown.message.replace(/^error: /, '');
    throw wrong(`${sentence}. See fleet-server --help.`);
  }
  return toSettings(parser.opts<Flags>(), env);
}
