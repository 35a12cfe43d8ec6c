/**
 * Every way out of the program gives the terminal back first: signals, exceptions nobody caught, a plain exit.
 * The stack of a crash is printed after that, where it can be read.
 */
import { writeSync } from 'node:fs';
import { constants } from 'node:os';
import { inspect } from 'node:util';

const ENDING = ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT'] as const;
const STDERR = 2;

type EndingSignal = (typeof ENDING)[number];

export interface ProcessEndOptions {
  /** Gives the terminal back; called at least once, must not throw. */
  restore(): void;
  /** Before the program ends by a signal; false keeps it running. */
  onSignal(signal: EndingSignal): boolean;
}

/** Watches from its construction until it is disposed. */
export class ProcessEnd implements Disposable {
  readonly #options: ProcessEndOptions;

  constructor(options: ProcessEndOptions) {
    this.#options = options;
    for (const signal of ENDING) process.on(signal, this.#onSignal);
    process.on('uncaughtException', this.#onCrash);
    process.on('exit', this.#onExit);
  }

  [Symbol.dispose](): void {
    for (const signal of ENDING) process.off(signal, this.#onSignal);
    process.off('uncaughtException', this.#onCrash);
    process.off('exit', this.#onExit);
  }

  readonly #onSignal = (signal: NodeJS.Signals): void => {
    if (!this.#options.onSignal(signal as EndingSignal)) return;
    this.#options.restore();
    process.exit(128 + constants.signals[signal]);
  };

  /** Rejections nobody handled arrive here too. */
  readonly #onCrash = (thrown: unknown): void => {
    this.#options.restore();
    try {
      writeSync(STDERR, `fleet-tui stopped because of a bug:\n${inspect(thrown)}\n`);
    } catch {
      // Standard error may be the terminal that is gone.
    }
    process.exit(1);
  };

  readonly #onExit = (): void => {
    this.#options.restore();
  };
}
