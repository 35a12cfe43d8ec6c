/** The escape sequences around the frames: taking the terminal over, giving it back, asking it one question. */

export const OTHER_SCREEN = '\x1b[?1049h';
/** Hidden cursor, marked pastes, and no wrapping: a character wider than we think must not scroll the screen. */
export const MODES = '\x1b[?25l\x1b[?7l\x1b[?2004h';
export const CLEAR = '\x1b[m\x1b[?25l\x1b[2J';
/** Undoes all of it; on a terminal with one screen only, what follows begins below the last frame. */
export const LEAVE = '\x1b[?2026l\x1b[m\x1b[?7h\x1b[?2004l\x1b[?25h\x1b[999;1H\n\x1b[?1049l';
/**
 * Undoes what a program that was left in the middle may have set: other screen, cursor and keypad modes, mouse and focus
 * reports, scroll region, insert and origin mode, line drawing. Not DECSTR, which old terminals print.
 */
export const AFTER_GUEST =
  '\x1b[?1047l\x1b[?1l\x1b>\x1b[?9l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1004l\x1b[?1005l\x1b[?1006l\x1b[?1015l' +
  '\x1b[?2004l\x1b[?2026l\x1b7\x1b[?6l\x1b[r\x1b8\x1b[4l\x1b[?5l\x1b[?7h\x1b[?25h\x1b(B\x0f\x1b[m';
/** DECRQM: whether the terminal knows synchronized updates. */
export const ASK_SYNCHRONIZED = '\x1b[?2026$p';

// biome-ignore lint/suspicious/noControlCharactersInRegex: the answer is an escape sequence
const ANSWER = /^\x1b\[\?2026;(\d)\$y$/;
const KNOWN_STATES = ['1', '2', '3'];

/** The frame so that the terminal shows it whole or not at all. */
export function synchronized(bytes: string): string {
  return `\x1b[?2026h${bytes}\x1b[?2026l`;
}

/** What a reply says about synchronized updates, undefined when it is an answer to something else. */
export function synchronizedAnswer(reply: string): boolean | undefined {
  const state = ANSWER.exec(reply)?.[1];
  return state === undefined ? undefined : KNOWN_STATES.includes(state);
}
