/** `fleet-tui replay`: shows a recorded session in this terminal at its own pace, or a multiple; space holds, + and - change it, q ends. */
import { setTimeout as sleep } from 'node:timers/promises';
import { formatDuration } from '../format/amounts.ts';
import { formatMoment } from '../format/clock.ts';
import { printable } from '../format/width.ts';
import type { Cast } from './cast.ts';
import { ReplayFilter } from './replay-filter.ts';

export interface ReplayTools {
  readonly write: (text: string) => Promise<void>;
  /** One line beside the recording. */
  readonly say: (sentence: string) => void;
  /** The keys pressed since the last question. */
  readonly keys: () => string;
  readonly now: () => number;
  /** Cells of the terminal; undefined where none is known. */
  readonly size: { readonly width: number; readonly height: number } | undefined;
}

export interface ReplayHow {
  /** 2 is twice as fast. */
  readonly speed: number;
  /** The longest pause that is kept; undefined keeps them all. */
  readonly idleLimitS: number | undefined;
}

const STEP_MS = 20;
const FASTEST = 64;
const SLOWEST = 1 / 16;
/** Colours, scrolling (which moves the cursor, so that it is kept), wrap, cursor and letters: as they were before. */
const RESTORE = '\x1b[0m\x1b7\x1b[r\x1b8\x1b[?7h\x1b[?25h\x1b(B';
const FIRST_SCREEN = '\x1b[?1049l';
/** Leaving the second screen moves the cursor: done only where a recording has left the terminal there. */
const SECOND_SCREEN = /\[\?(?:47|1047|1049)([hl])/gu;

/** Whether the time goes on, and how fast. */
class Pace {
  speed: number;
  isHeld = false;
  isOver = false;

  constructor(speed: number) {
    this.speed = speed;
  }

  press(keys: string): void {
    for (const key of keys) {
      if (key === ' ') this.isHeld = !this.isHeld;
      if (key === '+') this.speed = Math.min(FASTEST, this.speed * 2);
      if (key === '-') this.speed = Math.max(SLOWEST, this.speed / 2);
      if (key === 'q' || key === '\x03') this.isOver = true;
    }
  }
}

/** Resolves when it was shown to its end or was ended; the terminal is as it was before. */
export async function replay(cast: Cast, how: ReplayHow, tools: ReplayTools): Promise<void> {
  sayWhat(cast, tools);
  const pace = new Pace(how.speed);
  const filter = new ReplayFilter();
  let shownS = 0;
  let atS = 0;
  let isAside = false;
  try {
    for (const event of cast.events) {
      const waitS = event.atS - atS;
      atS = event.atS;
      shownS = await passed(Math.min(waitS, how.idleLimitS ?? waitS), { pace, tools, shownS });
      if (pace.isOver) break;
      if (event.kind !== 'o') continue;
      const shown = filter.take(event.data);
      const last = [...shown.matchAll(SECOND_SCREEN)].at(-1)?.[1];
      isAside = last === undefined ? isAside : last === 'h';
      await tools.write(shown);
    }
  } finally {
    await tools.write((isAside ? FIRST_SCREEN : '') + RESTORE);
  }
  tools.say(pace.isOver ? 'Ended.' : `The end, after ${formatDuration(shownS * 1_000)}.`);
}

async function passed(
  waitS: number,
  { pace, tools, shownS }: { readonly pace: Pace; readonly tools: ReplayTools; shownS: number },
): Promise<number> {
  let left = waitS;
  let beforeMs = tools.now();
  for (;;) {
    pace.press(tools.keys());
    if (pace.isOver) return shownS + waitS - left;
    const nowMs = tools.now();
    if (!pace.isHeld) left -= ((nowMs - beforeMs) / 1_000) * pace.speed;
    beforeMs = nowMs;
    if (left <= 0 && !pace.isHeld) return shownS + waitS;
    const stepMs = pace.isHeld ? STEP_MS : Math.min(STEP_MS, (left * 1_000) / pace.speed);
    await sleep(Math.max(1, stepMs));
  }
}

function sayWhat({ title, command, startedAtMs, width, height, events }: Cast, tools: ReplayTools) {
  const when = startedAtMs === undefined ? '' : `, ${formatMoment(startedAtMs)}`;
  tools.say(`${printable(title) || 'A recording'}${when}: ${printable(command)}`);
  const sizes = events.flatMap(({ kind, data }) => (kind === 'r' ? [data.split('x')] : []));
  const wide = Math.max(width, ...sizes.map(([first]) => Number(first) || 0));
  const high = Math.max(height, ...sizes.map(([, second]) => Number(second) || 0));
  const { size } = tools;
  if (size && sizes.length > 0 && (size.width < wide || size.height < high)) {
    tools.say(`It was made in ${wide}x${high}; this terminal has ${size.width}x${size.height}.`);
  }
  tools.say('space holds, + and - change the speed, q ends.');
}
