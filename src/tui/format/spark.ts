/** A line of bars for numbers over time. */

const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** The newest `width` numbers, one bar each between 0 and `most`, standing at the right. */
export function sparkline(points: readonly number[], width: number, most: number): string {
  const top = Math.max(most, 1e-9);
  const bars = points.slice(-width).map((point) => {
    const share = Math.max(0, Math.min(1, point / top));
    return BARS[Math.min(BARS.length - 1, Math.floor(share * BARS.length))] ?? '▁';
  });
  return bars.join('').padStart(width);
}
