/** The commands that were typed, kept from one run of the console to the next; those that may hold a secret never come here. */
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { preparePrivateFolder } from '../client/config-folder.ts';

const FILE = 'history';
/** Lines kept, and lines from which on the file is made short again. */
export const KEPT_COMMANDS = 100;
const TRIMMED_FROM = 300;

/** In a console's folder; a folder that can't be read or written costs the history and nothing else. */
export class CommandHistory {
  readonly #folder: string;
  #writing: Promise<void> = Promise.resolve();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The last commands, oldest first. Never rejects. */
  async read(): Promise<readonly string[]> {
    try {
      const lines = (await readFile(this.#path, 'utf8')).split('\n').filter((line) => line !== '');
      const kept = lines.slice(-KEPT_COMMANDS).map((line) => line.slice(0, 500));
      if (lines.length > TRIMMED_FROM) await this.#write(`${kept.join('\n')}\n`, 'w');
      return kept;
    } catch {
      return [];
    }
  }

  /** Keeps a command, one after the other; returns at once. */
  keep(line: string): void {
    this.#writing = this.#writing.then(() => this.#write(`${line}\n`, 'a')).catch(() => undefined);
  }

  get #path(): string {
    return join(this.#folder, FILE);
  }

  async #write(text: string, flag: 'a' | 'w'): Promise<void> {
    await preparePrivateFolder(this.#folder);
    const write = flag === 'a' ? appendFile : writeFile;
    await write(this.#path, text, { mode: 0o600 });
  }
}
