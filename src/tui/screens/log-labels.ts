/** What stands before each line of a merged view: the source in full, in short, or as a bar of its colour. */
import { pad, textWidth } from '../format/width.ts';
import { LOG_COLORS, type LogEntry } from '../model/log-buffer.ts';
import type { MergedLogs } from '../model/log-source.ts';
import type { LogsScreen } from '../model/log-view.ts';
import { nameCell, span } from './cells.ts';
import type { Span, StyleName } from './view.ts';

const MAX_LONG = 28;
const MAX_SHORT = 12;
/** Before a line that came too late for its place. */
const LATE = '«';

/** The look of a source's label, one of the colours in turn. */
export function sourceStyle(at: number): StyleName {
  return LOG_COLORS[(at * 5 + 5) % LOG_COLORS.length] ?? 'cyan';
}

/** The cells of a label and what parts it from the line; 0 in a view of one log. Data never change it. */
export function labelWidth({ merged }: LogsScreen, width: number): number {
  return merged ? nameWidth(merged, width) + 2 : 0;
}

function nameWidth({ label, sources }: MergedLogs, width: number): number {
  if (label === 'bar') return 0;
  const names = sources.map(({ name, shortName }) => (label === 'long' ? name : shortName));
  const widest = Math.max(1, ...names.map(textWidth));
  const most = label === 'long' ? MAX_LONG : MAX_SHORT;
  return Math.max(1, Math.min(widest, most, Math.floor(width / 3)));
}

/** The label of a line's first row, or the bar alone for the rows below it. */
export function labelSpans(
  { merged }: LogsScreen,
  entry: LogEntry,
  width: number,
  isFirst: boolean,
): readonly Span[] {
  if (!merged || entry.source === undefined) return [];
  const style = sourceStyle(entry.source);
  const source = merged.sources[entry.source];
  const room = nameWidth(merged, width);
  const bar = entry.isLate ? span(LATE, 'warning') : span('▏', style);
  if (room === 0) return [entry.isLate ? bar : span('▌', style), span(' ')];
  const name = (merged.label === 'long' ? source?.name : source?.shortName) ?? '';
  return [isFirst ? nameCell(name, room, style) : span(pad('', room)), bar, span(' ')];
}
