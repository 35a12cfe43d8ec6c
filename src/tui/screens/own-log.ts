/** The console's own log as a table. */
import { formatCount } from '../format/amounts.ts';
import { formatExactMoment } from '../format/clock.ts';
import type { LogSeverity, OwnLine } from '../model/own-log.ts';
import { type OwnLogScreen, shownOwnLines } from '../model/own-log-view.ts';
import type { AppState } from '../model/state.ts';
import { cell, plainLine, type Segment, span } from './cells.ts';
import { PREFIX_WIDTH, type RowTable } from './row-table.ts';
import type { Line, StyleName } from './view.ts';

const LOOKS: Readonly<Record<LogSeverity, readonly [string, StyleName]>> = {
  error: ['!', 'problem'],
  warn: ['~', 'warning'],
  info: [' ', 'dim'],
};

const SEVERITY_WIDTH = 5;
const EXACT_WIDTH = 23;
const CLOCK_WIDTH = 12;

const timeWidth = (width: number) => (width >= 100 ? EXACT_WIDTH : CLOCK_WIDTH);
const textRoom = (width: number) =>
  Math.max(8, width - PREFIX_WIDTH - timeWidth(width) - SEVERITY_WIDTH - 2);

/** The log as a table. */
export function ownLogTable({ ownLog }: AppState, screen: OwnLogScreen): RowTable<OwnLine> {
  return {
    rows: shownOwnLines(ownLog, screen),
    cursor: screen.cursor,
    heads: (width) => [
      cell('TIME', timeWidth(width) + 1, 'head'),
      cell('LEVEL', SEVERITY_WIDTH + 1, 'head'),
      cell('WHAT', textRoom(width), 'head'),
    ],
    glyph: ({ severity }) => ({ text: LOOKS[severity][0], style: LOOKS[severity][1] }),
    cells: ({ atMs, severity, text }, { isSelected, width }) => {
      const style = isSelected ? undefined : LOOKS[severity][1];
      const plain = isSelected ? undefined : 'plain';
      return [
        cell(
          formatExactMoment(atMs).slice(-timeWidth(width)),
          timeWidth(width),
          isSelected ? undefined : 'dim',
        ),
        span(' '),
        cell(severity, SEVERITY_WIDTH, style),
        span(' '),
        cell(text, textRoom(width), severity === 'info' ? plain : style),
      ];
    },
    detail: ({ atMs, severity, text }) => ({
      title: `${severity} at ${formatExactMoment(atMs)}`,
      words: text,
    }),
    empty: noLines(screen),
  };
}

function noLines({ filterText }: OwnLogScreen): readonly Line[] {
  const [words, hint] =
    filterText === ''
      ? ['Nothing to tell so far', 'what goes on in this console comes here']
      : ['No line matches the filter', 'esc clears the filter'];
  return [plainLine(''), plainLine(`   ${words}`, 'plain'), plainLine(`   ${hint}`, 'dim')];
}

/** What the title says at the right: what is left out, what was let go, how many lines. */
export function ownLogSegments({ ownLog }: AppState, screen: OwnLogScreen): readonly Segment[] {
  const { all, count } = ownLog;
  const letGo = count - all.length;
  return [
    { text: screen.worseOnly ? '! warnings and errors' : '', style: 'problem', keep: 8 },
    { text: letGo > 0 ? `${formatCount(letGo)} older in the file` : '', style: 'dim', keep: 4 },
    {
      text: `${formatCount(shownOwnLines(ownLog, screen).length)} of ${formatCount(all.length)}`,
      keep: 7,
    },
  ];
}
