/**
 * The way to the terminal that never blocks. Node writes to a terminal synchronously: one that stops reading (ctrl-s, a
 * stalled SSH line) would stop every host connection too. Setting the shared descriptor to non-blocking would break
 * the programs that inherit it, so this opens the same terminal once more and keeps that to itself.
 */
import { constants, fstatSync, openSync, readlinkSync, statSync, writeSync } from 'node:fs';
import { WriteStream } from 'node:tty';

const STDOUT = 1;
const PATIENCE_MS = 500;
const RETRY_MS = 5;

export interface TerminalOutputOptions {
  /** Everything written so far has left. */
  onDrained(): void;
  /** The terminal is gone; nothing more can be written. */
  onLost(error: Error): void;
}

/** Writes to the terminal of standard output without ever waiting for it, but for `writeNow`. */
export class TerminalOutput implements Disposable {
  readonly #options: TerminalOutputOptions;
  #stream: WriteStream | undefined;
  #fd = STDOUT;
  #pending = 0;

  constructor(options: TerminalOutputOptions) {
    this.#options = options;
    this.#open();
  }

  get isDrained(): boolean {
    return this.#pending === 0;
  }

  /** `onLeft` is called when the bytes have left, and not at all when they are thrown away. */
  write(bytes: string | Uint8Array, onLeft?: () => void): void {
    const stream = this.#stream;
    if (!stream) return;
    this.#pending++;
    stream.write(bytes, () => {
      if (stream !== this.#stream) return;
      this.#pending--;
      onLeft?.();
      if (this.#pending === 0) this.#options.onDrained();
    });
  }

  /** Writes before it returns, giving up after half a second; works in signal handlers and at exit. */
  writeNow(text: string): void {
    const deadline = Date.now() + PATIENCE_MS;
    let bytes = Buffer.from(text);
    while (bytes.length > 0) {
      try {
        bytes = bytes.subarray(writeSync(this.#fd, bytes));
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code !== 'EAGAIN' || Date.now() > deadline) return;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
      }
    }
  }

  /** Throws away what has not left yet, so that it can't come out in the middle of another program's output. */
  dropPending(): void {
    if (this.isDrained || this.#fd === STDOUT) return;
    this.#close();
    this.#open();
  }

  [Symbol.dispose](): void {
    this.#close();
  }

  #open(): void {
    const { fd, stream } = openTerminal();
    stream.on('error', this.#onError);
    this.#fd = fd;
    this.#stream = stream;
    this.#pending = 0;
  }

  readonly #onError = (error: Error): void => {
    this.#options.onLost(error);
  };

  #close(): void {
    const stream = this.#stream;
    this.#stream = undefined;
    stream?.off('error', this.#onError);
    if (this.#fd !== STDOUT) stream?.destroy();
  }
}

/** A stream of our own to the terminal on standard output; the shared one when there is no permission for that. */
function openTerminal(): { readonly fd: number; readonly stream: WriteStream } {
  for (const path of [`/proc/self/fd/${STDOUT}`, '/dev/tty']) {
    try {
      const fd = openSync(path, constants.O_WRONLY | constants.O_NOCTTY);
      const stream = new WriteStream(fd);
      setNonBlocking(stream, fd);
      return { fd, stream };
    } catch {
      // Another user's terminal (sudo -u) opens by its second name only; macOS has no first one.
    }
  }
  return { fd: STDOUT, stream: process.stdout };
}

/** Node offers no public way; without this one the terminal works, but a stalled one stops the program. */
function setNonBlocking(stream: WriteStream, fd: number): void {
  const { _handle: handle } = stream as unknown as {
    _handle?: { setBlocking?: (isBlocking: boolean) => unknown };
  };
  if (isReopened(fd)) handle?.setBlocking?.(false);
}

/**
 * Node opens a terminal again by its name to make it non-blocking. In a container whose /dev lacks that name it can't,
 * writes in a loop instead, and a non-blocking descriptor would make that loop spin.
 */
function isReopened(fd: number): boolean {
  if (process.platform !== 'linux') return true;
  try {
    return statSync(readlinkSync(`/proc/self/fd/${fd}`)).rdev === fstatSync(fd).rdev;
  } catch {
    return false;
  }
}
