/** Charts as terminals show them: blessed-contrib's where there is Unicode, plain characters else, and no crash in any size. */
import { expect, test } from 'vitest';
import type { Chart, Frame } from '../../../src/tui/screens/view.ts';
import { Painted } from '../../support/painted.ts';

const wave = (count: number, height: number, turn = 0) =>
  Array.from({ length: count }, (_, at) => (1 + Math.sin(at / 7 + turn)) * height);

const CHART: Chart = {
  series: [
    { style: 'cyan', values: wave(60, 40) },
    { style: 'yellow', values: wave(60, 10, 2) },
  ],
  labels: Array.from({ length: 60 }, (_, at) => `${59 - at}s`),
  unit: 'K/s',
  most: 100,
};

const frame = (chart: Chart, width: number, height: number): Frame => ({
  blocks: [
    {
      id: 'chart',
      area: { top: 0, left: 0, width, height },
      border: { title: 'network' },
      lines: [],
      chart,
    },
  ],
});

test('a chart is drawn with dots once the widget is loaded, blank until then', async () => {
  using painted = new Painted(60, 14);
  const before = await painted.show(frame(CHART, 60, 14));
  expect(before).not.toMatch(/[\u2801-\u28ff]/);
  await painted.ready;
  const text = await painted.show(frame(CHART, 60, 14));
  expect(text).toMatch(/[\u2801-\u28ff]/);
  await expect(text).toMatchFileSnapshot('./chart-60x14.txt');
  await painted.show(frame(CHART, 60, 14));
  expect(painted.bytes).toBe('');
  const other = { ...CHART, series: [{ style: 'cyan' as const, values: wave(60, 20) }] };
  expect(await painted.show(frame(other, 60, 14))).not.toBe(text);
});

test('plain characters do on a terminal that has no others', async () => {
  using painted = new Painted(60, 14, { isAscii: true });
  const text = await painted.show(frame(CHART, 60, 14));
  expect(text).toMatch(/^[\n -~]*$/);
  await expect(text).toMatchFileSnapshot('./chart-ascii-60x14.txt');
});

test.each([
  ['one point', { ...CHART, series: [{ style: 'cyan', values: [1] }], labels: ['0s'] }],
  ['zeros', { ...CHART, series: [{ style: 'cyan', values: wave(60, 0) }], most: 10 }],
  ['beyond its axis', { ...CHART, most: 1 }],
  ['very large', { ...CHART, series: [{ style: 'cyan', values: wave(60, 1e12) }], most: 5e12 }],
] as const)('%s', async (_, chart) => {
  using painted = new Painted(80, 24);
  await painted.show(frame(chart as Chart, 40, 10));
  await painted.ready;
  expect(await painted.show(frame(chart as Chart, 40, 10))).toContain('network');
});

test('no size is too small or too large', async () => {
  using painted = new Painted(300, 100);
  await painted.show(frame(CHART, 40, 10));
  await painted.ready;
  for (const [width, height] of [
    [3, 3],
    [16, 5],
    [19, 7],
    [20, 6],
    [41, 11],
    [300, 100],
  ] as const) {
    expect(await painted.show(frame(CHART, width, height))).toContain('┌');
  }
});
