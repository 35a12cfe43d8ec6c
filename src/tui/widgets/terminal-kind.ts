/**
 * What the terminal can do, from its name and the locale alone. The system's terminfo is never read: blessed does not
 * understand the format that ncurses 6.1 and later write, and paints with eight colours or garbage instead.
 */

export type ColorCount = 0 | 8 | 16 | 256;

export interface TerminalKind {
  readonly colors: ColorCount;
  /** Whether a frame may be wrapped in a synchronized update before the terminal itself has said so. */
  readonly isSynchronized: boolean;
  /** Whether it may be asked what it supports: old ones print the question. */
  readonly mayAsk: boolean;
  /** Whether only ASCII may be drawn because the locale has another character set than UTF-8. */
  readonly isAscii: boolean;
}

const HAS_256 = /256|direct|truecolor|kitty|alacritty|ghostty|wezterm|foot|contour/;
const HAS_16 = /^(xterm|rxvt|screen|tmux|linux|konsole|putty|gnome|vte|st|mintty|iterm)/;
const SYNCHRONIZED = /kitty|alacritty|ghostty|wezterm|foot|contour|mintty|iterm/;

/** What this environment's terminal can do, or a sentence saying why it can't show the console. */
export function terminalKind(env: NodeJS.ProcessEnv): TerminalKind | string {
  const term = (env.TERM ?? '').toLowerCase();
  if (term === '' || term === 'dumb' || term === 'unknown') {
    const name = term === '' ? 'TERM is not set' : `TERM=${term}`;
    return `This terminal (${name}) cannot show a full-screen console: set TERM to what it is, for example xterm-256color, or use --linear, or the output in plain text (fleet-tui | cat).`;
  }
  const program = (env.TERM_PROGRAM ?? '').toLowerCase();
  const is256 = HAS_256.test(term) || /truecolor|24bit/.test(env.COLORTERM ?? '');
  const isLinux = term.startsWith('linux');
  return {
    colors: colorCount(env, term, is256),
    isSynchronized: SYNCHRONIZED.test(term) || SYNCHRONIZED.test(program),
    mayAsk: !isLinux && !/^(vt\d|ansi|cons|sun|wyse)/.test(term) && program !== 'apple_terminal',
    isAscii: isOtherCharset(env),
  };
}

/** What is needed to write lines: any terminal can, also one that is called dumb. */
export function linearKind(env: NodeJS.ProcessEnv): TerminalKind {
  const kind = terminalKind(env);
  if (typeof kind !== 'string') return kind;
  return { colors: 0, isSynchronized: false, mayAsk: false, isAscii: isOtherCharset(env) };
}

function colorCount(env: NodeJS.ProcessEnv, term: string, is256: boolean): ColorCount {
  if (env.NO_COLOR || /^vt\d|mono|-m$/.test(term)) return 0;
  if (is256) return 256;
  return HAS_16.test(term) ? 16 : 8;
}

/** Without a locale the terminal is UTF-8 nearly always; whoever names one means it, and C and POSIX are ASCII. */
function isOtherCharset(env: NodeJS.ProcessEnv): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  if (locale === 'C' || locale === 'POSIX') return true;
  const charset = /[.]([^@]+)/.exec(locale)?.[1];
  return charset !== undefined && !/^utf-?8$/i.test(charset);
}

/** How long a lone ESC waits for the rest of a sequence: ncurses' own variable, else 50 ms. */
export function escTimeoutOf(env: NodeJS.ProcessEnv): number {
  const asked = Number.parseInt(env.ESCDELAY ?? '', 10);
  return Number.isFinite(asked) && asked >= 0 ? Math.min(asked, 2000) : 50;
}
