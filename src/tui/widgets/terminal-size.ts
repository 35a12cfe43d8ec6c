/** The terminal's size and its changes; a storm of changes (a dragged window) is told once it pauses. */
import type { Size } from '../screens/view.ts';

const QUIET_MS = 40;
const LONGEST_MS = 160;
const FALLBACK: Size = { width: 80, height: 24 };
/** Beyond this a size is a mistake of whoever made the terminal; cells cost memory. */
const LARGEST: Size = { width: 1000, height: 500 };

/** Knows the size as last told; calls `onResize` with the new one. */
export class TerminalSize implements Disposable {
  readonly #onResize: (size: Size) => void;
  #size: Size;
  #timer: NodeJS.Timeout | undefined;
  #stormSince = 0;

  constructor(onResize: (size: Size) => void) {
    this.#onResize = onResize;
    this.#size = measure();
    process.stdout.on('resize', this.#onChange);
  }

  get size(): Size {
    return this.#size;
  }

  /** Measures now, without calling `onResize`: the size may have changed while another program had the terminal. */
  refresh(): void {
    askAgain();
    this.#size = measure();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    process.stdout.off('resize', this.#onChange);
  }

  readonly #onChange = (): void => {
    const now = performance.now();
    if (this.#timer === undefined) this.#stormSince = now;
    clearTimeout(this.#timer);
    const delayMs = Math.min(QUIET_MS, Math.max(0, this.#stormSince + LONGEST_MS - now));
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#size = measure();
      this.#onResize(this.#size);
    }, delayMs);
  };
}

/** Node asks for the size at its start and at SIGWINCH, which a stopped program's terminal sends to others. */
function askAgain(): void {
  const stdout = process.stdout as unknown as { _refreshSize?: () => void };
  stdout._refreshSize?.();
}

function measure(): Size {
  const { columns, rows } = process.stdout;
  return {
    width: Math.min(columns || FALLBACK.width, LARGEST.width),
    height: Math.min(rows || FALLBACK.height, LARGEST.height),
  };
}
