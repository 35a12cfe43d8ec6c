/** The server's log: JSON lines on stderr. Credentials are cut out even where nobody meant to log them. */
import { type Logger, pino } from 'pino';
import { PRODUCT_VERSION } from '../protocol/version.ts';
import type { LogLevel } from './settings.ts';

const SECRET_NAMES = [
  'authorization',
  '["x-api-key"]',
  'cookie',
  'password',
  'token',
  'jwt',
  'rawAPIKey',
  '["X-PortainerAgent-Signature"]',
];

const below = (name: string): string => (name.startsWith('[') ? `*${name}` : `*.${name}`);

/** A logger that writes to file descriptor 2. */
export function serverLog(level: LogLevel): Logger {
  return pino(
    {
      level,
      base: { program: 'fleet-server', version: PRODUCT_VERSION, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRET_NAMES.flatMap((name) => [name, below(name)]), censor: '…' },
    },
    pino.destination({ fd: 2, sync: true }),
  );
}

/** What Node warns of becomes a line of the log; by itself it would be loose text between the JSON. */
export function logWarningsOfNode(log: Logger): void {
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => log.warn({ warning: name }, message));
}
