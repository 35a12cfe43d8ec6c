/** The agent's log: one line per event on stderr, for a person or as JSON. What peers send never breaks a line. */
import { isoTime } from '../protocol/iso-time.ts';

export const LOG_LEVELS = ['ERROR', 'WARN', 'INFO', 'DEBUG'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const LOG_MODES = ['PRETTY', 'NOCOLOR', 'JSON'] as const;
export type LogMode = (typeof LOG_MODES)[number];

/** Facts beside the sentence; never a secret, a key or a header. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Log {
  error(sentence: string, fields?: LogFields): void;
  warn(sentence: string, fields?: LogFields): void;
  info(sentence: string, fields?: LogFields): void;
  debug(sentence: string, fields?: LogFields): void;
}

export interface LogSink {
  write(line: string): void;
  readonly isTTY?: boolean;
}

export interface LogOptions {
  readonly level: LogLevel;
  readonly mode: LogMode;
  readonly sink: LogSink;
  readonly now?: () => Date;
}

interface LogEntry {
  readonly at: Date;
  readonly level: LogLevel;
  readonly sentence: string;
  readonly fields: LogFields;
}

const COLOR: Readonly<Record<LogLevel, string>> = {
  ERROR: '31',
  WARN: '33',
  INFO: '32',
  DEBUG: '36',
};

/** PRETTY has colors only where the sink is a terminal. */
export function openLog({ level, mode, sink, now = () => new Date() }: LogOptions): Log {
  const least = LOG_LEVELS.indexOf(level);
  const hasColor = mode === 'PRETTY' && sink.isTTY === true;
  const log =
    (entryLevel: LogLevel) =>
    (sentence: string, fields: LogFields = {}) => {
      if (LOG_LEVELS.indexOf(entryLevel) > least) return;
      const entry = { at: now(), level: entryLevel, sentence, fields };
      sink.write(`${mode === 'JSON' ? asJson(entry) : asText(entry, hasColor)}\n`);
    };
  return { error: log('ERROR'), warn: log('WARN'), info: log('INFO'), debug: log('DEBUG') };
}

/** What Node warns of becomes a line of the log; by itself it would be loose text on stderr. */
export function logWarningsOfNode(log: Log): void {
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => log.warn(message, { warning: name }));
}

function asJson({ at, level, sentence, fields }: LogEntry): string {
  return JSON.stringify({
    ...fields,
    time: isoTime(at),
    level: level.toLowerCase(),
    message: sentence,
  });
}

function asText({ at, level, sentence, fields }: LogEntry, hasColor: boolean): string {
  const word = level.padEnd(5);
  const shown = hasColor ? `\x1b[${COLOR[level]}m${word}\x1b[0m` : word;
  const facts = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}=${oneLine(String(value))}`);
  return `${isoTime(at)} ${shown} ${oneLine(sentence)}${facts.join('')}`;
}

function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not reach a terminal.
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ');
}
