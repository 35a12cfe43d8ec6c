/** What a person asked for on the command line, as data; usage errors, help and the version are answered here. */
import { Command, CommanderError, Option } from 'commander';
import { defineCommands } from './commands/definitions.ts';
import { addOpeningOptions, readOpening } from './commands/opening.ts';
import type {
  FleetRequest,
  Opening,
  ReplayRequest,
  Shell,
  WallRequest,
} from './commands/request.ts';
import type { AccountDeed } from './model/account-event.ts';

export interface OpenRequest extends Opening {
  readonly ascii: boolean;
  readonly linear: boolean;
  readonly color: boolean;
  readonly readOnly: boolean;
}

export type ConfigDeed =
  | { readonly deed: 'path' | 'show' | 'edit' | 'check' }
  | { readonly deed: 'set'; readonly name: string; readonly value: string };

export interface LoginRequest {
  readonly url?: string;
  readonly username?: string;
  readonly passwordFile?: string;
  readonly keyFile?: string;
  readonly oidc?: boolean;
  readonly name?: string;
  readonly trust?: string;
}

export type Invocation =
  | { readonly kind: 'open'; readonly request: OpenRequest }
  | { readonly kind: 'login'; readonly request: LoginRequest }
  | { readonly kind: 'logout'; readonly name: string | undefined }
  | {
      readonly kind: 'account';
      readonly deed: AccountDeed;
      readonly context: string | undefined;
      /** Whether the console waits behind it, which would hide at once what was said. */
      readonly pauses: boolean;
    }
  | { readonly kind: 'list-contexts' }
  | { readonly kind: 'use-context'; readonly name: string }
  | { readonly kind: 'remove-context'; readonly name: string }
  | { readonly kind: 'version' }
  | { readonly kind: 'config'; readonly wanted: ConfigDeed }
  | { readonly kind: 'command'; readonly opening: Opening; readonly request: FleetRequest }
  | { readonly kind: 'wall'; readonly opening: Opening; readonly wall: WallRequest }
  | { readonly kind: 'replay'; readonly opening: Opening; readonly replay: ReplayRequest }
  | { readonly kind: 'completion'; readonly shell: Shell }
  /** Everything has been said already. */
  | { readonly kind: 'done'; readonly exitCode: number };

/** Exit status of a command line that makes no sense (EX_USAGE). */
export const USAGE_EXIT = 64;

const EXAMPLES = `
Examples:
  fleet-tui                                  the current context, else this machine's Docker engine
  fleet-tui login https://jump:9443          sign in to a server and remember it
  fleet-tui --context production             open a saved context
  fleet-tui --agent 10.0.0.7:9001 --secret-file ~/agent-secret
  fleet-tui --docker unix:///run/user/1000/docker.sock
  fleet-tui | grep unhealthy                 without a terminal: a plain table
  fleet-tui problems || notify               exit status by severity, for cron and monitoring
  fleet-tui wall --scope tag:production      a screen that hangs there; --once prints it
  fleet-tui logs -f host:eu state:running    logs of many containers as they are written
  fleet-tui restart -l tier=edge --dry-run   the plan of a change
  fleet-tui proxy prod-7 -- docker compose up -d

Exit status: 0 done, 64 wrong usage, 69 no connection, 77 sign-in refused; commands have more.`;

function withOpening(program: Command, decide: (invocation: Invocation) => void): void {
  addOpeningOptions(program)
    .option('--ascii', 'draw with ASCII characters only', false)
    .option('--linear', 'for a screen reader: lines in words, nothing is drawn or repainted', false)
    .option('--no-color', 'draw without colours')
    .option('--read-only', 'look only: nothing is changed on any host', false)
    .action(({ ascii, linear, color, readOnly }: OpenRequest, command: Command) =>
      decide({
        kind: 'open',
        request: { ...readOpening(command), ascii, linear, color, readOnly },
      }),
    );
}

function withSignIn(program: Command, decide: (invocation: Invocation) => void): void {
  program
    .command('login')
    .description('sign in to a server and save it as a context')
    .argument('[url]', 'address of the server; asked for when missing')
    .option('--username <name>', 'account; asked for when missing')
    .option('--password-file <file>', 'file with the password; asked for when missing')
    .option('--key-file <file>', 'file with an API key (ptr_…) in place of both')
    .option('--oidc', 'by the OIDC provider of the server: agree in any browser')
    .option('--name <context>', "name of the context; else the server's host name")
    .option('--trust <fingerprint>', 'accept a certificate with this fingerprint')
    .action((url: string | undefined, options: Omit<LoginRequest, 'url'>) =>
      decide({ kind: 'login', request: { ...options, ...(url === undefined ? {} : { url }) } }),
    );
  program
    .command('logout')
    .description('revoke and forget the sign-in of a context')
    .argument('[context]', 'else the current one')
    .action((name: string | undefined) => decide({ kind: 'logout', name }));
}

function withAccount(program: Command, decide: (invocation: Invocation) => void): void {
  const context = ['--context <name>', 'at this saved server; else the current one'] as const;
  const deed = (command: Command, wanted: AccountDeed): void => {
    command
      .option(...context)
      .addOption(new Option('--pause').hideHelp())
      .action(({ context: name, pause = false }: { context?: string; pause?: boolean }) =>
        decide({ kind: 'account', deed: wanted, context: name, pauses: pause }),
      );
  };
  const password = program.command('password').description('change your password at a server');
  deed(password, 'password');
  const factor = program
    .command('second-factor')
    .description('codes of an authenticator app beside your password');
  deed(factor.command('on').description('show a QR code and confirm it'), 'second-factor-on');
  deed(factor.command('off').description('by one of its codes'), 'second-factor-off');
  deed(factor.command('codes').description('new recovery codes'), 'recovery-codes');
}

function withContexts(program: Command, decide: (invocation: Invocation) => void): void {
  const context = program.command('context').description('list, choose and remove saved contexts');
  context
    .command('ls')
    .description('list the saved contexts')
    .action(() => decide({ kind: 'list-contexts' }));
  context
    .command('use')
    .description('make a context the one that fleet-tui opens by itself')
    .argument('<name>')
    .action((name: string) => decide({ kind: 'use-context', name }));
  context
    .command('rm')
    .description('revoke its sign-in and forget a context')
    .argument('<name>')
    .action((name: string) => decide({ kind: 'remove-context', name }));
}

function withConfig(program: Command, decide: (invocation: Invocation) => void): void {
  const config = program.command('config').description('keys, skin, locks and the like');
  const plain = {
    path: 'print where config.json is',
    show: 'print every setting, and whether the file says it',
    edit: 'open config.json in $VISUAL or $EDITOR, then check it',
    check: 'check config.json; status 64 when something in it is wrong',
  } as const;
  for (const [name, description] of Object.entries(plain)) {
    const wanted = { deed: name as keyof typeof plain };
    const command = config.command(name).description(description);
    command.action(() => decide({ kind: 'config', wanted }));
  }
  config
    .command('set')
    .description('write one setting')
    .argument('<name>', 'skin, keys.containers.restart, …')
    .argument('<value>', 'JSON, or a word')
    .action((name: string, value: string) =>
      decide({ kind: 'config', wanted: { deed: 'set', name, value } }),
    );
}

export interface Output {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** The program as commander knows it: read by readCommandLine, and by the completion scripts. */
export function buildProgram(output: Output, decide: (invocation: Invocation) => void): Command {
  const program = new Command('fleet-tui')
    .description('Every container of every Docker host on one keyboard-driven screen.')
    .option('-V, --version', 'print the version')
    .addHelpText('after', EXAMPLES)
    .exitOverride()
    .configureOutput({ writeOut: output.out, writeErr: output.err })
    .showHelpAfterError('(fleet-tui --help shows what there is)')
    .enablePositionalOptions()
    .helpCommand(true)
    .allowExcessArguments(false);
  withOpening(program, decide);
  defineCommands(program, decide);
  withSignIn(program, decide);
  withAccount(program, decide);
  withContexts(program, decide);
  withConfig(program, decide);
  return program;
}

/** Never throws for what a person typed: help and usage errors are written to `output` and come back as `done`. */
export function readCommandLine(argv: readonly string[], output: Output): Invocation {
  if (argv[0] === '--version' || argv[0] === '-V') return { kind: 'version' };
  let decided: Invocation = { kind: 'done', exitCode: 0 };
  const program = buildProgram(output, (invocation) => {
    decided = invocation;
  });
  try {
    program.parse([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { kind: 'done', exitCode: error.exitCode === 0 ? 0 : USAGE_EXIT };
  }
  return decided;
}
