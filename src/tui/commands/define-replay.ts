/** `fleet-tui replay` as the command line knows it. */
import { type Command, InvalidArgumentError } from 'commander';
import { addOpeningOptions, readOpening } from './opening.ts';
import type { Opening, ReplayRequest } from './request.ts';

export type DecideReplay = (decided: {
  readonly kind: 'replay';
  readonly opening: Opening;
  readonly replay: ReplayRequest;
}) => void;

const HELP = `
FILE is a recording in asciicast v2; an ID names one of the server's (GET /api/fleet/recordings), for its administrators.
Only text, colours and cursor movements reach the terminal, whatever the recording holds.
Keys: space holds and goes on, + and - double and halve the speed, q ends.`;

function positive(text: string): number {
  const value = Number(text);
  if (/^\d{1,4}(?:\.\d{1,3})?$/.test(text) && value > 0) return value;
  throw new InvalidArgumentError('It must be a number above 0, such as 2 or 0.5.');
}

/** Adds the command; it ends in one call of `decide`. */
export function defineReplay(program: Command, decide: DecideReplay): void {
  const command = program
    .command('replay')
    .description('show a recorded exec session')
    .argument('<file-or-id>', 'a file, or the id of a recording on the server')
    .option('--speed <factor>', 'twice as fast is 2', positive, 1)
    .option('--idle-limit <seconds>', 'cut longer pauses to this', positive);
  addOpeningOptions(command).addHelpText('after', HELP);
  command.action((name: string, options: { speed: number; idleLimit?: number }) => {
    const replay = { name, speed: options.speed, idleLimitS: options.idleLimit };
    decide({ kind: 'replay', opening: readOpening(command), replay });
  });
}
