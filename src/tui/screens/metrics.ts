/** What a container uses, as four charts: CPU, memory, network, disk. Charts are data here; widgets draw them. */
import type { SamplePoint } from '../../protocol/sample.ts';
import { formatAge, formatBytes, formatCores, formatPercent } from '../format/amounts.ts';
import { printable } from '../format/width.ts';
import { elapsedSince } from '../model/live-fleet.ts';
import { type MetricsScreen, unbroken } from '../model/metrics-view.ts';
import { type AppState, shownFleet } from '../model/state.ts';
import { plainLine, type Segment } from './cells.ts';
import type { Area, Block, ChartSeries, Line, StyleName } from './view.ts';

type Read = (point: SamplePoint) => number | null;

interface Plot {
  readonly id: string;
  /** In the upper edge. */
  title(screen: MetricsScreen): string;
  readonly series: readonly { readonly style: StyleName; readonly read: Read }[];
  /** Scale and unit of what is drawn, by its largest value. */
  unit(most: number): { readonly scale: number; readonly name: string };
}

const BYTE_UNITS = ['B', 'K', 'M', 'G', 'T'] as const;

function byteUnit(most: number, suffix: string) {
  const power = most <= 0 ? 0 : Math.floor(Math.log(most) / Math.log(1024));
  const index = Math.max(0, Math.min(BYTE_UNITS.length - 1, power));
  return { scale: 1024 ** index, name: `${BYTE_UNITS[index]}${suffix}` };
}

const rateWords = (rate: number | null | undefined) =>
  rate === null || rate === undefined ? '?' : `${formatBytes(rate)}/s`;

const PLOTS: readonly Plot[] = [
  {
    id: 'cpu',
    title: ({ sample }) => `cpu ${cpuWords(sample?.cpuCores, sample?.cpus)}`,
    series: [{ style: 'cyan', read: ({ cpuCores }) => cpuCores }],
    unit: () => ({ scale: 0.01, name: '% of one core' }),
  },
  {
    id: 'memory',
    title: ({ sample }) => `memory ${memoryWords(sample?.memoryBytes, sample?.memoryLimitBytes)}`,
    series: [{ style: 'green', read: ({ memoryBytes }) => memoryBytes }],
    unit: (most) => byteUnit(most, ''),
  },
  {
    id: 'network',
    title: ({ sample }) =>
      `network in ${rateWords(sample?.networkInRate)}, out ${rateWords(sample?.networkOutRate)}`,
    series: [
      { style: 'cyan', read: ({ networkInRate }) => networkInRate },
      { style: 'yellow', read: ({ networkOutRate }) => networkOutRate },
    ],
    unit: (most) => byteUnit(most, '/s'),
  },
  {
    id: 'block',
    title: ({ sample }) =>
      `disk read ${rateWords(sample?.blockReadRate)}, written ${rateWords(sample?.blockWriteRate)}`,
    series: [
      { style: 'cyan', read: ({ blockReadRate }) => blockReadRate },
      { style: 'yellow', read: ({ blockWriteRate }) => blockWriteRate },
    ],
    unit: (most) => byteUnit(most, '/s'),
  },
];

/** Both ways of counting: in one core's hundredths, as docker does, and of the whole host. */
function cpuWords(cores: number | null | undefined, cpus: number | undefined): string {
  if (cores === null || cores === undefined) return '?';
  const one = formatCores(cores);
  return cpus ? `${one} of one core, ${formatPercent((cores / cpus) * 100)} of ${cpus}` : one;
}

function memoryWords(bytes: number | undefined, limit: number | undefined): string {
  if (bytes === undefined) return '?';
  if (!limit) return formatBytes(bytes);
  return `${formatBytes(bytes)} of ${formatBytes(limit)}, ${formatPercent((bytes / limit) * 100)}`;
}

const GRID_FROM_WIDTH = 70;
const LEAST_HEIGHT = 6;

/** One block per chart, as many as have room: two by two, or below each other on a narrow terminal. */
export function metricsBlocks(screen: MetricsScreen, area: Area): readonly Block[] {
  const columns = area.width >= GRID_FROM_WIDTH ? 2 : 1;
  const rows = Math.min(4 / columns, Math.max(1, Math.floor(area.height / LEAST_HEIGHT)));
  const width = Math.floor(area.width / columns);
  const height = Math.floor(area.height / rows);
  return PLOTS.slice(0, rows * columns).map((plot, index) => {
    const [row, column] = [Math.floor(index / columns), index % columns];
    const place: Area = {
      top: area.top + row * height,
      left: area.left + column * width,
      width: column === columns - 1 ? area.width - column * width : width,
      height: row === rows - 1 ? area.height - row * height : height,
    };
    return plotBlock(screen, plot, place);
  });
}

function plotBlock(screen: MetricsScreen, plot: Plot, area: Area): Block {
  const block = { id: `chart-${plot.id}`, area, border: { title: plot.title(screen) } };
  const points = drawable(screen, plot, area.width);
  if (points.length < 2) return { ...block, lines: waiting(screen) };
  const most = Math.max(
    ...plot.series.flatMap(({ read }) => points.map((point) => read(point) ?? 0)),
  );
  const { scale, name } = plot.unit(most);
  const series = plot.series.map(
    ({ style, read }): ChartSeries => ({
      style,
      values: points.map((point) => (read(point) ?? 0) / scale),
    }),
  );
  const lastMs = points.at(-1)?.atMs ?? 0;
  const labels = points.map(({ atMs }) => formatAge(lastMs - atMs));
  return {
    ...block,
    lines: [],
    chart: { series, labels, unit: name, most: ceiling(most / scale) },
  };
}

function waiting({ points, why }: MetricsScreen): readonly Line[] {
  if (why !== undefined) return [plainLine(` ${printable(why)}`, 'nodata')];
  const words = points.length === 0 ? ' asking …' : ' a line takes two measurements …';
  return [plainLine(words, 'pending')];
}

/** The axis of a line that lies on the ground. */
const NOTHING_YET = 10;

/** Evenly spread over the time since the last gap, so that the chart's width is time; never more than it has dots. */
function drawable(screen: MetricsScreen, plot: Plot, width: number): readonly SamplePoint[] {
  const known = unbroken(screen.points).filter((point) =>
    plot.series.every(({ read }) => read(point) !== null),
  );
  const [first, last] = [known[0], known.at(-1)];
  if (!first || !last || known.length < 2) return [];
  const count = Math.max(2, width - 10);
  let at = 0;
  return Array.from({ length: count }, (_, index): SamplePoint => {
    const atMs = first.atMs + ((last.atMs - first.atMs) * index) / (count - 1);
    while (at + 1 < known.length && (known[at + 1]?.atMs ?? atMs) <= atMs) at += 1;
    return between(known[at] ?? last, known[at + 1] ?? last, atMs);
  });
}

/** What a straight line from one point to the other says of a moment between them. */
function between(before: SamplePoint, after: SamplePoint, atMs: number): SamplePoint {
  const ms = after.atMs - before.atMs;
  const share = ms > 0 ? (atMs - before.atMs) / ms : 0;
  const mix = (one: number | null, other: number | null) =>
    (one ?? 0) + ((other ?? 0) - (one ?? 0)) * share;
  return {
    atMs,
    cpuCores: mix(before.cpuCores, after.cpuCores),
    memoryBytes: mix(before.memoryBytes, after.memoryBytes),
    networkInRate: mix(before.networkInRate, after.networkInRate),
    networkOutRate: mix(before.networkOutRate, after.networkOutRate),
    blockReadRate: mix(before.blockReadRate, after.blockReadRate),
    blockWriteRate: mix(before.blockWriteRate, after.blockWriteRate),
  };
}

/** A round number above the largest value, so that the axis moves seldom; never zero. */
function ceiling(most: number): number {
  if (most <= 0) return NOTHING_YET;
  const power = 10 ** Math.floor(Math.log10(most));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= most * 1.05) ?? 20;
  return step * power;
}

/** What the title says besides the name: the span that is drawn, and the age of the newest sample. */
export function metricsSegments(state: AppState, screen: MetricsScreen): readonly Segment[] {
  const points = unbroken(screen.points);
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return [];
  const age = elapsedSince(shownFleet(state), last.atMs, state.nowMs);
  const isOld = age > 60_000;
  const spanWords = `last ${formatAge(last.atMs - first.atMs)}`;
  return [
    { text: screen.sample ? `${screen.sample.pids} pids` : '', style: 'dim', keep: 3 },
    { text: spanWords, style: 'dim', keep: 5 },
    {
      text: `measured ${formatAge(age)} ago`,
      style: isOld ? 'nodata' : 'dim',
      keep: 8,
    },
  ];
}
