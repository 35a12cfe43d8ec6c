/** What is said above the first line of a log: what was let go there, and whether there is more to read. */
import { formatCount, formatThings } from '../format/amounts.ts';
import { printable } from '../format/width.ts';
import { LOG_LIMITS } from '../model/log-buffer.ts';
import type { LogPast } from '../model/log-source.ts';
import type { LogsScreen } from '../model/log-view.ts';

/** The remark above the first line. */
export function edgeWords({ log, past, clearedTo, merged }: LogsScreen): string {
  if (clearedTo > log.first) {
    return `cleared: ${formatThings(clearedTo - log.first, 'line')} above; scrolling up shows them again`;
  }
  const words = merged ? 'the logs begin here' : 'the log begins here';
  const read = pastWords(past, words);
  if (log.letGo === 0) return read;
  const held = `${formatThings(log.letGo, 'line')} let go: a view holds ${formatCount(LOG_LIMITS.lines)} lines or 32 MB`;
  return past.kind === 'asked' || past.kind === 'failed' ? `${held}; ${read}` : held;
}

function pastWords(past: LogPast, whole: string): string {
  switch (past.kind) {
    case 'unknown':
      return 'scroll up for older lines';
    case 'asked':
      return 'reading older lines …';
    case 'whole':
      return whole;
    case 'failed':
      return `older lines can't be read: ${printable(past.why)}`;
  }
}
