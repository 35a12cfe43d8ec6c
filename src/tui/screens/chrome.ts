/** The lines around every screen: status, tabs, title, message and hints. */
import { formatAge, formatCount, formatThings } from '../format/amounts.ts';
import { cut, printable, textWidth } from '../format/width.ts';
import { isRunning } from '../model/job.ts';
import { environmentName, type LiveFleet, maintenanceNow } from '../model/live-fleet.ts';
import { openUnlocks } from '../model/locks.ts';
import { type Message, shownMessage, type Tone } from '../model/message.ts';
import { type AppState, shownFleet } from '../model/state.ts';
import { undoableOf } from '../model/undo.ts';
import { fitSpans, type Segment, span, spread } from './cells.ts';
import { freshness } from './freshness.ts';
import { STATUS_FROM_HEIGHT } from './layout.ts';
import { promptLine } from './prompt-line.ts';
import type { Line, StyleName } from './view.ts';

interface FleetCounts {
  readonly environments: number;
  readonly unreachable: number;
  readonly containers: number;
  readonly problems: number;
}

/**
 * The counts of the whole fleet. Problems of environments that don't answer are not counted, since nobody knows; of those
 * that somebody works on nothing that is wrong is.
 */
export function countFleet(fleet: LiveFleet, nowMs: number): FleetCounts {
  const counts = { environments: 0, unreachable: 0, containers: 0, problems: 0 };
  for (const environment of fleet.environments.values()) {
    const tally = fleet.tallies.get(environment.id);
    counts.environments++;
    counts.containers += tally?.total ?? 0;
    if (maintenanceNow(fleet, environment, nowMs)) continue;
    if (environment.connection === 'down') counts.unreachable++;
    else counts.problems += tally?.problems ?? 0;
  }
  return counts;
}

/** The scope in a word: `all`, or the environment's name. */
export function scopeWords(state: AppState): string {
  if (state.scope === undefined) return 'all';
  if (typeof state.scope === 'string') return printable(state.scope);
  return printable(environmentName(shownFleet(state), state.scope));
}

/** The line of counts for a terminal below the floor. */
export function tinyLine(state: AppState, needed: string): Line {
  const counts = countFleet(shownFleet(state), state.nowMs);
  const text = `${formatCount(counts.containers)} ctr ! ${formatCount(counts.problems)}  needs ${needed}`;
  return { spans: [span(cut(text, state.size.width))] };
}

/** The first line: source, scope, counts, and how fresh they are; a banner instead while the source is lost. */
export function statusLine(state: AppState): Line {
  const { width } = state.size;
  const banner = bannerLine(state);
  if (banner) return banner;
  const counts = countFleet(shownFleet(state), state.nowMs);
  const isShort = width < 100;
  const left: Segment[] = [
    { text: 'fleet', style: 'title', keep: 4 },
    { text: printable(state.title), keep: isShort ? 0 : 2 },
    { text: isShort ? scopeWords(state).toUpperCase() : `scope ${scopeWords(state)}`, keep: 6 },
    { text: countWords(counts.environments, isShort ? 'env' : 'environment', isShort), keep: 3 },
    { text: countWords(counts.containers, isShort ? 'ctr' : 'container', isShort), keep: 5 },
    ...alarms(state),
    ...lockSegments(state),
  ];
  return { spans: spread(left, [{ ...freshness(state), keep: 9 }], width), fill: 'bar' };
}

function countWords(count: number, noun: string, isShort: boolean): string {
  return isShort ? `${formatCount(count)} ${noun}` : formatThings(count, noun);
}

/** What must be seen whatever else gives way: problems, silent environments, running jobs. */
function alarms(state: AppState): readonly Segment[] {
  const { problems, unreachable } = countFleet(shownFleet(state), state.nowMs);
  const jobs = state.jobs.filter(isRunning).length;
  const isShort = state.size.width < 100;
  return [
    alarm(problems > 0, `! ${formatThings(problems, 'problem')}`, 'problem'),
    alarm(unreachable > 0, `? ${formatCount(unreachable)} unreachable`, 'warning'),
    alarm(jobs > 0, `${formatThings(jobs, 'job')}${isShort ? '' : ' running'}`, 'pending'),
  ];
}

/** Whether the terminal has no room for a status line, so that the title line must say the most of it. */
export function isFolded(state: AppState): boolean {
  return state.isHeadless || state.size.height < STATUS_FROM_HEIGHT;
}

/** What the title line takes over from the status line where that has no room. */
export function foldedSegments(state: AppState): readonly Segment[] {
  return isFolded(state)
    ? [...alarms(state), ...lockSegments(state), { ...freshness(state), keep: 7 }]
    : [];
}

/** That nothing can be changed here, or what is open for how long still. */
function lockSegments(state: AppState): readonly Segment[] {
  const open = openUnlocks(state);
  const untilMs = Math.min(...open.map((one) => one.untilMs));
  const [first] = open;
  const what = open.length === 1 && first ? printable(first.words) : `${open.length} scopes`;
  return [
    alarm(state.settings.isReadOnly, 'READ-ONLY', 'accent'),
    alarm(state.settings.hasMouse, 'MOUSE', 'accent'),
    alarm(open.length > 0, `unlocked ${what} ${formatAge(untilMs - state.nowMs + 999)}`, 'warning'),
  ];
}

function alarm(isOn: boolean, text: string, style: StyleName): Segment {
  return { text: isOn ? text : '', style, keep: 8 };
}

/** The line that says why there is no fresh data and when the next attempt is; undefined while all is well. */
export function bannerLine(state: AppState): Line | undefined {
  const { connection, nowMs } = state;
  const { width } = state.size;
  if (connection.kind !== 'lost' && connection.kind !== 'refused') return undefined;
  const isLost = connection.kind === 'lost';
  const waitMs = isLost ? Math.max(0, connection.retryAtMs - nowMs) : 0;
  const next = waitMs > 0 ? `retry in ${formatAge(waitMs + 999)}` : 'retrying…';
  const head = isLost ? 'CONNECTION LOST' : 'REFUSED';
  const tail = isLost ? next : '';
  // With a blank at each side of the three.
  const room = width - textWidth(head) - textWidth(tail) - 6;
  const left: Segment[] = [
    { text: head, keep: 9 },
    { text: cut(printable(connection.reason), room), keep: 8 },
  ];
  const right: Segment[] = [
    { text: tail, keep: 9 },
    { text: freshness(state).age, keep: 7 },
  ];
  return { spans: fitSpans(spread(left, right, width), width), fill: 'error' };
}

const TABS = [
  { kind: 'environments', text: '1 environments' },
  { kind: 'containers', text: '2 containers' },
  { kind: 'events', text: '7 events' },
  { kind: 'problems', text: '8 problems' },
  { kind: 'operations', text: '9 operations' },
] as const;

/** `(5)`: problems of the whole fleet that last and that nobody muted. */
function openCount(state: AppState): string {
  let count = 0;
  for (const { endedAtMs, mutedUntilMs } of shownFleet(state).problems.values())
    if (endedAtMs === null && mutedUntilMs === null) count++;
  return count === 0 ? '' : `(${formatCount(count)})`;
}

/** The lists there are, the uppermost one on the stack in capitals. */
export function tabsLine(state: AppState): Line {
  const kinds = state.screens.map((screen) => screen.kind);
  const present = kinds.findLast((kind) => TABS.some((tab) => tab.kind === kind));
  const spans = TABS.flatMap(({ kind, text }) => {
    const words = kind === 'problems' ? `${text}${openCount(state)}` : text;
    return [
      span(' '),
      kind === present ? span(words.toUpperCase(), 'accent') : span(words, 'dim'),
      span(' '),
    ];
  });
  return { spans: fitSpans(spans, state.size.width) };
}

const TONES: Readonly<Record<Tone, StyleName | undefined>> = {
  info: undefined,
  done: 'accent',
  warning: 'warning',
  error: 'error',
  busy: 'pending',
};

/** The look of a message's text. */
export function toneStyle(tone: Tone): StyleName | undefined {
  return TONES[tone];
}

/** The message line: the prompt while one is open, else what was said last, and how much there is to read in `@`. */
export function messageLine(state: AppState): Line {
  const { width } = state.size;
  if (state.prompt) return promptLine(state);
  const message: Message | undefined = shownMessage(state.messages);
  const waiting = state.messages.queue.length - 1;
  const undo = undoWords(state);
  // Longer than its room, it is cut rather than left out: it may be the one error that matters.
  const room = width - textWidth(undo) - (undo === '' ? 2 : 4);
  const left: Segment[] = message
    ? [{ text: cut(printable(message.text), room), ...styled(toneStyle(message.tone)), keep: 2 }]
    : [];
  const more = waiting > 0 ? `+${waiting}` : '';
  const { count } = state.messages;
  const right: Segment[] = [
    { text: undo, style: 'key', keep: 3 },
    { text: more, style: 'dim', keep: 1 },
    { text: count > 0 ? `@ ${formatThings(count, 'message')}` : '', style: 'dim', keep: 1 },
  ];
  return { spans: spread(left, right, width) };
}

/** What `u` would do now, and for how long. */
function undoWords({ jobs, nowMs }: AppState): string {
  const undoable = undoableOf(jobs, nowMs);
  if (!undoable) return '';
  const left = formatAge(undoable.untilMs - nowMs + 999);
  return undoable.kind === 'call-back' ? `call back: u (${left})` : `undo: u (${left})`;
}

const styled = (style: StyleName | undefined) => (style === undefined ? {} : { style });
