/**
 * The console's own log as a file, bounded: when it has grown to its size it becomes `console.log.1`, and so on up to 3.
 * Several consoles write to one file, each line at once; a disk that is slow or full costs lines, which are counted, and nothing else.
 */
import { appendFileSync } from 'node:fs';
import { appendFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { preparePrivateFolder } from '../client/config-folder.ts';
import { withFileLock } from '../client/file-lock.ts';
import { masked, type NewLine } from './model/own-log.ts';

export interface OwnLogFileOptions {
  readonly folder: string;
  /** Told once until it works again: a sentence. */
  readonly failed: (why: string) => void;
  /** From so many bytes on it is rotated; 1 MiB unless said. */
  readonly mostBytes?: number;
}

const FILE = 'console.log';
const MOST_BYTES = 1024 * 1024;
const KEPT_OLD = 3;
/** Lines that wait for a slow disk; the oldest are let go. */
const MOST_WAITING = 1_000;
/** How long the end of the program waits for the last lines. */
const LAST_LINES_MS = 1_000;

/** Where the log is in a folder. */
export function ownLogPath(folder: string): string {
  return join(folder, FILE);
}

const textOf = ({ atMs, severity, text }: NewLine) =>
  `${new Date(atMs).toISOString()} ${severity.padEnd(5)} [${process.pid}] ${masked(text)}\n`;

/** Writes lines one batch after the other; disposing of it waits a moment for the last ones. */
export class OwnLogFile implements AsyncDisposable {
  readonly #options: OwnLogFileOptions;
  #waiting: string[] = [];
  #dropped = 0;
  #writing: Promise<void> | undefined;
  #hasFailed = false;

  constructor(options: OwnLogFileOptions) {
    this.#options = options;
    process.on('uncaughtExceptionMonitor', this.#onCrash);
  }

  /** Returns at once and never throws. */
  write(lines: readonly NewLine[]): void {
    this.#waiting.push(...lines.map(textOf));
    const excess = this.#waiting.length - MOST_WAITING;
    if (excess > 0) {
      this.#waiting.splice(0, excess);
      this.#dropped += excess;
    }
    this.#writing ??= this.#writeAll();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.off('uncaughtExceptionMonitor', this.#onCrash);
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, LAST_LINES_MS);
    });
    await Promise.race([this.#writing, deadline]);
    clearTimeout(timer);
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const lines = this.#waiting.splice(0);
      const lost = this.#dropped;
      this.#dropped = 0;
      if (lost > 0) lines.unshift(textOf(droppedLine(lost)));
      try {
        await this.#append(lines.join(''));
        this.#hasFailed = false;
      } catch (thrown) {
        this.#dropped += lost + lines.length - (lost > 0 ? 1 : 0);
        this.#tellFailure(thrown);
        break;
      }
    }
    this.#writing = undefined;
  }

  async #append(text: string): Promise<void> {
    const { folder, mostBytes = MOST_BYTES } = this.#options;
    const path = ownLogPath(folder);
    await preparePrivateFolder(folder);
    await this.#rotate(path, mostBytes - Buffer.byteLength(text));
    await appendFile(path, text, { mode: 0o600 });
  }

  /** Another console may have done it meanwhile: the size is looked at again under the lock. */
  async #rotate(path: string, mostBytes: number): Promise<void> {
    const isFull = async () => {
      const { size = 0 } = (await stat(path).catch(() => undefined)) ?? {};
      return size > 0 && size > mostBytes;
    };
    if (!(await isFull())) return;
    await withFileLock(`${path}.lock`, async () => {
      if (!(await isFull())) return;
      for (let age = KEPT_OLD; age > 1; age--) {
        await rename(`${path}.${age - 1}`, `${path}.${age}`).catch(ignoreMissing);
      }
      await rename(path, `${path}.1`).catch(ignoreMissing);
    });
  }

  #tellFailure(thrown: unknown): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    const { code = 'unknown error' } = thrown as NodeJS.ErrnoException;
    const path = ownLogPath(this.#options.folder);
    this.#options.failed(`The log can't be written to ${path} (${code}); ~ still shows it.`);
  }

  /** The stack of a crash goes to the terminal too, where it may scroll away. */
  readonly #onCrash = (thrown: unknown): void => {
    const line = {
      atMs: Date.now(),
      severity: 'error',
      text: `crash: ${inspect(thrown)}`,
    } as const;
    try {
      appendFileSync(ownLogPath(this.#options.folder), textOf(line), { mode: 0o600 });
    } catch {
      // The program ends anyway, and says why on the terminal.
    }
  };
}

const droppedLine = (count: number): NewLine => ({
  atMs: Date.now(),
  severity: 'warn',
  text: `${count} lines could not be written`,
});

function ignoreMissing(thrown: NodeJS.ErrnoException): void {
  if (thrown.code !== 'ENOENT') throw thrown;
}
