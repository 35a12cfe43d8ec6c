/**
 * Charts in place of a block's lines: blessed-contrib's line chart, loaded when the first one is on the screen, drawn into its
 * canvas and read back as styled lines, so that its element never gets to the screen. Plain characters where only ASCII can be drawn.
 */
import type { Block, Chart, Line, Size, Span, StyleName } from '../screens/view.ts';
import { asciiChart } from './ascii-chart.ts';

const loadWidget = async () => (await import('blessed-contrib/lib/widget/charts/line.js')).default;
type LineWidget = Awaited<ReturnType<typeof loadWidget>>;

/** By number in SGR 30-37; the axes are drawn in black and white, which here mean quiet. */
const STYLES: readonly (StyleName | undefined)[] = [
  'dim',
  'red',
  'green',
  'yellow',
  'blue',
  'magenta',
  'cyan',
  'dim',
];

/** What contrib leaves free at the right and below its canvas. */
const MARGIN = { width: 6, height: 2 };
const ROOMY = 10;
const LEAST: Size = { width: 16, height: 4 };

/** A chart as it was drawn last, kept while it says the same. */
interface Drawn {
  readonly of: string;
  readonly lines: readonly Line[];
}

export interface ChartOptions {
  readonly isAscii: boolean;
  /** Called when charts that were blank can be drawn now. */
  onReady(): void;
}

/** Draws the charts of frames. */
export class Charts {
  readonly #options: ChartOptions;
  readonly #drawn = new Map<string, Drawn>();
  #widget: LineWidget | 'loading' | undefined;

  constructor(options: ChartOptions) {
    this.#options = options;
  }

  /** The block with its chart as lines; any other block as it is. */
  drawn(block: Block): Block {
    const { chart, area, border } = block;
    if (!chart) return block;
    const edges = border ? 2 : 0;
    const size = { width: area.width - edges, height: area.height - edges };
    const of = `${size.width} ${size.height} ${JSON.stringify(chart)}`;
    const known = this.#drawn.get(block.id);
    const lines = known?.of === of ? known.lines : this.#draw(chart, size);
    if (lines.length > 0) this.#drawn.set(block.id, { of, lines });
    return { ...block, lines };
  }

  #draw(chart: Chart, size: Size): readonly Line[] {
    const isSmall = size.width < LEAST.width || size.height < LEAST.height;
    if (this.#options.isAscii || isSmall) return asciiChart(chart, size);
    if (typeof this.#widget === 'function') return contribChart(this.#widget, chart, size);
    if (this.#widget === undefined) void this.#load();
    return [];
  }

  async #load(): Promise<void> {
    this.#widget = 'loading';
    this.#widget = await loadWidget();
    this.#options.onReady();
  }
}

function contribChart(Widget: LineWidget, chart: Chart, size: Size): readonly Line[] {
  const { series, labels, most, unit } = chart;
  const rows = size.height - 1;
  const widget = new Widget({
    width: size.width + MARGIN.width,
    height: rows + MARGIN.height,
    maxY: most,
    // Of an axis that ends at 1, 2 or 5 both give round numbers.
    numYLabels: rows < ROOMY ? 2 : 5,
    style: { line: 'cyan', text: 'white', baseline: 'black' },
  });
  // What an element is told when it joins a screen; this one never does.
  widget.emit('attach');
  widget.setData(
    series.map(({ style, values }) => ({ x: labels, y: values, style: { line: style } })),
  );
  const drawn = widget.ctx._canvas.frame().split('\n').slice(0, rows).map(styledLine);
  return [{ spans: [{ text: ` ${unit}`, style: 'dim' }] }, ...drawn];
}

/** A row of the canvas: characters and SGR colours. */
function styledLine(text: string): Line {
  const spans: Span[] = [];
  let style: StyleName | undefined;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the canvas colours its characters with escape sequences
  for (const part of text.split(/(\x1b\[\d+m)/)) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: as above
    const [, code] = /^\x1b\[(\d+)m$/.exec(part) ?? [];
    if (code === undefined) {
      if (part !== '') spans.push(style === undefined ? { text: part } : { text: part, style });
    } else if (code.startsWith('3')) style = STYLES[Number(code) - 30];
  }
  return { spans };
}
