/** Whether a line tells of an error, by the words that loggers use for their levels. */
import type { LogEntry } from './log-buffer.ts';

/** A level stands near the beginning; what comes later is what the line is about. */
const LOOKED_AT = 300;

const LEVELS = 'error|err|fatal|panic|crit|critical|alert|emerg|severe';
const ERROR = new RegExp(
  [
    String.raw`\b(?:${LEVELS.toUpperCase()}|Error|Exception|Traceback)\b`,
    String.raw`[[<(](?:${LEVELS})[\])>]`,
    String.raw`\b(?:error|fatal|panic|critical):`,
    // pino and bunyan count 50 and 60.
    String.raw`\b(?:level|lvl|severity)["']?\s*[=:]\s*["']?(?:${LEVELS}|[56]0)\b`,
  ].join('|'),
  'u',
);

/** Whether a line is of error level or above. */
export function isErrorLine({ text, stream }: LogEntry): boolean {
  return stream !== 'note' && ERROR.test(text.length > LOOKED_AT ? text.slice(0, LOOKED_AT) : text);
}
