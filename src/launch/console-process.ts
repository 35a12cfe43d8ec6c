/** The console as a child that owns the terminal; a signal to the launcher is a signal to it. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** How long the console may take to give the terminal back after a signal. */
const LEAVE_DEADLINE_MS = 5_000;

export interface ConsoleOptions {
  /** The built fleet-tui.js. */
  readonly program: string;
  readonly context: string;
  readonly signal: AbortSignal;
}

/** Runs the console to its end; its exit status, or 128 + the signal that ended it. `signal.reason` is the signal to pass on. */
export async function runConsole(options: ConsoleOptions): Promise<number> {
  const { program, context, signal } = options;
  const child = spawn(process.execPath, [program, '--context', context], { stdio: 'inherit' });
  let timer: NodeJS.Timeout | undefined;
  const passOn = () => {
    child.kill(signal.reason as NodeJS.Signals);
    timer = setTimeout(() => child.kill('SIGKILL'), LEAVE_DEADLINE_MS);
  };
  signal.addEventListener('abort', passOn, { once: true });
  if (signal.aborted) passOn();
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, ended) => resolve(code ?? exitStatusFor(ended)));
    });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', passOn);
  }
}

/** The shell's convention: 128 + the signal's number. */
export function exitStatusFor(signal: NodeJS.Signals | null): number {
  return 128 + (signal === null ? 0 : constants.signals[signal]);
}
