/** One line of a log by itself: what is known of it, and its whole text, JSON as a tree, in parts where it is very long. */
import { formatCount, formatThings } from '../format/amounts.ts';
import { formatExactMoment } from '../format/clock.ts';
import { parsedRows } from '../format/pretty-json.ts';
import { foldText } from '../format/wrap.ts';
import { environmentIdOf, environmentName } from '../model/live-fleet.ts';
import { type LogEntry, lineAt } from '../model/log-buffer.ts';
import type { LogsScreen } from '../model/log-view.ts';
import type { LogLineScreen } from '../model/screen.ts';
import { type AppState, shownFleet } from '../model/state.ts';
import { plainLine, span } from './cells.ts';
import { clockWords } from './log-sources.ts';
import { textSpans } from './logs.ts';
import type { Line } from './view.ts';

/** A part of a long line in UTF-16 units: what is folded and looked at at once. */
const PART = 16_384;

/** How many parts a line is shown in. */
export function partCount({ text }: LogEntry): number {
  return Math.max(1, Math.ceil(text.length / PART));
}

/** The log under the zoomed line and the line itself; undefined when it was let go meanwhile. */
export function zoomedEntry(
  state: AppState,
  { line }: LogLineScreen,
): { readonly log: LogsScreen; readonly entry: LogEntry } | undefined {
  const log = state.screens.find((screen) => screen.kind === 'logs');
  const entry = log && lineAt(log.log, line);
  return log && entry ? { log, entry } : undefined;
}

/** All rows of the view. */
export function logLineLines(
  state: AppState,
  screen: LogLineScreen,
  width: number,
): readonly Line[] {
  const found = zoomedEntry(state, screen);
  if (!found) {
    return [
      plainLine(''),
      plainLine('   This line was let go meanwhile; esc goes back to the log.', 'dim'),
    ];
  }
  const { log, entry } = found;
  const room = Math.max(8, width - 2);
  return [
    ...factLines(state, log, entry),
    plainLine(''),
    ...textLines(log, entry, screen.part, room),
  ];
}

function factLines(state: AppState, log: LogsScreen, entry: LogEntry): readonly Line[] {
  const source = entry.source === undefined ? undefined : log.merged?.sources[entry.source];
  const key = source?.key ?? log.key;
  const time = entry.atMs === null ? 'none' : formatExactMoment(entry.atMs);
  const zulu = entry.atMs === null ? '' : `  ${new Date(entry.atMs).toISOString()}`;
  const facts: readonly (readonly [string, string])[] = [
    ['host', environmentName(shownFleet(state), environmentIdOf(key))],
    ...(source && log.merged
      ? [['log', `${source.name}, ${clockWords(log.merged, source)}`] as const]
      : []),
    ['time', `${time}${zulu}${entry.isLate ? '  came late' : ''}`],
    ['stream', entry.stream === 'note' ? 'a remark of this console' : entry.stream],
    ['length', formatThings(entry.text.length, 'character')],
  ];
  return facts.map(([name, value]) => ({
    spans: [span(` ${name.padEnd(8)}`, 'dim'), span(value)],
  }));
}

function textLines(log: LogsScreen, entry: LogEntry, part: number, room: number): readonly Line[] {
  const parts = partCount(entry);
  const tree = parsedRows(entry.text);
  if (tree) {
    return tree.flatMap((row) =>
      foldText(row, room).map((text) => ({
        spans: [span(' '), ...textSpans(log, { text, paint: [] })],
      })),
    );
  }
  const from = part * PART;
  const text = entry.text.slice(from, from + PART);
  const paint = (entry.paint ?? []).map((one) => ({
    ...one,
    from: one.from - from,
    to: one.to - from,
  }));
  let at = 0;
  const rows = foldText(text, room).map((row): Line => {
    const own = paint.map((one) => ({ ...one, from: one.from - at, to: one.to - at }));
    at += row.length;
    return { spans: [span(' '), ...textSpans(log, { text: row, paint: own })] };
  });
  if (parts === 1) return rows;
  const words = `part ${formatCount(part + 1)} of ${formatCount(parts)}: right and left go on and back`;
  return [plainLine(` ── ${words} ──`, 'dim'), ...rows];
}
