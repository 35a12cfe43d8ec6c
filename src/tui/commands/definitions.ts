/**
 * The commands that work without the full screen, as the command line knows them: arguments, options, help. Nothing
 * is run here; what a person typed becomes a request, or is refused with status 64.
 */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ContainerAction } from '../../protocol/operation.ts';
import { allOf, type Filter, fuzzyTerm, labelOption, parseFilter } from '../model/filter.ts';
import { defineReplay } from './define-replay.ts';
import { defineWall } from './define-wall.ts';
import { addOpeningOptions, readOpening } from './opening.ts';
import {
  type FleetRequest,
  type LogsRequest,
  type Opening,
  type OutputForm,
  type ReplayRequest,
  SHELLS,
  type Shell,
  type WallRequest,
} from './request.ts';

export type Decide = (
  decided:
    | { readonly kind: 'command'; readonly opening: Opening; readonly request: FleetRequest }
    | { readonly kind: 'wall'; readonly opening: Opening; readonly wall: WallRequest }
    | { readonly kind: 'replay'; readonly opening: Opening; readonly replay: ReplayRequest }
    | { readonly kind: 'completion'; readonly shell: Shell },
) => void;

const FILTER_HELP = `
FILTER: words that must all be found, in any column; "two words", /expression/, !term (without),
  name:web host:eu-1 (or env:) tag:production image:nginx state:exited; behind --, also -f fuzzy and -l label=value.`;

const SEVERITY_HELP = `
Exit status: 0 all is well, 1 degraded (in between, or part of it does not answer), 2 a problem,
  3 no data (nothing answers, or the filter finds nothing); 64 and up: wrong usage, no connection.`;

const STATS_HELP =
  '\nExit status: 0 done, 1 some could not be measured, 3 nothing runs or nobody measures it.';

interface FilterOptions {
  readonly label?: readonly string[];
  readonly fuzzy?: readonly string[];
}
interface FormOptions {
  readonly json?: true;
  readonly plain?: true;
}

const gathered = (value: string, before: readonly string[] = []) => [...before, value];

function withFilter(command: Command, fuzzyFlags = '-f, --fuzzy <word>'): Command {
  return command
    .argument('[filter...]', 'what to choose; everything without it')
    .option('-l, --label <label[=value]>', 'only with this label; may be repeated', gathered)
    .option(fuzzyFlags, 'only names with these letters in this order', gathered)
    .addHelpText('after', FILTER_HELP);
}

function withForm(command: Command): Command {
  return command
    .addOption(new Option('--json', 'JSON, for programs').conflicts('plain'))
    .option('--plain', 'one line each, tabs between, without headings');
}

const formOf = ({ json, plain }: FormOptions): OutputForm =>
  json ? 'json' : plain ? 'plain' : 'table';

/** What is open at the end of one argument (`/`, a quote) must not swallow the next; `-l` and `-f` behind -- take theirs. */
function argumentsOf(words: readonly string[]): readonly string[] {
  const pieces: string[] = [];
  for (const word of words) {
    const last = pieces.at(-1);
    if (last !== undefined && /^!*-[fl]$/.test(last)) pieces[pieces.length - 1] = `${last} ${word}`;
    else pieces.push(word);
  }
  return pieces;
}

function filterOf(words: readonly string[], options: FilterOptions, command: Command): Filter {
  const terms = argumentsOf(words).map((text) => {
    const parsed = parseFilter(text);
    if (parsed.kind === 'ok') return parsed.filter;
    return command.error(`error: the filter "${text}" is wrong at ${parsed.at}: ${parsed.why}`);
  });
  const labels = (options.label ?? []).map(labelOption);
  if (labels.includes(undefined)) command.error('error: -l needs label or label=value');
  const fuzzy = (options.fuzzy ?? []).map(fuzzyTerm);
  return allOf([...terms, ...labels.filter((label) => label !== undefined), ...fuzzy]);
}

const LOOKS = {
  ls: 'list the environments',
  containers: 'list containers of the whole fleet, stopped ones too',
  problems: 'list environments that are down and containers that are ill',
  stats: 'show once what running containers use: CPU (100% is one core), memory, network, disk',
} as const;

function defineLooks(program: Command, decide: Decide): void {
  for (const [name, description] of Object.entries(LOOKS)) {
    const command = withForm(withFilter(program.command(name).description(description)));
    const help = name === 'stats' ? STATS_HELP : SEVERITY_HELP;
    addOpeningOptions(command).addHelpText('after', help);
    command.action((words: string[], options: FilterOptions & FormOptions) => {
      const filter = filterOf(words, options, command);
      const request = { name: name as keyof typeof LOOKS, filter, form: formOf(options) };
      decide({ kind: 'command', opening: readOpening(command), request });
    });
  }
}

function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number.');
}

function width(text: string): number | 'all' {
  if (text === 'all') return text;
  const count = wholeNumber(text);
  if (count >= 1 && count <= 1000) return count;
  throw new InvalidArgumentError('It must be between 1 and 1000, or all.');
}

const UNITS: Readonly<Record<string, number>> = { s: 1e3, m: 6e4, h: 36e5, d: 864e5 };

function sinceTime(text: string): NonNullable<LogsRequest['since']> {
  const [, count, unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const atMs = /^\d{4}-/.test(text) ? Date.parse(text) : Number.NaN;
  if (count !== undefined) return { agoMs: Number(count) * (UNITS[unit] ?? 1) };
  if (!Number.isNaN(atMs)) return { atMs };
  throw new InvalidArgumentError('Write 90s, 10m, 3h, 2d or 2026-01-31T12:00:00Z.');
}

interface LogsOptions extends FilterOptions, FormOptions {
  readonly follow?: true;
  readonly tail?: number | 'all';
  readonly since?: LogsRequest['since'];
  readonly timestamps?: true;
}

const DEFAULT_TAIL = 100;

function defineLogs(program: Command, decide: Decide): void {
  const command = withFilter(
    program.command('logs').description('print logs of one or many containers, in order of time'),
    '--fuzzy <word>',
  );
  withForm(command)
    .option(
      '-f, --follow',
      'go on as lines are written, over restarts, until the container is removed',
    )
    .option('-t, --timestamps', "the log driver's time before each line")
    .option('--tail <lines>', `of each; all, else ${DEFAULT_TAIL} without --since`, (text) =>
      text === 'all' ? text : wholeNumber(text),
    )
    .option('--since <time>', '10m ago, or from 2026-01-31T12:00:00Z on', sinceTime);
  addOpeningOptions(command).addHelpText(
    'after',
    '\nExit status: 0 done, 1 some log could not be read, 3 the filter finds no container.',
  );
  command.action((words: string[], options: LogsOptions) => {
    const { follow = false, timestamps = false, since } = options;
    const tail = options.tail ?? (since ? 'all' : DEFAULT_TAIL);
    const request: LogsRequest = {
      name: 'logs',
      filter: filterOf(words, options, command),
      form: formOf(options),
      follow,
      timestamps,
      since,
      tail: tail === 'all' ? undefined : tail,
    };
    decide({ kind: 'command', opening: readOpening(command), request });
  });
}

const CHANGES: Readonly<Record<string, readonly [ContainerAction, string]>> = {
  restart: ['restart', 'restart containers'],
  stop: ['stop', 'stop containers'],
  start: ['start', 'start containers'],
  kill: ['kill', 'kill containers at once'],
  pause: ['pause', 'freeze containers'],
  unpause: ['unpause', 'let frozen containers go on'],
  rm: ['remove', 'remove containers; their volumes stay'],
};

interface ChangeOptions extends FilterOptions, FormOptions {
  readonly yes?: true;
  readonly dryRun?: true;
  readonly width: number | 'all';
  readonly force?: true;
  readonly stopOnFailure?: true;
  readonly unlock?: string;
}

const REASON_LIMIT = 200;

function reasonOf(text: string): string {
  const reason = text.trim();
  if (reason !== '' && reason.length <= REASON_LIMIT) return reason;
  throw new InvalidArgumentError(`Say why, in 1 to ${REASON_LIMIT} characters.`);
}

const unlockOption = () =>
  new Option('--unlock <reason>', 'change environments that are locked, too').argParser(reasonOf);

function defineChange(program: Command, name: string, decide: Decide): void {
  const [action, description] = CHANGES[name] ?? ['restart', ''];
  const command = withForm(withFilter(program.command(name).description(description)))
    .option('-y, --yes', 'do it without asking')
    .option('--dry-run', 'only show the plan')
    .option('--width <count>', 'how many at once, or all (ten on one engine)', width, 2)
    .option('--stop-on-failure', 'begin no more after the first that fails')
    .addOption(unlockOption());
  if (action === 'remove') command.option('--force', 'containers that run, too: kill them first');
  addOpeningOptions(command).addHelpText(
    'after',
    '\nExit status: 0 done or nothing to do, 1 some failed or were left out, 3 the filter finds no container.',
  );
  command.action((words: string[], options: ChangeOptions) => {
    const filter = filterOf(words, options, command);
    if (filter.kind === 'everything')
      command.error(`error: ${name} needs a filter; /./ chooses every container`);
    const { yes = false, dryRun = false, force = false, stopOnFailure = false, unlock } = options;
    const form = formOf(options);
    const how = { yes, dryRun, force, stopOnFailure, width: options.width, unlock };
    const request = { name: 'change', action, filter, form, ...how } as const;
    decide({ kind: 'command', opening: readOpening(command), request });
  });
}

function defineProxy(program: Command, decide: Decide): void {
  const command = program
    .command('proxy')
    .description('a Docker socket on this machine that leads to an environment')
    .argument('<environment>', 'its name or id')
    .argument('[command...]', 'behind --: run with DOCKER_HOST set; else the socket stays open')
    .option('--socket <path>', 'where; else in a folder of its own')
    .addOption(unlockOption());
  addOpeningOptions(command).addHelpText(
    'after',
    `
Examples:
  fleet-tui proxy prod-7 -- docker compose up -d
  fleet-tui proxy prod-7 --socket /tmp/prod-7.sock

Onto an environment that is locked, or with readOnly in config.json, only calls that look pass.

Exit status: that of the command, 126 when it can't be run, 127 when it is not found.`,
  );
  type Options = { readonly socket?: string; readonly unlock?: string };
  command.action((environment: string, words: string[], { socket, unlock }: Options) => {
    const request = { name: 'proxy', environment, socket, unlock, command: words } as const;
    decide({ kind: 'command', opening: readOpening(command), request });
  });
}

/** Adds all commands to the program; each ends in one call of `decide`. */
export function defineCommands(program: Command, decide: Decide): void {
  defineLooks(program, decide);
  defineWall(program, decide);
  defineReplay(program, decide);
  defineLogs(program, decide);
  for (const name of Object.keys(CHANGES)) defineChange(program, name, decide);
  defineProxy(program, decide);
  const completion = program
    .command('completion')
    .description('print a completion script for a shell')
    .addHelpText('after', '\nExample: source <(fleet-tui completion bash)')
    .addArgument(program.createArgument('<shell>').choices(SHELLS));
  completion.action((shell: Shell) => decide({ kind: 'completion', shell }));
}
