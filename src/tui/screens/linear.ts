/**
 * A frame for a reader of lines (--linear): the same state in words, without borders, glyphs and columns. The terminal
 * writes out only what differs from last time, a line at a time.
 */
import { formatAge, formatCount, formatThings } from '../format/amounts.ts';
import { printable } from '../format/width.ts';
import { shownMessage } from '../model/message.ts';
import type { Pane } from '../model/panes.ts';
import { type AppState, shownFleet, topScreen } from '../model/state.ts';
import { undoableOf } from '../model/undo.ts';
import { bannerLine, countFleet, scopeWords } from './chrome.ts';
import { linearRow, linearTiles } from './linear-rows.ts';
import { focusedPane } from './pane-places.ts';
import { promptSign } from './prompt-line.ts';
import { titleLine } from './titles.ts';
import type { Block, Line, Spoken, SpokenLine } from './view.ts';

/** What is drawn and not said: boxes, bars, charts, and the marks of cursor and focus. */
const DRAWN = /[\u2500-\u259f\u25b8\u2800-\u28ff]/gu;
/** Ages, shares and amounts change by themselves. */
const AGING = /\b\d[\d.,]*(?:ms|[smhd%]|[KMGT]i?B?|B)?(?![\w:])/gu;

/** A line as it is read: its words, one blank between them. */
export function linearText({ spans }: Line): string {
  const text = spans.map((one) => one.text).join('');
  return text
    .replaceAll(DRAWN, ' ')
    .replaceAll(/\s+/gu, ' ')
    .replace(/^\s*>?\s+|\s+$/gu, '');
}

const withoutAges = (text: string): string => text.replaceAll(AGING, '#');

/** What a state is to say; `blocks` are those of its frame. */
export function spokenOf(state: AppState, blocks: readonly Block[]): Spoken {
  const { prompt } = state;
  const facts = [fleetFact(state), titleFact(state), messageFact(state), undoFact(state)];
  const over = overLines(blocks);
  const typed = prompt && { label: promptSign(prompt), text: printable(prompt.text) };
  const said = over ?? screenLines(state, blocks);
  return {
    facts,
    lines: said.lines,
    ...(said.row && { row: said.row }),
    ...(typed && { typed }),
  };
}

function fleetFact(state: AppState): SpokenLine {
  const banner = bannerLine(state);
  if (banner) return { id: 'fleet', text: linearText(banner), same: state.connection.kind };
  const counts = countFleet(shownFleet(state), state.nowMs);
  const isKnown = state.fleet.heardAtMs !== undefined;
  const words = [
    formatThings(counts.environments, 'environment'),
    formatThings(counts.containers, 'container'),
    formatThings(counts.problems, 'problem'),
    ...(counts.unreachable > 0 ? [`${formatCount(counts.unreachable)} unreachable`] : []),
    ...(state.settings.isReadOnly ? ['read-only'] : []),
  ];
  return { id: 'fleet', text: isKnown ? `${words.join(', ')}.` : 'Connecting.' };
}

function titleFact(state: AppState): SpokenLine {
  const screen = topScreen(state);
  const title = linearText(titleLine(state));
  if (screen.kind === 'wall') return { id: 'title', text: 'wall' };
  if (screen.kind === 'containers') {
    const { order, filterText, problemsOnly, sort } = state.containers;
    const name = `containers of ${scopeWords(state)}`;
    const filter = filterText === '' ? '' : `, filter ${printable(filterText)}`;
    const only = problemsOnly ? ', problems only' : '';
    const by = `, by ${sort.by}${sort.isReversed ? ' reversed' : ''}`;
    return { id: 'title', text: `${name}${filter}${only}: ${formatCount(order.length)}${by}` };
  }
  return { id: 'title', text: title, same: `${screen.kind} ${withoutAges(title)}` };
}

function messageFact({ messages }: AppState): SpokenLine {
  const message = shownMessage(messages);
  if (!message) return { id: 'message', text: '' };
  const tone = message.tone === 'error' || message.tone === 'warning' ? `${message.tone}: ` : '';
  return { id: 'message', text: `${tone}${printable(message.text)}` };
}

function undoFact({ jobs, nowMs }: AppState): SpokenLine {
  const undoable = undoableOf(jobs, nowMs);
  if (!undoable) return { id: 'undo', text: '' };
  const left = formatAge(undoable.untilMs - nowMs + 999);
  const isBack = undoable.kind === 'call-back';
  const text = `u ${isBack ? 'calls it back' : 'undoes it'}, for ${left}`;
  return { id: 'undo', text, same: `${undoable.kind} ${undoable.untilMs}` };
}

interface Said {
  readonly lines: readonly SpokenLine[];
  readonly row?: SpokenLine | undefined;
}

/** What lies over the screen is all that is said while it does. */
function overLines(blocks: readonly Block[]): Said | undefined {
  const top = blocks.at(-1);
  if (top?.id === 'menu' || top?.id === 'palette') return { lines: titled(top), row: chosen(top) };
  if (top?.id !== 'dialog') return undefined;
  const lines = top.lines.slice(0, -1).map(linearText);
  const buttons = top.lines.at(-1);
  const focus = /\[ (.*?) \]/u.exec(buttons ? linearText(buttons) : '')?.[1];
  const hint = /y yes n no|tab, then enter.*/u.exec(buttons ? linearText(buttons) : '')?.[0] ?? '';
  return {
    lines: [...titled(top), ...lines.map((text) => ({ id: `dialog ${text}`, text }))],
    row: { id: 'row', text: focus === undefined ? hint : `${focus} has the focus; ${hint}` },
  };
}

function titled({ id, border }: Block): readonly SpokenLine[] {
  const text = border?.title.trim() ?? '';
  return text === '' ? [] : [{ id: `${id} ${text}`, text }];
}

/** The line under the cursor of a block that has one. */
function chosen({ id, lines }: Block): SpokenLine | undefined {
  const line = lines.find(({ fill }) => fill === 'selected');
  if (!line) return undefined;
  const text = linearText(line);
  return { id: 'row', text, same: `${id} ${withoutAges(text)}` };
}

function screenLines(state: AppState, blocks: readonly Block[]): Said {
  const screen = topScreen(state);
  if (screen.kind === 'wall') return { lines: linearTiles(state, screen) };
  const focus = focusedPane(state);
  const pane = blocks.find(({ id }) => PANE_BLOCKS[focus].includes(id));
  if (pane) return { lines: textsOf(pane, focus) };
  const row = linearRow(state);
  if (row) return { lines: [], row };
  const body = blocks.filter(({ id, chart }) => !chart && !AROUND.has(id));
  const cursor = body.map(chosen).find((one) => one !== undefined);
  if (cursor) return { lines: [], row: cursor };
  const known = body.length === 1 && body[0] ? numbered(state, body[0]) : undefined;
  return { lines: known ?? body.flatMap((block) => textsOf(block, screen.kind)) };
}

const PANE_BLOCKS: Readonly<Record<Pane, readonly string[]>> = {
  list: [],
  facts: ['detail', 'preview'],
  log: ['log-pane'],
};

/** Said otherwise, or not at all. */
const AROUND = new Set([
  ...['status', 'tabs', 'title', 'rule', 'marks', 'message', 'hints', 'palette'],
  ...['tree', 'tree-edge', 'detail', 'detail-edge', 'preview', 'log-pane'],
]);

/** Their figures are what they say. */
const EXACT: ReadonlySet<string> = new Set([
  'log',
  'logs',
  'log-line',
  'events',
  'history',
  'exec',
]);

/** Lines known by their words; of most views without what changes by itself. */
function textsOf({ lines }: Block, name: string): readonly SpokenLine[] {
  const said = lines.filter(({ fill }) => fill !== 'head');
  return said.map((line) => {
    const text = linearText(line);
    const words = EXACT.has(name) ? text : withoutAges(text);
    return { id: `${name} ${words}`, text, same: '' };
  });
}

/** Lines known by their number in a log or a text, so that equal ones are said each; undefined for other views. */
function numbered(state: AppState, { lines }: Block): readonly SpokenLine[] | undefined {
  const screen = topScreen(state);
  const first = firstNumber(state, lines.length);
  if (first === undefined) return undefined;
  const name = screen.kind === 'logs' ? `log ${screen.key}` : screen.kind;
  return lines.map((line, index) => {
    const text = linearText(line);
    return { id: `${name} ${first + index}`, text, same: withoutAges(text) };
  });
}

function firstNumber(state: AppState, count: number): number | undefined {
  const screen = topScreen(state);
  if (screen.kind !== 'logs')
    return 'top' in screen && typeof screen.top === 'number' ? screen.top : undefined;
  const isPlain = screen.lens === 'all' && !screen.isWrapped && !screen.isPretty && !screen.merged;
  if (!isPlain) return undefined;
  return screen.isFollowing ? Math.max(screen.log.first, screen.log.end - count) : screen.top.line;
}
