/**
 * The terminal in other hands for a while: stopped by ctrl-z, or running another program.
 * Both are called with the terminal given back already.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** Long enough for the stop to take effect, short enough for a person to whom nothing happened. */
const NOT_STOPPED_MS = 150;
const CANNOT_RUN = 127;

/**
 * Stops the whole foreground process group, as the terminal itself would: a shell or npm that waits for us stops too.
 * `onContinued` is called once when it runs again, also when it could not be stopped, having no shell to return to.
 */
export function stopGroup(onContinued: () => void): void {
  let isContinued = false;
  const resume = (): void => {
    if (isContinued) return;
    isContinued = true;
    process.off('SIGCONT', resume);
    clearTimeout(timer);
    onContinued();
  };
  process.on('SIGCONT', resume);
  // After a stop this timer is due before the signal is read: an immediate runs behind both.
  const timer = setTimeout(() => setImmediate(resume), NOT_STOPPED_MS);
  process.kill(0, 'SIGTSTP');
}

/** Runs a program on the terminal and waits; its status as a shell would give it. */
export function runOnTerminal(child: {
  readonly file: string;
  readonly args: readonly string[];
}): Promise<number> {
  return new Promise((resolve) => {
    const running = spawn(child.file, [...child.args], { stdio: 'inherit' });
    const endChild = (): void => {
      running.kill('SIGHUP');
    };
    process.once('exit', endChild);
    const done = (status: number): void => {
      process.off('exit', endChild);
      resolve(status);
    };
    running.once('error', () => done(CANNOT_RUN));
    running.once('exit', (code, signal) => {
      done(code ?? 128 + (signal ? constants.signals[signal] : 0));
    });
  });
}
