/** The rows that a person reads while benches run: one figure a row. */
import { changeOf } from './change.ts';
import type { Figure } from './figure.ts';
import { limitWords } from './limit.ts';

const WIDTHS = [-58, 18, 12, 6, 12, 14] as const;
const HEADS = ['', 'median', 'p99', '±', 'ratio', 'since last', 'load, limits'];

export const tableHead = () => row(HEADS);

/** `before` is the same figure of the results committed last. */
export function tableRow(figure: Figure, before: Figure | undefined): string {
  const { median, p99, spread, unit, beside, load, limits, runs } = figure;
  return row([
    figure.what,
    `${number(median)} ${unit}`.trim(),
    p99 === null ? '' : number(p99),
    runs > 1 ? `${Math.round(100 * spread)} %` : 'once',
    beside ? `${number(beside.ratio)} x` : '',
    before ? changeWords(figure, before) : 'new',
    [load.toFixed(1), ...limits.map((limit) => limitWords(figure, limit))].join('  '),
  ]);
}

/** What ratios of a bench are ratios to. */
export function besideWords({ what, beside }: Figure): string {
  return beside ? `${what}: ${number(beside.ratio)} x "${beside.what}"` : '';
}

function changeWords(figure: Figure, before: Figure): string {
  const { by, verdict } = changeOf(figure, before);
  const percent = `${by > 0 ? '+' : ''}${Math.round(100 * by)} %`;
  const flag = verdict === 'within noise' ? '' : ` ${verdict.toUpperCase()}`;
  return percent + flag;
}

/** With about as many digits as a figure deserves. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return '?';
  const size = Math.abs(value);
  return value.toFixed(size >= 1_000 || Number.isInteger(value) ? 0 : size >= 100 ? 1 : 2);
}

function row(cells: readonly string[]): string {
  const padded = cells.map((cell, index) => {
    const width = WIDTHS[index] ?? 0;
    return width < 0 ? cell.padEnd(-width) : cell.padStart(width);
  });
  return `  ${padded.join(' ')}`.trimEnd();
}
