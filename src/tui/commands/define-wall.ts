/** `fleet-tui wall` as the command line knows it: the screen that hangs on a wall, or the same once as text. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Filter, parseFilter } from '../model/filter.ts';
import { addOpeningOptions, readOpening } from './opening.ts';
import type { LookRequest, Opening, WallRequest } from './request.ts';

export type DecideWall = (
  decided:
    | { readonly kind: 'command'; readonly opening: Opening; readonly request: LookRequest }
    | { readonly kind: 'wall'; readonly opening: Opening; readonly wall: WallRequest },
) => void;

interface WallOptions {
  readonly scope?: { readonly text: string; readonly filter: Filter };
  readonly pageSeconds: number;
  readonly once?: true;
  readonly json?: true;
  readonly plain?: true;
  readonly ascii?: true;
  readonly color: boolean;
}

const HELP = `
FILTER chooses environments: words, host:eu (or env:), tag:production, state:down, !term, /expression/.
The wall asks nothing and needs no keyboard; it ends when its terminal does. A key of an account that only looks will do.

Exit status of --once: 0 all is well, 1 degraded, 2 a problem, 3 no data; 64 and up: wrong usage, no connection.`;

function scopeOf(text: string) {
  const parsed = parseFilter(text);
  if (parsed.kind === 'ok') return { text, filter: parsed.filter };
  throw new InvalidArgumentError(`It is wrong at ${parsed.at}: ${parsed.why}.`);
}

function pageSeconds(text: string): number {
  const seconds = Number(text);
  if (/^\d{1,5}$/.test(text) && seconds >= 1 && seconds <= 3600) return seconds;
  throw new InvalidArgumentError('It must be a whole number between 1 and 3600.');
}

/** Adds the command; it ends in one call of `decide`. */
export function defineWall(program: Command, decide: DecideWall): void {
  const command = program
    .command('wall')
    .description('show how every environment is, on a screen that hangs there')
    .option('--scope <filter>', 'only these environments', scopeOf)
    .option('--page-seconds <count>', 'how long a page stays when not all fits', pageSeconds, 15)
    .option('--once', 'print it once and end with a status; so too without a terminal')
    .addOption(new Option('--json', 'with --once: JSON, for programs').conflicts('plain'))
    .option('--plain', 'with --once: one line each, tabs between, without headings')
    .option('--ascii', 'draw with ASCII characters only')
    .option('--no-color', 'draw without colours');
  addOpeningOptions(command).addHelpText('after', HELP);
  command.action((options: WallOptions) => {
    const { scope, json, plain, once } = options;
    const opening = readOpening(command);
    const filter = scope?.filter ?? ({ kind: 'everything' } as const);
    const form = json ? 'json' : plain ? 'plain' : 'table';
    const look: LookRequest = { name: 'wall', filter, form };
    if (once || json || plain) decide({ kind: 'command', opening, request: look });
    else {
      const scopeText = scope?.text ?? '';
      const { ascii = false, color } = options;
      const pageMs = options.pageSeconds * 1000;
      decide({ kind: 'wall', opening, wall: { scopeText, pageMs, ascii, color, look } });
    }
  });
}
