/**
 * Frames as lines for a screen reader: what has changed is written out, each thing on a line of its own, and nothing that
 * was written is ever touched again. No cursor is moved, no screen is switched.
 */
import type { Frame, Spoken, SpokenLine } from '../screens/view.ts';
import type { Presentation } from './presentation.ts';

const PASTE_MARKED = '\x1b[?2004h';
const PASTE_PLAIN = '\x1b[?2004l';
const END = '\r\n';

const sameOf = ({ text, same }: SpokenLine): string => same ?? text;

export interface LineWriterOptions {
  /** The character to write in place of this one. */
  readonly glyph: (character: string) => string;
  /** Whether the terminal may be told modes: one that knows none prints them. */
  readonly hasModes: boolean;
}

/** Remembers what was said last. */
export class LineWriter implements Presentation {
  readonly isPicture = false;
  readonly #options: LineWriterOptions;
  readonly #facts = new Map<string, string>();
  #lines: ReadonlyMap<string, string> = new Map();
  #typed: string | undefined;

  constructor(options: LineWriterOptions) {
    this.#options = options;
  }

  enter(): string {
    return '';
  }

  modes(): string {
    return this.#options.hasModes ? PASTE_MARKED : '';
  }

  leave(): string {
    return (this.#typed === undefined ? '' : END) + (this.#options.hasModes ? PASTE_PLAIN : '');
  }

  forget(): void {
    this.#facts.clear();
    this.#lines = new Map();
    this.#typed = undefined;
  }

  bytesOf({ spoken }: Frame): string {
    if (!spoken) return '';
    const bytes = spoken.typed ? this.#echo(spoken.typed) : this.#say(spoken);
    return Array.from(bytes, (one) => (one < ' ' ? one : this.#options.glyph(one))).join('');
  }

  pointer(): undefined {
    return undefined;
  }

  [Symbol.dispose](): void {
    this.forget();
  }

  /** What was added at the end is written behind it; anything else begins the line anew. */
  #echo({ label, text }: NonNullable<Spoken['typed']>): string {
    const line = `${label} ${text}`;
    const before = this.#typed;
    this.#typed = line;
    if (before === undefined) return line;
    if (line === before) return '';
    return line.startsWith(before) ? line.slice(before.length) : END + line;
  }

  #say({ facts, lines, row }: Spoken): string {
    const begin = this.#typed === undefined ? '' : END;
    this.#typed = undefined;
    const isNew = (fact: SpokenLine) => this.#isNewFact(fact);
    const told = [...facts.filter(isNew), ...this.#newLines(lines)];
    const said = row && isNew(row) ? [...told, row] : told;
    return begin + said.map(({ text }) => text + END).join('');
  }

  #isNewFact(fact: SpokenLine): boolean {
    if (this.#facts.get(fact.id) === sameOf(fact)) return false;
    this.#facts.set(fact.id, sameOf(fact));
    return fact.text !== '';
  }

  #newLines(lines: readonly SpokenLine[]): readonly SpokenLine[] {
    const before = this.#lines;
    this.#lines = new Map(lines.map((line) => [line.id, sameOf(line)]));
    return lines.filter((line) => line.text !== '' && before.get(line.id) !== sameOf(line));
  }
}
