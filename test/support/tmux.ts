/** A real tmux on a private server with nobody's settings, and one program in it. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { pointWidth } from '../../src/tui/format/width.ts';
import type { CellScreen } from './borders.ts';

const run = promisify(execFile);

export interface Tmux extends AsyncDisposable {
  command(...args: readonly string[]): Promise<string>;
  /** The screen as text; with its colours when asked. */
  screen(withColors?: boolean): Promise<string>;
  /** The screen cell by cell. */
  cells(): Promise<CellScreen>;
}

export interface TmuxOptions {
  readonly cols?: number;
  readonly rows?: number;
  /** TERM of the programs in it; tmux's own default unless told. */
  readonly term?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts it with the command of a shell in its only window; disposing ends both. */
export async function openTmux(command: string, options: TmuxOptions = {}): Promise<Tmux> {
  const { cols = 60, rows = 12, term } = options;
  const socket = `fleet-test-${randomBytes(4).toString('hex')}`;
  const outer = { LANG: 'C.UTF-8', TERM: 'xterm-256color', TMUX: '' };
  const env = { ...process.env, ...outer, ...options.env };
  const tmux = async (...args: readonly string[]): Promise<string> => {
    const all = ['-L', socket, '-f', '/dev/null', '-u', ...args];
    const { stdout } = await run('tmux', all, { env });
    return stdout;
  };
  const size = ['-x', String(cols), '-y', String(rows)];
  const kind = term === undefined ? [] : ['set', '-g', 'default-terminal', term, ';'];
  await tmux(...kind, 'new-session', '-d', '-s', 'test', ...size, command);
  const screen = (withColors = false) =>
    tmux('capture-pane', '-p', '-t', 'test', ...(withColors ? ['-e'] : []));
  return {
    command: tmux,
    screen,
    cells: async () => cellsOf((await screen()).split('\n')),
    async [Symbol.asyncDispose]() {
      await tmux('kill-server').catch(() => '');
    },
  };
}

function cellsOf(lines: readonly string[]): CellScreen {
  const rows = lines.map((line) => {
    const cells: string[] = [];
    for (const letter of line) {
      const width = pointWidth(letter.codePointAt(0) ?? 0);
      if (width > 0) cells.push(letter, ...Array<string>(width - 1).fill(''));
    }
    return cells;
  });
  const cols = Math.max(...rows.map(({ length }) => length));
  return { cols, rows: rows.length, cell: (top, left) => rows[top]?.[left] ?? '' };
}
