/** What a command printed in each container, one below the other; only the visible rows are ever built. */
import { formatBytes, formatDuration, formatThings } from '../format/amounts.ts';
import { cut, printable } from '../format/width.ts';
import { fromColumn } from '../format/wrap.ts';
import {
  countResults,
  type ExecResult,
  type ExecRun,
  type ExecTarget,
  kindOf,
  WAITING,
} from '../model/exec.ts';
import type { ExecScreen } from '../model/screen.ts';
import type { AppState } from '../model/state.ts';
import { plainLine, span } from './cells.ts';
import type { Area, Line, StyleName } from './view.ts';

const INDENT = '   ';

/** Rows of the whole view. */
export function execHeight(run: ExecRun): number {
  return run.targets.reduce((sum, { key }) => sum + rowsOf(run.results.get(key) ?? WAITING), 0);
}

/** A heading, the output, what was let go, and a blank row. */
function rowsOf({ lines, droppedBytes }: ExecResult): number {
  return 1 + lines.length + (droppedBytes > 0 ? 1 : 0) + 1;
}

/** The visible rows. */
export function execLines(state: AppState, screen: ExecScreen, area: Area): readonly Line[] {
  const { exec: run } = state;
  if (!run) return [plainLine(''), plainLine(`${INDENT}Nothing was run yet; :exec COMMAND does.`)];
  const lines: Line[] = [];
  let skip = screen.top;
  for (const target of run.targets) {
    const result = run.results.get(target.key) ?? WAITING;
    const rows = rowsOf(result);
    for (let row = skip; row < rows && lines.length < area.height; row++) {
      lines.push(rowLine(state, { target, result, row }, { width: area.width, screen }));
    }
    skip = Math.max(0, skip - rows);
    if (lines.length >= area.height) break;
  }
  return lines;
}

interface Row {
  readonly target: ExecTarget;
  readonly result: ExecResult;
  readonly row: number;
}

function rowLine(
  state: AppState,
  { target, result, row }: Row,
  { width, screen }: { readonly width: number; readonly screen: ExecScreen },
): Line {
  if (row === 0) return headingLine(state, target, result, width);
  const text = result.lines[row - 1];
  if (text !== undefined) {
    return plainLine(INDENT + cut(fromColumn(text, screen.column), width - INDENT.length));
  }
  if (row === result.lines.length + 1 && result.droppedBytes > 0) {
    return plainLine(`${INDENT}── ${formatBytes(result.droppedBytes)} more let go ──`, 'dim');
  }
  return plainLine('');
}

const LOOKS: Readonly<Record<ReturnType<typeof kindOf>, readonly [string, StyleName]>> = {
  open: ['~', 'pending'],
  good: ['o', 'bold'],
  bad: ['!', 'error'],
  cancelled: ['x', 'warning'],
};

function headingLine(state: AppState, target: ExecTarget, result: ExecResult, width: number): Line {
  const [glyph, style] = LOOKS[kindOf(result)];
  const name = printable(`${target.environmentName}/${target.containerName}`);
  return {
    spans: [span(cut(` ${glyph} ${name}  ${resultWords(result, state.nowMs)}`, width), style)],
  };
}

function resultWords(result: ExecResult, nowMs: number): string {
  const { state, exitCode, startedAtMs, endedAtMs, why } = result;
  const took = formatDuration((endedAtMs ?? nowMs) - (startedAtMs ?? endedAtMs ?? nowMs));
  switch (state) {
    case 'waiting':
      return 'waits for its turn';
    case 'running':
      return `running for ${took}`;
    case 'ended':
      return `${exitCode === null ? 'ended, status unknown' : `status ${exitCode}`}, ${took}`;
    case 'failed':
      return printable(why ?? 'failed');
    case 'cancelled':
      return 'cancelled; it may still run there';
  }
}

/** How far a run is, in words. */
export function progressWords(run: ExecRun): string {
  const { open, good, bad, cancelled } = countResults(run);
  const all = formatThings(run.targets.length, 'container');
  const parts = [
    open > 0 ? `${run.targets.length - open} of ${all} answered` : all,
    ...(good > 0 && good < run.targets.length ? [`${good} with status 0`] : []),
    ...(bad > 0 ? [`${bad} failed`] : []),
    ...(cancelled > 0 ? [`${cancelled} cancelled`] : []),
    ...(good === run.targets.length ? ['all with status 0'] : []),
  ];
  return parts.join(', ');
}
