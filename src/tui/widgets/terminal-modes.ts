/** The escape sequences around the frames: taking the terminal over, giving it back, asking it one question. */

export const OTHER_SCREEN = '\x1b[?1049h';
/** Hidden cursor, marked pastes, and no wrapping: a character wider than we think must not scroll the screen. */
export const MODES = '\x1b[?25l\x1b[?7l\x1b[?2004h';
export const CLEAR = '\x1b[m\x1b[?25l\x1b[2J';
/** Undoes all of it; on a terminal with one screen only, what follows begins below the last frame. */
export const LEAVE = '\x1b[?2026l\x1b[m\x1b[?7h\x1b[?2004l\x1b[?25h\x1b[999;1H\n\x1b[?1049l';
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
