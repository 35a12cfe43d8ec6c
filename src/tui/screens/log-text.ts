/** Lines of a log as plain text outside the screen: in a clipboard, in a file. */
import type { LogEntry } from '../model/log-buffer.ts';
import type { LogsScreen } from '../model/log-view.ts';
import { timeWords } from './log-window.ts';

function sourceName({ merged }: LogsScreen, { source }: LogEntry): string {
  const name = source === undefined ? undefined : merged?.sources[source]?.name;
  return name === undefined ? '' : `${name} `;
}

/** As it is shown: with its source where there are many, and its time where times are shown. */
export function copiedLine(screen: LogsScreen, entry: LogEntry): string {
  if (entry.stream === 'note') return `── ${entry.text} ──`;
  return `${sourceName(screen, entry)}${timeWords(entry, screen.times)}${entry.text}`;
}

/** With its exact time in UTC, its source where there are many, its stream, and all of its text. */
export function savedLine(screen: LogsScreen, entry: LogEntry): string {
  if (entry.stream === 'note') return `── ${entry.text} ──`;
  const time = entry.atMs === null ? '-' : new Date(entry.atMs).toISOString();
  return `${time} ${sourceName(screen, entry)}${entry.stream === 'stderr' ? 'err' : 'out'} ${entry.text}`;
}
