/** A chart of plain characters, for terminals that can draw nothing else and for places too small for anything finer. */
import type { Chart, Line, Size, Span } from '../screens/view.ts';

const MARKS = ['*', '+', 'x', 'o'] as const;
const AXIS_WIDTH = 7;

/** As many lines as `size` is high: the unit, the plot, the ages below it. */
export function asciiChart({ series, labels, unit, most }: Chart, size: Size): readonly Line[] {
  const width = Math.max(1, size.width - AXIS_WIDTH);
  const height = Math.max(1, size.height - 2);
  const count = labels.length;
  const rows = Array.from({ length: height }, () => new Array<number>(width).fill(-1));
  for (const [index, { values }] of series.entries()) {
    for (let column = 0; column < width; column += 1) {
      const value = values[Math.floor((column * count) / width)] ?? 0;
      const share = Math.max(0, Math.min(1, value / most));
      const row = rows[height - 1 - Math.round(share * (height - 1))];
      if (row) row[column] = index;
    }
  }
  const plot = rows.map((row, index): Line => {
    const text = index === 0 ? axisWords(most) : index === height - 1 ? '0' : '';
    const axis: Span = { text: `${text.padStart(AXIS_WIDTH - 2)} |`, style: 'dim' };
    return { spans: [axis, ...runs(row, series)] };
  });
  const oldest = labels[0] ?? '';
  const ages = `${oldest}${(labels.at(-1) ?? '').padStart(width - oldest.length)}`;
  const above: Line = { spans: [{ text: ` ${unit}`, style: 'dim' }] };
  const below: Line = { spans: [{ text: `${' '.repeat(AXIS_WIDTH)}${ages}`, style: 'dim' }] };
  return [above, ...plot, below].slice(0, Math.max(0, size.height));
}

function axisWords(most: number): string {
  return most < 10 ? String(Number(most.toFixed(2))) : String(Math.round(most));
}

/** Neighbouring marks of one series as one span. */
function runs(row: readonly number[], series: Chart['series']): readonly Span[] {
  const spans: { text: string; index: number }[] = [];
  for (const index of row) {
    const mark = MARKS[index] ?? ' ';
    const last = spans.at(-1);
    if (last?.index === index) last.text += mark;
    else spans.push({ text: mark, index });
  }
  return spans.map(({ text, index }): Span => {
    const style = series[index]?.style;
    return style === undefined ? { text } : { text, style };
  });
}
