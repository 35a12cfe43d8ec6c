/**
 * Terminal input, cut into keys, pastes and replies. Sequences may arrive split anywhere: an unfinished one is held
 * until more comes or `giveUp` is called, for a lone ESC is both a key and the beginning of every other sequence.
 */
import {
  CSI_LETTERS,
  CSI_NUMBERS,
  characterKey,
  type KeyPress,
  modified,
  pointKey,
  SS3_LETTERS,
} from './key-names.ts';

export type InputToken =
  | { readonly kind: 'key'; readonly key: KeyPress }
  | { readonly kind: 'paste'; readonly text: string }
  /** What the terminal itself says: an answer, a mouse report, a change of focus. */
  | { readonly kind: 'reply'; readonly text: string };

/** What the decoder holds back: a lone ESC, the beginning of a sequence, or a paste without its end. */
export type Waiting = 'nothing' | 'escape' | 'sequence' | 'paste';

const ESC = '\x1b';
const PASTE_BEGIN = '\x1b[200~';
const PASTE_END = '\x1b[201~';
const PASTE_LIMIT = 1 << 20;
const REPLY_LIMIT = 1 << 16;
/** The third event type of kitty's keyboard protocol. */
const KITTY_RELEASE = /^[^;]*;\d*:3/;

// biome-ignore-start lint/suspicious/noControlCharactersInRegex: they are what is matched
const CSI = /\x1b\[([<=>?]?)([\d;:]*)([ -/]*)([@-~])/y;
const CSI_BEGUN = /\x1b\[[<=>?]?[\d;:]*[ -/]*/y;
const SS3 = /\x1bO(\d*)([A-Za-z])/y;
const SS3_BEGUN = /\x1bO\d*/y;
const STRING = /\x1b[\]P_^X][^\x07\x1b]*(?:\x07|\x1b\\)/y;
const STRING_BEGUN = /\x1b[\]P_^X][^\x07\x1b]*\x1b?/y;
// biome-ignore-end lint/suspicious/noControlCharactersInRegex: they are what is matched

/** Cuts one stream of input; keeps what is unfinished between calls. */
export class KeyDecoder {
  #held = '';
  #paste: string | undefined;
  #afterReturn = false;
  #tokens: InputToken[] = [];
  #count = 0;
  #cut = '';
  #ends: number[] = [];

  get waiting(): Waiting {
    if (this.#paste !== undefined) return 'paste';
    if (this.#held === '') return 'nothing';
    return this.#held === ESC ? 'escape' : 'sequence';
  }

  /** Changes whenever something was finished: equal values mean the same unfinished sequence. */
  get finished(): number {
    return this.#count;
  }

  /** Everything that is complete with this text. */
  feed(text: string): readonly InputToken[] {
    this.#held += text;
    this.#ends = [];
    let at = 0;
    while (at < this.#held.length) {
      const used = this.#paste === undefined ? this.#take(at) : this.#takePaste(at);
      if (used === 0) break;
      at += used;
      while (this.#ends.length < this.#tokens.length) this.#ends.push(at);
    }
    this.#cut = this.#held;
    this.#held = this.#held.slice(at);
    return this.#drain();
  }

  /** The text behind the token of this index in the last answer of `feed`, as it came. */
  rest(index: number): string {
    return this.#cut.slice(this.#ends[index] ?? this.#cut.length);
  }

  /** Waiting longer makes no sense: a lone ESC is the key, the beginning of a sequence is dropped, a paste ends here. */
  giveUp(): readonly InputToken[] {
    const held = this.#held;
    this.#held = '';
    this.#cut = '';
    if (this.#paste !== undefined) {
      this.#push({ kind: 'paste', text: (this.#paste + held).slice(0, PASTE_LIMIT) });
      this.#paste = undefined;
    } else if (held === ESC || held === ESC + ESC) {
      for (const _ of held) this.#key({ name: 'esc' });
    } else if (held.length === 2) {
      this.#key({ name: `alt-${held[1]}` });
    } else if (held) {
      this.#push({ kind: 'reply', text: held });
    }
    return this.#drain();
  }

  #drain(): readonly InputToken[] {
    const tokens = this.#tokens;
    this.#tokens = [];
    return tokens;
  }

  #push(token: InputToken): void {
    this.#count++;
    this.#tokens.push(token);
  }

  #key(key: KeyPress): void {
    this.#push({ kind: 'key', key });
  }

  /** The characters used at this place, 0 when more must come first. */
  #take(at: number): number {
    const text = this.#held;
    if (text[at] === ESC) return this.#takeEscape(at, '');
    const point = text.codePointAt(at) ?? 0;
    const character = String.fromCodePoint(point);
    const isSecondHalf = character === '\n' && this.#afterReturn;
    this.#afterReturn = character === '\r';
    if (!isSecondHalf) this.#key(characterKey(character));
    return character.length;
  }

  #takePaste(at: number): number {
    const text = this.#held;
    const end = text.indexOf(PASTE_END, at);
    const upTo = end < 0 ? Math.max(at, text.length - PASTE_END.length + 1) : end;
    this.#paste = (this.#paste ?? '') + text.slice(at, upTo);
    if (end < 0 && this.#paste.length < PASTE_LIMIT) return upTo - at;
    this.#push({ kind: 'paste', text: this.#paste.slice(0, PASTE_LIMIT) });
    this.#paste = undefined;
    return end < 0 ? upTo - at : upTo - at + PASTE_END.length;
  }

  #takeEscape(at: number, prefix: string): number {
    const text = this.#held;
    this.#afterReturn = false;
    const next = text[at + 1];
    if (next === undefined) return 0;
    if (next === '[') return this.#takeCsi(at, prefix);
    if (next === 'O') return this.#takeSs3(at, prefix);
    if (']P_^X'.includes(next)) return this.#takeString(at);
    if (next === ESC) return this.#takeTwoEscapes(at);
    const character = String.fromCodePoint(text.codePointAt(at + 1) ?? 0);
    this.#key({ name: `alt-${characterKey(character).name}` });
    return 1 + character.length;
  }

  /** ESC before a sequence is how some terminals send alt; before anything else it was pressed. */
  #takeTwoEscapes(at: number): number {
    const third = this.#held[at + 2];
    if (third === undefined) return 0;
    if (third === '[' || third === 'O') {
      const used = this.#takeEscape(at + 1, 'alt-');
      return used === 0 ? 0 : used + 1;
    }
    this.#key({ name: 'esc' });
    return 1;
  }

  #takeString(at: number): number {
    const text = this.#held;
    const whole = matchAt(STRING, text, at);
    if (whole) {
      this.#push({ kind: 'reply', text: whole[0] });
      return whole[0].length;
    }
    const begun = matchAt(STRING_BEGUN, text, at)?.[0].length ?? 2;
    const isOpen = at + begun === text.length && begun < REPLY_LIMIT;
    if (isOpen) return 0;
    this.#count++;
    return begun;
  }

  #takeSs3(at: number, prefix: string): number {
    const whole = matchAt(SS3, this.#held, at);
    if (whole) {
      const name = SS3_LETTERS[whole[2] ?? ''];
      if (name) this.#key({ name: prefix + modified(name, Number(whole[1]) || 1) });
      else this.#push({ kind: 'reply', text: whole[0] });
      return whole[0].length;
    }
    const begun = matchAt(SS3_BEGUN, this.#held, at)?.[0].length ?? 2;
    if (at + begun === this.#held.length) return 0;
    if (begun === 2) this.#key({ name: 'alt-O' });
    return begun;
  }

  #takeCsi(at: number, prefix: string): number {
    const text = this.#held;
    const linuxKey = text.startsWith('\x1b[[', at);
    if (linuxKey) return this.#takeLinuxKey(at);
    const whole = matchAt(CSI, text, at);
    if (whole) {
      if (whole[0] === '\x1b[M') return this.#takeMouse(at);
      this.#csi(whole, prefix);
      return whole[0].length;
    }
    const begun = matchAt(CSI_BEGUN, text, at)?.[0].length ?? 2;
    if (at + begun === text.length && begun < REPLY_LIMIT) return 0;
    this.#count++;
    return begun;
  }

  /** `ESC [ [ A` to `E`: f1 to f5 on the linux console. */
  #takeLinuxKey(at: number): number {
    const letter = this.#held[at + 3];
    if (letter === undefined) return 0;
    const number = 'ABCDE'.indexOf(letter) + 1;
    if (number > 0) this.#key({ name: `f${number}` });
    return number > 0 ? 4 : 3;
  }

  /** `ESC [ M` and three characters: a mouse report in its oldest form. */
  #takeMouse(at: number): number {
    if (this.#held.length < at + 6) return 0;
    this.#push({ kind: 'reply', text: this.#held.slice(at, at + 6) });
    return 6;
  }

  #csi(match: RegExpExecArray, prefix: string): void {
    const [text, mark, list = '', between, final = ''] = match;
    const isPlain = mark === '' && between === '';
    if (isPlain && text === PASTE_BEGIN) {
      this.#paste = '';
      return;
    }
    const key = isPlain ? csiKey(final, list) : undefined;
    const isRelease = final === 'u' && KITTY_RELEASE.test(list);
    if (!key || isRelease) this.#push({ kind: 'reply', text });
    else this.#key(prefix ? { name: prefix + key.name } : key);
  }
}

function csiKey(final: string, list: string): KeyPress | undefined {
  const numbers = list.split(';').map((part) => Number.parseInt(part, 10) || 0);
  const [first = 0, second = 1, third = 0] = numbers;
  if (final === '~') {
    if (first === 27 && third) return pointKey(third, second);
    const name = CSI_NUMBERS[first];
    return name ? { name: modified(name, second) } : undefined;
  }
  if (final === 'u') return list ? pointKey(first, second) : undefined;
  if (final === 'R' && first > 1) return undefined;
  if (final === 'Z') return { name: 'shift-tab' };
  if (final === '^') return named(CSI_NUMBERS[first], 5);
  if (list === '' && 'abcd'.includes(final)) return named(CSI_LETTERS[final.toUpperCase()], 2);
  return named(CSI_LETTERS[final], numbers.length > 1 ? second : 1);
}

function named(name: string | undefined, modifier: number): KeyPress | undefined {
  return name ? { name: modified(name, modifier) } : undefined;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
