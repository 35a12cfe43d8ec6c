/**
 * Questions on the plain terminal, one line each; a hidden answer is not echoed. Questions go to stderr, so that
 * stdout stays clean, and the whole conversation shares one reader, or a pasted second line would be lost.
 */
import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import { Fault } from '../protocol/fault.ts';
import { printableLines } from './format/width.ts';

export interface Prompt extends Disposable {
  /** May carry what a server said: nothing in it steers the terminal. */
  say(sentence: string): void;
  /** A line of our own, with its colours. */
  draw(line: string): void;
  /** The line typed, trimmed; Fault cancelled on Ctrl-C or Ctrl-D. */
  ask(question: string): Promise<string>;
  /** The same without echo, not trimmed. */
  askHidden(question: string): Promise<string>;
}

/** What readline echoes, let through only while a visible question waits: a password may be typed ahead of its own. */
class Echo extends Writable {
  readonly #to: NodeJS.WritableStream;
  isSilent = true;

  constructor(to: NodeJS.WritableStream) {
    super();
    this.#to = to;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (!this.isSilent) this.#to.write(chunk);
    done();
  }
}

interface Waiting {
  resolve(line: string): void;
  reject(fault: Fault): void;
}

class TerminalPrompt implements Prompt {
  readonly #output: NodeJS.WritableStream;
  readonly #echo: Echo;
  readonly #reader: Interface;
  readonly #typedAhead: string[] = [];
  #waiting: Waiting | undefined;
  #isOver = false;

  constructor(input: NodeJS.ReadStream, output: NodeJS.WritableStream) {
    this.#output = output;
    this.#echo = new Echo(output);
    this.#reader = createInterface({
      input,
      output: this.#echo,
      terminal: input.isTTY,
      historySize: 0,
    });
    this.#reader.on('line', (line) => {
      this.#echo.isSilent = true;
      if (!this.#waiting) this.#typedAhead.push(line);
      this.#waiting?.resolve(line);
      this.#waiting = undefined;
    });
    this.#reader.on('SIGINT', () => this.#reader.close());
    this.#reader.on('close', () => {
      this.#isOver = true;
      this.#waiting?.reject(givenUp());
    });
  }

  say(sentence: string): void {
    this.draw(printableLines(sentence));
  }

  draw(line: string): void {
    this.#output.write(`${line}\n`);
  }

  async ask(question: string): Promise<string> {
    const ahead = this.#typedAhead.shift();
    if (ahead !== undefined) this.say(`${question}${ahead}`);
    return (ahead ?? (await this.#line(question, true))).trim();
  }

  async askHidden(question: string): Promise<string> {
    this.#output.write(question);
    try {
      return this.#typedAhead.shift() ?? (await this.#line('', false));
    } finally {
      this.#output.write('\n');
    }
  }

  [Symbol.dispose](): void {
    this.#reader.close();
  }

  async #line(question: string, isVisible: boolean): Promise<string> {
    if (this.#isOver) throw givenUp();
    return await new Promise<string>((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#echo.isSilent = !isVisible;
      this.#reader.setPrompt(question);
      this.#reader.prompt(true);
    });
  }
}

function givenUp(): Fault {
  return new Fault('cancelled', 'Nothing was done.');
}

/** A conversation over this process's terminal; dispose it before anything else reads the terminal. */
export function terminalPrompt(
  input: NodeJS.ReadStream = process.stdin,
  output: NodeJS.WritableStream = process.stderr,
): Prompt {
  return new TerminalPrompt(input, output);
}
