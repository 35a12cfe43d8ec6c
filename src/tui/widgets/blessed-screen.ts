/**
 * Blessed as a substrate: its cell grid and its tree of elements, nothing of its input, output, drawing or process
 * handlers. Those lose keys, block on a stalled terminal, misread terminfo and end a SIGTERM with status 0.
 */
import { EventEmitter } from 'node:events';
import Tput from 'blessed/lib/tput.js';
import Box from 'blessed/lib/widgets/box.js';
import Screen from 'blessed/lib/widgets/screen.js';
import type { Size } from '../screens/view.ts';
import type { CellRow } from './cells.ts';
import { DEFAULT_COLOR } from './palette.ts';

const BLANK = (DEFAULT_COLOR << 9) | DEFAULT_COLOR;

/** An element of the screen; its `render` writes cells into the grid's rows. */
export interface GridElement {
  hidden: boolean;
  /** Moves it over all others. */
  setFront(): void;
}

type Listener = (...args: unknown[]) => void;

interface BlessedScreen {
  readonly lines: readonly CellRow[];
  readonly olines: readonly CellRow[];
  readonly program: { cols: number; rows: number };
  draw: () => void;
  alloc(): void;
  render(): void;
  destroy(): void;
}

/** The cells of a terminal: what they should say, and what the terminal was last told. */
export class CellGrid implements Disposable {
  readonly #screen: BlessedScreen;

  constructor(size: Size) {
    this.#screen = openBlessed(size);
  }

  get rows(): readonly CellRow[] {
    return this.#screen.lines;
  }

  /** What the terminal shows as far as we know; the drawing keeps it true. */
  get shown(): readonly CellRow[] {
    return this.#screen.olines;
  }

  /** All cells anew and blank, on the terminal too: for another size, or when the terminal was cleared. */
  reset(size: Size): void {
    this.#screen.program.cols = size.width;
    this.#screen.program.rows = size.height;
    this.#screen.alloc();
  }

  /** Blanks what the cells should say, not what the terminal shows. */
  blank(): void {
    for (const row of this.#screen.lines) {
      row.dirty = true;
      for (const cell of row) {
        cell[0] = BLANK;
        cell[1] = ' ';
      }
    }
  }

  add(render: () => void): GridElement {
    const element = Box({ parent: this.#screen as never }) as unknown as GridElement & {
      render: () => void;
    };
    element.render = () => {
      if (!element.hidden) render();
    };
    return element;
  }

  /** Lets every element that is not hidden write its cells, from the back to the front. */
  compose(): void {
    this.#screen.render();
  }

  [Symbol.dispose](): void {
    this.#screen.destroy();
  }
}

function openBlessed(size: Size): BlessedScreen {
  refuseSystemTerminfo();
  const nowhere = Object.assign(new EventEmitter(), {
    columns: size.width,
    rows: size.height,
    isTTY: true,
    write: () => true,
  });
  const silent = Object.assign(new EventEmitter(), {
    isTTY: true,
    isRaw: true,
    resume: () => {},
    pause: () => {},
    // What blessed's key parser looks for to find out that it listens already.
    _keypressDecoder: true,
  });
  const screen = withoutTmux(() =>
    Screen({
      input: silent as never,
      output: nowhere as never,
      terminal: 'xterm',
      fullUnicode: false,
    }),
  ) as unknown as BlessedScreen;
  screen.draw = () => {};
  dropProcessHandlers();
  return screen;
}

/**
 * Blessed reads terminfo by name from the system; the copy that it brings along it names by path. It makes a function of
 * each capability there, at a tenth of the time to the first frame, for output that is never its own.
 */
function refuseSystemTerminfo(): void {
  Tput.prototype._compile = () => () => '';
  Tput.prototype._prefix = (name) => {
    if (name?.includes('/')) return name;
    throw new Error('The terminfo of the system is not read');
  };
}

/** Inside tmux blessed would run `tmux -V` and wait for it. */
function withoutTmux<T>(open: () => T): T {
  const { TMUX } = process.env;
  delete process.env.TMUX;
  try {
    return open();
  } finally {
    if (TMUX !== undefined) process.env.TMUX = TMUX;
  }
}

function dropProcessHandlers(): void {
  const events = ['uncaughtException:_exceptionHandler', 'exit:_exitHandler'];
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT']) {
    events.push(`${signal}:_${signal.toLowerCase()}Handler`);
  }
  for (const entry of events) {
    const [event = '', name = ''] = entry.split(':');
    const listener = Screen[name] as Listener | undefined;
    if (listener) process.removeListener(event, listener);
  }
}
