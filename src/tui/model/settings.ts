/** What a person has chosen about the console: from config.json, the command line and the environment. */

/** Keys by action: `restart` on every screen that has it, `containers.restart` on one. */
export type KeyChoice = Readonly<Record<string, readonly string[]>>;

/** A colour's number, of xterm's 256, by the name of its style. */
export type SkinColors = Readonly<Record<string, number>>;

export interface SkinChoice {
  /** The built-in skin that it is, or that the colours lie over. */
  readonly name: string;
  readonly colors: SkinColors;
}

export interface Settings {
  readonly keys: KeyChoice;
  readonly skin: SkinChoice;
  /** Nothing is changed on any host. */
  readonly isReadOnly: boolean;
  /** Environments that start locked: `tag:production`, `name:eu-*`, or a word for either. */
  readonly locked: readonly string[];
  readonly isAscii: boolean;
  /** The mouse is captured: it scrolls and selects here, and no text for the clipboard. */
  readonly hasMouse: boolean;
  /** Lines in words for a screen reader in place of a picture. */
  readonly isLinear: boolean;
  /** No log stands below the list of containers, whatever room there is. */
  readonly isLogHidden: boolean;
  /** Nothing moves by itself but what is new. */
  readonly isStill: boolean;
  /** How long a lone ESC waits for the rest of a sequence; undefined for ESCDELAY or 50. */
  readonly escTimeoutMs: number | undefined;
}

/** With nothing chosen, and nothing locked. */
export const PLAIN_SETTINGS: Settings = {
  keys: {},
  skin: { name: 'calm', colors: {} },
  isReadOnly: false,
  locked: [],
  isAscii: false,
  hasMouse: false,
  isLinear: false,
  isLogHidden: false,
  isStill: false,
  escTimeoutMs: undefined,
};

/** How often ages change by themselves where nothing shall move. */
export const STILL_AGES_MS = 5_000;

/** What starts locked unless the config says otherwise. */
export const USUALLY_LOCKED: readonly string[] = ['tag:production', 'tag:prod'];
