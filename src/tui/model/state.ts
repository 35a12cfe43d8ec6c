/** The one state of the console: everything a repaint needs, and everything that would matter in a bug report. */
import type { ContainerKey } from '../../protocol/container-key.ts';
import type { Connection, ScreenSize } from './connection.ts';
import { type ContainerList, FRESH_CONTAINER_LIST } from './container-list.ts';
import type { Dialog } from './dialog.ts';
import { type EnvironmentList, FRESH_ENVIRONMENT_LIST } from './environment-list.ts';
import type { Effect } from './event.ts';
import type { ExecRun } from './exec.ts';
import { type FiguresAsking, NEVER_ASKED } from './figures.ts';
import { type FleetEvents, NO_EVENTS } from './fleet-event.ts';
import type { Frozen } from './frozen.ts';
import type { KeptDocument } from './inspect-view.ts';
import type { Job } from './job.ts';
import { EMPTY_FLEET, type LiveFleet } from './live-fleet.ts';
import type { LogPane } from './log-pane.ts';
import type { Pressed } from './look-event.ts';
import type { Menu } from './menu.ts';
import { type Messages, NO_MESSAGES } from './message.ts';
import { NO_OWN_LOG, type OwnLog } from './own-log.ts';
import { FRESH_PANES, type Panes } from './panes.ts';
import type { Pending } from './pending.ts';
import type { Prompt } from './prompt.ts';
import type { Scope } from './scope.ts';
import type { Screen } from './screen.ts';
import { PLAIN_SETTINGS, type Settings } from './settings.ts';
import type { Unlock } from './unlock.ts';
import type { ViewHistory } from './view-history.ts';

export interface AppState {
  /** What the console is connected to. */
  readonly title: string;
  /** Of the server behind the fleet, as this console reaches it; undefined when there is none. */
  readonly serverUrl: string | undefined;
  readonly size: ScreenSize;
  readonly settings: Settings;
  /** What was unlocked and when, also when its time is over. */
  readonly unlocks: readonly Unlock[];
  /** The time of the last event that carried one, by a clock that nobody sets: all moments of the console are by it. */
  readonly nowMs: number;
  /** How far the clock of the day was put forward since that one began; negative when it was put back. */
  readonly clockSetMs: number;
  readonly connection: Connection;
  readonly fleet: LiveFleet;
  readonly frozen: Frozen | undefined;
  readonly scope: Scope;
  readonly panes: Panes;
  /** The log beside the list of containers, where there is room for it. */
  readonly logPane: LogPane | undefined;
  /** The pane with the keys alone on the screen, no lines above the title: as the person asked. */
  readonly isFull: boolean;
  readonly isHeadless: boolean;
  /** Last is on top; never empty. */
  readonly screens: readonly Screen[];
  readonly viewHistory: ViewHistory;
  readonly containers: ContainerList;
  readonly environments: EnvironmentList;
  readonly figuresAsking: FiguresAsking;
  readonly prompt: Prompt | undefined;
  readonly dialog: Dialog | undefined;
  readonly menu: Menu | undefined;
  /** The last commands that were typed, oldest first. */
  readonly history: readonly string[];
  readonly pending: ReadonlyMap<ContainerKey, Pending>;
  readonly jobs: readonly Job[];
  /** The last command that was run in containers. */
  readonly exec: ExecRun | undefined;
  /** The last masked inspect answers, of a few containers. */
  readonly documents: ReadonlyMap<ContainerKey, KeptDocument>;
  /** The last text by which a log was filtered; empty when none was. */
  readonly logFilter: string;
  readonly messages: Messages;
  readonly events: FleetEvents;
  readonly ownLog: OwnLog;
  /** Feeds every id the console gives out. */
  readonly nextId: number;
  /** Where the mouse was pressed last. */
  readonly pressed: Pressed | undefined;
  /** When ctrl-c was last pressed with nothing to cancel. */
  readonly interruptedAtMs: number;
}

/** What an event leads to: the next state, and what the loop must do. */
export interface Step {
  readonly state: AppState;
  readonly effects: readonly Effect[];
}

/** The state of a console that has just started; `serverUrl` only when its fleet is a server's. */
export function initialState(
  title: string,
  size: ScreenSize,
  nowMs: number,
  serverUrl?: string,
): AppState {
  return {
    title,
    serverUrl,
    size,
    settings: PLAIN_SETTINGS,
    unlocks: [],
    nowMs,
    clockSetMs: 0,
    connection: { kind: 'connecting', attempt: 1 },
    fleet: EMPTY_FLEET,
    frozen: undefined,
    scope: undefined,
    panes: FRESH_PANES,
    logPane: undefined,
    isFull: false,
    isHeadless: false,
    screens: [{ kind: 'containers' }],
    viewHistory: { past: [], future: [] },
    containers: FRESH_CONTAINER_LIST,
    environments: FRESH_ENVIRONMENT_LIST,
    figuresAsking: NEVER_ASKED,
    prompt: undefined,
    dialog: undefined,
    menu: undefined,
    history: [],
    pending: new Map(),
    jobs: [],
    exec: undefined,
    documents: new Map(),
    logFilter: '',
    messages: NO_MESSAGES,
    events: NO_EVENTS,
    ownLog: NO_OWN_LOG,
    nextId: 1,
    pressed: undefined,
    interruptedAtMs: Number.NEGATIVE_INFINITY,
  };
}

/** A moment of the console as the clock of the day tells it now, for what is shown to a person or asked of a host. */
export function dayTime({ nowMs, clockSetMs }: AppState, atMs = nowMs): number {
  return atMs + clockSetMs;
}

/** A step that asks nothing of the world. */
export function stay(state: AppState): Step {
  return { state, effects: [] };
}

/** The screen on top of the stack. */
export function topScreen(state: AppState): Screen {
  return state.screens.at(-1) ?? { kind: 'containers' };
}

/** The fleet that the screens show: the frozen one while frozen. */
export function shownFleet(state: AppState): LiveFleet {
  return state.frozen?.fleet ?? state.fleet;
}

/** The events that the screens show: those of the moment in which the screen was frozen. */
export function shownEventsOf(state: AppState): FleetEvents {
  return state.frozen?.events ?? state.events;
}
