/** A range of a log in a few words, for its title and while it is typed. */
import type { LogRange } from '../model/log-range.ts';
import { formatAge } from './amounts.ts';
import { formatClock, formatMoment } from './clock.ts';

/** `last 15m`, `first lines`, `from 2026-11-27 12:00:00 to 13:00:00`; empty for the last lines of a log. */
export function rangeWords(range: LogRange): string {
  switch (range.kind) {
    case 'tail':
      return '';
    case 'last':
      return `last ${formatAge(range.ms)}`;
    case 'head':
      return 'first lines';
    case 'before':
      return 'before its last start';
    case 'stretch': {
      const { fromMs, toMs } = range;
      if (toMs === undefined) return `from ${formatMoment(fromMs)}`;
      const isSameDay = formatMoment(fromMs).slice(0, 10) === formatMoment(toMs).slice(0, 10);
      return `from ${formatMoment(fromMs)} to ${isSameDay ? formatClock(toMs) : formatMoment(toMs)}`;
    }
  }
}
