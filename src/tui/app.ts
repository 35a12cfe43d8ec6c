/** The loop: one event at a time through `update`, effects started, a paint asked for, and time let pass when it is wanted. */
import type { Fleet } from '../client/fleet.ts';
import { PRODUCT_VERSION } from '../protocol/version.ts';
import { countedFleet } from './counted-fleet.ts';
import { Effects } from './effects.ts';
import type { Connection } from './model/connection.ts';
import type { AppEvent } from './model/event.ts';
import { PLAIN_SETTINGS, type Settings } from './model/settings.ts';
import { type AppState, initialState, topScreen } from './model/state.ts';
import { OwnLogFile } from './own-log-file.ts';
import type { Person } from './person.ts';
import { viewOf } from './screens/frame.ts';
import { SteadyClock } from './steady-clock.ts';
import { withOwnLog } from './update/own-log.ts';
import { said } from './update/say.ts';
import { update } from './update/update.ts';
import { wallAlone } from './update/wall.ts';
import { wantedTickMs } from './update/wanted-tick.ts';
import { openTerminal, type Terminal } from './widgets/terminal.ts';

export interface ConsoleOptions {
  readonly color?: boolean | undefined;
  /** Opens the wall at once, and does without a keyboard. */
  readonly wall?: { readonly scopeText: string; readonly pageMs: number };
}

export interface ConsoleParts {
  readonly fleet: Fleet;
  /** What the console says it is connected to; the fleet's own title unless told. */
  readonly title?: string;
  readonly options?: ConsoleOptions;
  readonly person?: Person;
  readonly now?: () => number;
  /** Where the console keeps what it remembers; without one it remembers nothing. */
  readonly folder?: string;
  /** Where it writes its own log; without one the log is only shown. */
  readonly logFolder?: string;
}

/**
 * Shows the fleet on this process's terminal until the person quits; resolves to the exit status. The fleet stays the
 * caller's to dispose of.
 */
export async function runConsole(parts: ConsoleParts): Promise<number> {
  let loop: ConsoleLoop | undefined;
  try {
    await new Promise<void>((resolve) => {
      loop = new ConsoleLoop(parts, resolve);
      loop.start();
    });
    return 0;
  } finally {
    loop?.stop();
    await loop?.logged();
  }
}

class ConsoleLoop {
  readonly #parts: ConsoleParts;
  readonly #now: () => number;
  readonly #clockSetMs: () => number;
  readonly #terminal: Terminal;
  readonly #effects: Effects;
  readonly #ownLog: OwnLogFile | undefined;
  #state: AppState;
  #timer: NodeJS.Timeout | undefined;
  #dueMs = Number.POSITIVE_INFINITY;
  #isOver = false;

  constructor(parts: ConsoleParts, quit: () => void) {
    this.#parts = parts;
    const clock = new SteadyClock();
    this.#now = parts.now ?? (() => clock.now());
    this.#clockSetMs = parts.now ? () => 0 : () => clock.setByMs();
    const { settings = PLAIN_SETTINGS, notes = [] } = parts.person ?? {};
    const fresh = startState(parts, settings, this.#now());
    const wall = parts.options?.wall;
    this.#state = wall ? wallAlone(fresh, wall.scopeText, wall.pageMs) : fresh;
    for (const { tone, text } of notes) this.#state = said(this.#state, tone, text);
    this.#terminal = this.#openTerminal(settings, parts.options ?? {});
    this.#ownLog = openOwnLog(parts.logFolder, (text) => this.#log('error', text));
    const { fleet, traffic } = countedFleet(parts.fleet, this.#now);
    this.#effects = new Effects({
      fleet,
      traffic,
      terminal: this.#terminal,
      send: (event) => this.#send(event, 'data'),
      now: this.#now,
      quit,
      folder: parts.folder,
      logFolder: parts.logFolder,
      ownLog: this.#ownLog,
    });
  }

  start(): void {
    process.on('warning', this.#onWarning);
    const { title } = this.#state;
    this.#log('info', `fleet-tui ${PRODUCT_VERSION} began, on ${title}, TERM=${process.env.TERM}`);
    this.#send({ kind: 'resize', size: this.#terminal.size }, 'key');
    this.#parts.fleet.watch({
      feed: (message) => this.#send({ kind: 'feed', message, atMs: this.#now() }, 'data'),
      connection: (connection) =>
        this.#send(
          { kind: 'connection', connection: this.#steady(connection), atMs: this.#now() },
          'data',
        ),
    });
  }

  stop(): void {
    this.#isOver = true;
    process.off('warning', this.#onWarning);
    clearTimeout(this.#timer);
    this.#terminal.close();
    this.#effects[Symbol.dispose]();
  }

  /** Resolves when the last lines of the log are in its file, or have had time for it. */
  async logged(): Promise<void> {
    await this.#ownLog?.[Symbol.asyncDispose]();
  }

  readonly #onWarning = ({ name, message }: Error): void =>
    this.#log('warn', `${name}: ${message}`);

  #log(severity: 'info' | 'warn' | 'error', text: string): void {
    this.#send({ kind: 'log-said', severity, text, atMs: this.#now() }, 'data');
  }

  /** What the fleet says by the clock of the day, by the console's own. */
  #steady(connection: Connection): Connection {
    if (connection.kind !== 'lost') return connection;
    return { ...connection, retryAtMs: connection.retryAtMs - this.#clockSetMs() };
  }

  #openTerminal(
    { isAscii, isLinear, escTimeoutMs }: Settings,
    { color, wall }: ConsoleOptions,
  ): Terminal {
    return openTerminal({
      render: (size) => this.#render(size),
      onKey: ({ name, text }) => {
        const key = { kind: 'key', name, atMs: this.#now() } as const;
        this.#send(text === undefined ? key : { ...key, text }, 'key');
      },
      onPointer: (pointer) => this.#send({ kind: 'pointer', ...pointer, atMs: this.#now() }, 'key'),
      onResize: (size) => this.#send({ kind: 'resize', size }, 'key'),
      onPaste: (text) => this.#send({ kind: 'paste', text, atMs: this.#now() }, 'key'),
      onLost: () => this.stop(),
      mayLackKeys: wall !== undefined,
      ...(isAscii && { ascii: true }),
      ...(isLinear && { linear: true }),
      ...(escTimeoutMs !== undefined && { escTimeoutMs }),
      ...(color !== undefined && { color }),
    });
  }

  /** The size the terminal has now may be newer than the last resize event; the state learns it from that event. */
  #render(size: AppState['size']) {
    const { width, height } = this.#state.size;
    const isKnown = width === size.width && height === size.height;
    return viewOf(isKnown ? this.#state : { ...this.#state, size });
  }

  #send(event: AppEvent, why: 'key' | 'data'): void {
    if (this.#isOver) return;
    const step = withOwnLog(this.#state, event, update(this.#state, event));
    const hasChanged = step.state !== this.#state;
    this.#state = step.state;
    if (hasChanged) this.#terminal.requestPaint(isCalm(step.state, event) ? 'calm' : why);
    for (const effect of step.effects) this.#effects.run(effect);
    this.#scheduleTick();
  }

  #scheduleTick(): void {
    if (this.#isOver) return;
    const waitMs = wantedTickMs(this.#state);
    if (waitMs === undefined) return;
    const dueMs = this.#now() + waitMs;
    if (dueMs >= this.#dueMs) return;
    clearTimeout(this.#timer);
    this.#dueMs = dueMs;
    this.#timer = setTimeout(() => {
      this.#dueMs = Number.POSITIVE_INFINITY;
      this.#send({ kind: 'tick', atMs: this.#now(), clockSetMs: this.#clockSetMs() }, 'data');
    }, waitMs);
  }
}

/** Whether what has come may wait up to a second for its paint: figures and beats anywhere, all but snapshots on the wall. */
function isCalm(state: AppState, event: AppEvent): boolean {
  const isOnWall = topScreen(state).kind === 'wall';
  if (event.kind !== 'feed') return isOnWall && event.kind === 'tick';
  const { message } = event;
  if (message.kind === 'beat') return true;
  if (message.kind === 'snapshot') return false;
  return isOnWall || message.changes.every(({ kind }) => kind === 'load');
}

function startState({ title, fleet }: ConsoleParts, settings: Settings, nowMs: number): AppState {
  const state = initialState(title ?? fleet.title, FIRST_SIZE, nowMs, fleet.serverUrl);
  return { ...state, settings };
}

function openOwnLog(folder: string | undefined, failed: (why: string) => void) {
  return folder === undefined ? undefined : new OwnLogFile({ folder, failed });
}

/** Until the terminal says its own. */
const FIRST_SIZE = { width: 80, height: 24 };
