/** The whole screen as a value: what the state looks like in a terminal of its size. */

import { isPeople } from '../model/people-view.ts';
import { isRowScreen, type RowScreen } from '../model/row-screen.ts';
import type { Screen } from '../model/screen.ts';
import { type AppState, topScreen } from '../model/state.ts';
import { auditLines, auditRowLines } from './audit.ts';
import { span } from './cells.ts';
import { messageLine, statusLine, tabsLine, tinyLine } from './chrome.ts';
import { containerLines } from './containers.ts';
import { describeLines } from './describe.ts';
import { dialogBlock } from './dialog-box.ts';
import { diffLines } from './diff.ts';
import { dividerLine } from './divider.ts';
import { describedEnvironment } from './environment.ts';
import { addedLines } from './environment-added.ts';
import { environmentLines } from './environments.ts';
import { execLines } from './exec-view.ts';
import { filledCaret, formLines } from './form.ts';
import { helpLines } from './help.ts';
import { hintsLine } from './hints.ts';
import { infoLines } from './info-screen.ts';
import { inspectLines } from './inspect.ts';
import { keyMadeLines } from './key-made.ts';
import { FLOOR, isBelowFloor, type Layout, layoutOf, withPane } from './layout.ts';
import { spokenOf } from './linear.ts';
import { linkLines } from './link.ts';
import { logLineLines } from './log-line.ts';
import { sourceLines } from './log-sources.ts';
import { logLines } from './logs.ts';
import { lookOf } from './look.ts';
import { marksLine } from './marks-line.ts';
import { menuBlock } from './menu-box.ts';
import { messageLines } from './messages.ts';
import { metricsBlocks } from './metrics.ts';
import { operationLines } from './operations.ts';
import { paletteBlock } from './palette.ts';
import { listLayout } from './pane-places.ts';
import { markedTitle, paneBlocks } from './panes.ts';
import { peopleLines } from './people.ts';
import { processLines } from './processes.ts';
import { caretColumn } from './prompt-line.ts';
import { recoveryLines } from './recovery-codes.ts';
import { rowScreenLines } from './row-screens.ts';
import { titleLine } from './titles.ts';
import type { Area, Block, Frame, Line } from './view.ts';
import { wallBlocks } from './wall.ts';

const TEXT_KINDS = [
  'describe',
  'log-line',
  'info',
  'messages',
  'link',
  'environment',
  'environment-added',
  'audit-row',
  'key-made',
  'recovery-codes',
] as const;

/** The views that are one text, of which the screen shows a window. */
export type TextScreen = Extract<Screen, { kind: (typeof TEXT_KINDS)[number] }>;

/** Whether a screen is such a text. */
export function isTextScreen<Any extends Screen>(screen: Any): screen is Extract<Any, TextScreen> {
  return TEXT_KINDS.some((kind) => kind === screen.kind);
}

/** The areas of the screen as it is now. */
export function currentLayout(state: AppState): Layout {
  const screen = topScreen(state);
  const { kind } = screen;
  const hasPanes = kind === 'containers' || kind === 'environments';
  if (kind === 'containers' || kind === 'environments') return listLayout(state, kind);
  const { size, isHeadless } = state;
  const layout = layoutOf(size, {
    hasPanes,
    isWide: false,
    hasLog: false,
    alone: undefined,
    isHeadless,
  });
  const merged = kind === 'logs' ? screen.merged : undefined;
  return merged?.isListed ? withPane(layout, merged.sources.length) : layout;
}

/** The screen of a state. */
export function viewOf(state: AppState): Frame {
  if (isBelowFloor(state.size) && !state.settings.isLinear) return tinyFrame(state);
  const layout = currentLayout(state);
  const wall = topScreen(state);
  const view = wall.kind === 'wall' ? wallBlocks(state, wall) : screenBlocks(state, layout);
  const blocks: Block[] = [
    ...view,
    ...one('message', layout.message, () => messageLine(state)),
    ...one('hints', layout.hints, () => hintsLine(state)),
  ];
  const palette = paletteBlock(state, layout.message);
  if (palette) blocks.push(palette);
  if (state.menu) blocks.push(menuBlock(state.size, state.menu));
  if (state.dialog) blocks.push(dialogBlock(state, state.dialog));
  const cursor = cursorOf(state, layout);
  const look = lookOf(state);
  if (state.settings.isLinear) return { look, blocks: [], spoken: spokenOf(state, blocks) };
  return cursor ? { look, blocks, cursor } : { look, blocks };
}

/** What stands above the message and the hints on every screen but the wall. */
function screenBlocks(state: AppState, layout: Layout): readonly Block[] {
  return [
    ...one('status', layout.status, () => statusLine(state)),
    ...one('tabs', layout.tabs, () => tabsLine(state)),
    ...one('title', layout.title, () => markedTitle(state, titleLine(state))),
    ...one('rule', layout.rule, () => ruleLine(layout, state.size.width)),
    ...(layout.alone === undefined || layout.alone === 'list'
      ? bodyBlocks(state, layout.body)
      : []),
    ...sideBlocks(state, layout),
    ...one('marks', layout.marks, () => marksLine(state)),
  ];
}

function cursorOf(state: AppState, layout: Layout): Frame['cursor'] {
  if (state.dialog || state.menu) return undefined;
  if (state.prompt) return { top: layout.message.top, left: caretColumn(state) };
  const screen = topScreen(state);
  return screen.kind === 'form' ? filledCaret(screen, layout.body) : undefined;
}

function tinyFrame(state: AppState): Frame {
  const area: Area = { top: 0, left: 0, width: state.size.width, height: 1 };
  return {
    blocks: [{ id: 'tiny', area, lines: [tinyLine(state, `${FLOOR.width}x${FLOOR.height}`)] }],
  };
}

function one(id: string, area: Area | undefined, make: () => Line): readonly Block[] {
  return area ? [{ id, area, lines: [make()] }] : [];
}

function bodyBlocks(state: AppState, area: Area): readonly Block[] {
  const screen = topScreen(state);
  if (screen.kind === 'metrics') return metricsBlocks(screen, area);
  return [{ id: 'body', area, lines: bodyLines(state, area) }];
}

/** The lines of the view on top in an area. */
export function bodyLines(state: AppState, area: Area): readonly Line[] {
  const screen = topScreen(state);
  if (isRowScreen(screen)) return rowScreenLines(state, screen, area);
  return viewLines(state, screen, area);
}

function viewLines(
  state: AppState,
  screen: Exclude<Screen, RowScreen>,
  area: Area,
): readonly Line[] {
  if (isPeople(screen)) return peopleLines(state, screen, area);
  if (isTextScreen(screen)) {
    return textLines(state, screen, area.width).slice(screen.top, screen.top + area.height);
  }
  switch (screen.kind) {
    case 'containers':
      return containerLines(state, area);
    case 'environments':
      return environmentLines(state, area);
    case 'logs':
      return logLines(screen, area);
    case 'help':
      return helpLines(state, screen, area);
    case 'inspect':
      return inspectLines(screen, area);
    case 'diff':
      return diffLines(screen, area);
    case 'wall':
      return [];
    case 'operations':
      return operationLines(state, screen, area);
    case 'metrics':
      return [];
    case 'processes':
      return processLines(screen, area);
    case 'form':
      return formLines(screen, area);
    case 'audit':
      return auditLines(state, screen, area);
    case 'exec':
      return execLines(state, screen, area);
  }
}

/** All lines of a view that is one text, of which the screen shows a window. */
export function textLines(state: AppState, screen: TextScreen, width: number): readonly Line[] {
  switch (screen.kind) {
    case 'describe':
      return describeLines(state, screen, width);
    case 'log-line':
      return logLineLines(state, screen, width);
    case 'info':
      return infoLines(state, screen, width);
    case 'messages':
      return messageLines(state, width);
    case 'environment':
      return describedEnvironment(state, screen, width);
    case 'link':
      return linkLines(state, screen, width);
    case 'environment-added':
      return addedLines(screen, width);
    case 'audit-row':
      return auditRowLines(state, screen.record, width);
    case 'key-made':
      return keyMadeLines(state, screen, width);
    case 'recovery-codes':
      return recoveryLines(screen, width);
  }
}

/** The panes around a list, or below a log of many. */
function sideBlocks(state: AppState, layout: Layout): readonly Block[] {
  const screen = topScreen(state);
  if (screen.kind !== 'logs') return paneBlocks(state, layout);
  if (!layout.preview || !screen.merged) return [];
  const { width, height } = layout.preview;
  const lines = sourceLines(screen.merged, width, height - 1);
  const all = [dividerLine('sources', width), ...lines];
  return [{ id: 'preview', area: layout.preview, lines: all }];
}

function ruleLine(layout: Layout, width: number): Line {
  const joints = [
    ...(layout.tree ? [layout.tree.left + layout.tree.width] : []),
    ...(layout.detail && layout.detail.left > 0 ? [layout.detail.left - 1] : []),
  ];
  const cells = Array.from({ length: width }, (_, at) => (joints.includes(at) ? '┬' : '─'));
  return { spans: [span(cells.join(''), 'dim')] };
}
