/** fleet-tui from its command line to its exit status. Everything heavy is imported only on the way that needs it. */
import { Fault } from '../protocol/fault.ts';
import type { ConfigDeed, Invocation, LoginRequest, OpenRequest } from './command-line.ts';
import type { Locks } from './commands/locks.ts';
import type { FleetRequest, Opening, Shell, WallRequest } from './commands/request.ts';
import { printableLines } from './format/width.ts';
import type { Surroundings } from './open-fleet.ts';

/** EX_UNAVAILABLE, EX_NOPERM and EX_USAGE of sysexits.h; 128 + SIGINT for a person who gave up. */
const EXIT = { noConnection: 69, refused: 77, usage: 64, givenUp: 130 } as const;

function exitStatusOf(fault: Fault): number {
  switch (fault.code) {
    case 'bad-settings':
    case 'bad-request':
    case 'not-found':
      return EXIT.usage;
    case 'unauthorized':
    case 'forbidden':
    case 'wrong-password':
    case 'signature-refused':
    case 'too-many':
      return EXIT.refused;
    case 'cancelled':
      return EXIT.givenUp;
    default:
      return EXIT.noConnection;
  }
}

/** A sentence may carry what a server or a file said: nothing in it steers the terminal. */
const say = (sentence: string) => process.stderr.write(`fleet-tui: ${printableLines(sentence)}\n`);
const print = (text: string) => process.stdout.write(text);

async function surroundings(): Promise<Surroundings> {
  const { readContexts } = await import('../client/contexts.ts');
  const book = await readContexts();
  if (book.movedAside) say(book.movedAside);
  const isInteractive = process.stdin.isTTY && process.stderr.isTTY;
  return { book, env: process.env, isInteractive };
}

/** `fleet-tui | head` closes the pipe when it has seen enough. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
}

async function open(request: OpenRequest): Promise<number> {
  const hasTerminal = process.stdout.isTTY && process.stdin.isTTY;
  const { openFleet } = await import('./open-fleet.ts');
  const { readPerson } = await import('./person.ts');
  const person = await readPerson(request);
  const opening = openFleet(request, await surroundings());
  // The full screen is loaded while the first answer is on its way.
  const loading = hasTerminal ? import('./app.ts') : undefined;
  await using fleet = await opening;
  if (!loading) {
    const { printFleet } = await import('./plain.ts');
    process.stdout.on('error', endQuietly);
    return await printFleet(fleet, print);
  }
  const { runConsole } = await loading;
  const color = request.color && !process.env.NO_COLOR;
  const { configFolder, stateFolder } = await import('../client/config-folder.ts');
  const folders = { folder: configFolder(), logFolder: stateFolder() };
  return await runConsole({ fleet, person, options: { color }, ...folders });
}

/** Commands that change hosts obey the config as the console does; those that look don't read it. */
async function locksFor(request: FleetRequest): Promise<Locks> {
  const { NO_LOCKS, wayOut } = await import('./commands/locks.ts');
  if (request.name !== 'change' && request.name !== 'proxy') return NO_LOCKS;
  const { readLocks } = await import('./person.ts');
  const locks = await readLocks();
  if (!locks.isReadOnly || request.name === 'proxy' || request.dryRun) return locks;
  const why = `readOnly is set in ${locks.path}; ${wayOut(locks)}`;
  throw new Fault('forbidden', `Nothing was sent: ${why}.`);
}

/** The wall needs a screen and nothing else; it asks nothing, so its fleet is opened as if nobody were there. */
async function openWall(opening: Opening, wall: WallRequest): Promise<number> {
  if (!process.stdout.isTTY) return await runFleetCommand(opening, wall.look);
  const { openFleet } = await import('./open-fleet.ts');
  const { runConsole } = await import('./app.ts');
  const around = { ...(await surroundings()), isInteractive: false };
  const { ascii, scopeText, pageMs } = wall;
  const color = wall.color && !process.env.NO_COLOR;
  const { readPerson } = await import('./person.ts');
  const person = await readPerson({ ascii, readOnly: false });
  await using fleet = await openFleet(opening, around);
  const { stateFolder } = await import('../client/config-folder.ts');
  const options = { color, wall: { scopeText, pageMs } };
  return await runConsole({ fleet, person, options, logFolder: stateFolder() });
}

async function runFleetCommand(opening: Opening, request: FleetRequest): Promise<number> {
  const locks = await locksFor(request);
  const { openFleet } = await import('./open-fleet.ts');
  const { runCommand } = await import('./commands/run.ts');
  const { terminalPrompt } = await import('./terminal-prompt.ts');
  const around = await surroundings();
  process.stdout.on('error', endQuietly);
  await using fleet = await openFleet(opening, around);
  const ask = async (question: string) => {
    using prompt = terminalPrompt();
    return await prompt.ask(question);
  };
  const write = (text: string) =>
    new Promise<void>((resolve) => process.stdout.write(text, () => resolve()));
  return await runCommand(
    {
      fleet,
      locks,
      write,
      say,
      ask: around.isInteractive ? ask : undefined,
      isTerminal: process.stdout.isTTY,
    },
    request,
  );
}

async function printCompletion(shell: Shell): Promise<number> {
  const { buildProgram } = await import('./command-line.ts');
  const { completionScript } = await import('./commands/completion.ts');
  const silent = () => undefined;
  print(completionScript(buildProgram({ out: silent, err: silent }, silent), shell));
  return 0;
}

async function logIn(request: LoginRequest): Promise<number> {
  const { signInToServer } = await import('./server-sign-in.ts');
  const { readSecretFile } = await import('./secret-file.ts');
  const { terminalPrompt } = await import('./terminal-prompt.ts');
  const { book, isInteractive } = await surroundings();
  const { passwordFile, keyFile, username, name, trust } = request;
  const password = passwordFile && (await readSecretFile(passwordFile, 'password'));
  const apiKey = keyFile && (await readSecretFile(keyFile, 'API key'));
  using prompt = isInteractive ? terminalPrompt() : undefined;
  const current = book.contexts.find((context) => context.name === book.current);
  const url =
    request.url ??
    (current?.kind === 'server' ? current.url : await prompt?.ask('Server (https://host:9443): '));
  if (!url) {
    say('login needs the address of a server: fleet-tui login https://jump:9443');
    return EXIT.usage;
  }
  const context = await signInToServer(
    {
      ...{ url, username, name, trust, makeCurrent: true },
      password: password || undefined,
      apiKey: apiKey || undefined,
      byProvider: request.oidc,
      say,
    },
    prompt,
  );
  const kind = context.product === 'portainer' ? ' (a Portainer, watched without a feed)' : '';
  say(`Signed in to ${context.url}${kind}; context ${context.name} is current now.`);
  return 0;
}

async function accountCommand({
  deed,
  context: name,
  pauses,
}: Extract<Invocation, { kind: 'account' }>): Promise<number> {
  const { book, isInteractive } = await surroundings();
  const { contextNamed } = await import('../client/contexts.ts');
  const wanted = name ?? book.current;
  if (!isInteractive || wanted === null) {
    say(
      isInteractive
        ? 'Sign in first: fleet-tui login'
        : 'This asks questions; run it on a terminal.',
    );
    return EXIT.usage;
  }
  const context = contextNamed(book, wanted);
  if (context.kind !== 'server') {
    say(`${wanted} is no server; accounts are at servers.`);
    return EXIT.usage;
  }
  const { changeOwnAccount } = await import('./own-account.ts');
  const { terminalPrompt } = await import('./terminal-prompt.ts');
  using prompt = terminalPrompt();
  try {
    await changeOwnAccount(deed, context, prompt);
    return 0;
  } catch (error) {
    if (!pauses || !(error instanceof Fault) || error.code === 'cancelled') throw error;
    prompt.say(error.message);
    return 1;
  } finally {
    if (pauses) await prompt.ask('enter goes back to the console: ').catch(() => undefined);
  }
}

async function configCommand(wanted: ConfigDeed): Promise<number> {
  const { checkConfig, editConfig, setConfig, showConfig } = await import('./config-commands.ts');
  if (wanted.deed === 'path') {
    const { configPath } = await import('./config-file.ts');
    print(`${configPath()}\n`);
    return 0;
  }
  if (wanted.deed === 'edit') {
    const status = await editConfig(process.env);
    if (status !== 0) return status;
  }
  if (wanted.deed === 'edit' || wanted.deed === 'check') {
    const { text, errors } = await checkConfig();
    print(text);
    return errors > 0 ? EXIT.usage : 0;
  }
  print(wanted.deed === 'set' ? await setConfig(wanted.name, wanted.value) : await showConfig());
  return 0;
}

async function contextCommand(invocation: Invocation): Promise<number> {
  await surroundings();
  const { listContexts, logOut, forgetContext } = await import('./context-commands.ts');
  const { useContext } = await import('../client/contexts.ts');
  switch (invocation.kind) {
    case 'list-contexts':
      print(await listContexts());
      return 0;
    case 'logout':
      say(await logOut(invocation.name));
      return 0;
    case 'remove-context':
      say(await forgetContext(invocation.name));
      return 0;
    case 'use-context':
      await useContext(invocation.name);
      say(`Context ${invocation.name} is current now.`);
      return 0;
    default:
      return EXIT.usage;
  }
}

async function run(invocation: Invocation): Promise<number> {
  switch (invocation.kind) {
    case 'done':
      return invocation.exitCode;
    case 'version': {
      const { PRODUCT_VERSION } = await import('../protocol/version.ts');
      print(`fleet-tui ${PRODUCT_VERSION}\n`);
      return 0;
    }
    case 'open':
      return await open(invocation.request);
    case 'command':
      return await runFleetCommand(invocation.opening, invocation.request);
    case 'wall':
      return await openWall(invocation.opening, invocation.wall);
    case 'replay': {
      const { replayRecording } = await import('./replay-recording.ts');
      const { openFleet } = await import('./open-fleet.ts');
      const { opening, replay } = invocation;
      return await replayRecording(replay, async () => openFleet(opening, await surroundings()));
    }
    case 'completion':
      return await printCompletion(invocation.shell);
    case 'config':
      return await configCommand(invocation.wanted);
    case 'login':
      return await logIn(invocation.request);
    case 'account':
      return await accountCommand(invocation);
    default:
      return await contextCommand(invocation);
  }
}

/** Runs the console or one of its commands; resolves to the exit status, with the reason on stderr when it is not 0. */
export async function main(argv: readonly string[]): Promise<number> {
  // Node's own way of warning would be text across the screen, or in the stderr of a script; the console's log has it.
  process.removeAllListeners('warning');
  const { readCommandLine } = await import('./command-line.ts');
  const output = { out: print, err: (text: string) => process.stderr.write(text) };
  try {
    return await run(readCommandLine(argv, output));
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    say(error.message);
    return exitStatusOf(error);
  }
}
