/** Finds a recording, in a file or on the server, and shows it in this terminal. */
import { readFile } from 'node:fs/promises';
import type { Fleet } from '../client/fleet.ts';
import { Fault } from '../protocol/fault.ts';
import { readCast } from './commands/cast.ts';
import { replay } from './commands/replay.ts';
import type { ReplayRequest } from './commands/request.ts';

/** Resolves with the exit status; `openFleet` is asked only where there is no such file. */
export async function replayRecording(
  { name, speed, idleLimitS }: ReplayRequest,
  openFleet: () => Promise<Fleet>,
): Promise<number> {
  const cast = readCast(await textOf(name, openFleet), name);
  using keys = new Keys();
  const { columns: width, rows: height } = process.stdout;
  await replay(
    cast,
    { speed, idleLimitS },
    {
      write: (text) => new Promise((resolve) => process.stdout.write(text, () => resolve())),
      say: (sentence) => void process.stderr.write(`fleet-tui: ${sentence}\r\n`),
      keys: () => keys.take(),
      now: () => performance.now(),
      size: process.stdout.isTTY ? { width, height } : undefined,
    },
  );
  return 0;
}

async function textOf(name: string, openFleet: () => Promise<Fleet>): Promise<string> {
  try {
    return await readFile(name, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') {
      throw new Fault('bad-settings', `${name} can't be read (${code ?? 'unknown'}).`);
    }
  }
  await using fleet = await openFleet();
  if (fleet.recording) return await fleet.recording(name, AbortSignal.timeout(60_000));
  throw new Fault('not-found', `There is no file ${name}, and no server behind ${fleet.title}.`);
}

/** What is pressed meanwhile, without being echoed; nothing where nobody is at a keyboard. */
class Keys implements Disposable {
  #pressed = '';
  readonly #isRaw = process.stdin.isTTY;
  readonly #listen = (bytes: Buffer): void => {
    this.#pressed = (this.#pressed + bytes.toString('latin1')).slice(-64);
  };

  constructor() {
    if (!this.#isRaw) return;
    process.stdin.setRawMode(true).on('data', this.#listen).resume();
  }

  take(): string {
    const pressed = this.#pressed;
    this.#pressed = '';
    return pressed;
  }

  [Symbol.dispose](): void {
    if (!this.#isRaw) return;
    process.stdin.off('data', this.#listen).setRawMode(false).pause();
  }
}
