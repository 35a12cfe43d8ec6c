/** Where everything stands on a terminal of a given size. Only the size and what a person chose move things, never data. */
import type { Pane } from '../model/panes.ts';
import type { Area, Size } from './view.ts';

/** Smaller than this, the console is one line of counts. */
export const FLOOR: Size = { width: 40, height: 10 };

export interface Layout {
  readonly status: Area | undefined;
  readonly tabs: Area | undefined;
  readonly title: Area;
  /** A line between head and panes; only where panes stand side by side. */
  readonly rule: Area | undefined;
  /** The list, or the whole width for a view without panes; not shown while another pane is alone. */
  readonly body: Area;
  readonly tree: Area | undefined;
  readonly detail: Area | undefined;
  /** Below the list, its divider line included. */
  readonly preview: Area | undefined;
  readonly marks: Area | undefined;
  readonly message: Area;
  readonly hints: Area | undefined;
  /** The pane that is alone on the screen. */
  readonly alone: Pane | undefined;
}

export interface LayoutOptions {
  /** Lists have panes beside or below them; other views take the whole width. */
  readonly hasPanes: boolean;
  /** The person asked for wide columns: the list takes the whole width. */
  readonly isWide: boolean;
  /** The last lines of a log belong below the list, where panes stand beside it. */
  readonly hasLog: boolean;
  /** The pane that the person wants alone. */
  readonly alone: Pane | undefined;
  /** The person asked for no lines above the title. */
  readonly isHeadless: boolean;
}

/** Below this height the status line folds into the title. */
export const STATUS_FROM_HEIGHT = 12;

const SIDE_FROM_WIDTH = 110;
const TREE_FROM_WIDTH = 180;
const TREE_WIDTH = 30;

/** Whether a terminal is too small for anything but one line. */
export function isBelowFloor(size: Size): boolean {
  return size.width < FLOOR.width || size.height < FLOOR.height;
}

/** The areas for a size; a missing one is not shown at this size. */
export function layoutOf(size: Size, options: LayoutOptions): Layout {
  const { width, height } = size;
  const isRoomy = width >= SIDE_FROM_WIDTH && height >= 20;
  const head = options.isHeadless ? NO_HEAD : headRows(size, isRoomy);
  const foot = footRows(size, options.hasPanes && !isRoomy);
  const row = (top: number): Area => ({ top, left: 0, width, height: 1 });
  const at = (index: number) => (index >= 0 ? row(index) : undefined);
  const top = head.count;
  const bodyHeight = Math.max(1, height - head.count - foot.count);
  const whole: Area = { top, left: 0, width, height: bodyHeight };
  return {
    status: at(head.status),
    tabs: at(head.tabs),
    title: row(head.title),
    rule: at(head.rule),
    ...(options.hasPanes
      ? onePane(panes(whole, isRoomy, options), whole, options.alone)
      : { ...NO_PANES, body: whole, alone: undefined }),
    marks: foot.hasMarks ? row(height - foot.count) : undefined,
    message: row(height - 1 - (foot.hasHints ? 1 : 0)),
    hints: foot.hasHints ? row(height - 1) : undefined,
  };
}

/** The layout with a pane of so many lines below the body, a divider above them, at most 40 % of its height. */
export function withPane(layout: Layout, lines: number): Layout {
  const { body } = layout;
  const height = Math.min(1 + lines, Math.floor(body.height * 0.4));
  if (height < 2) return layout;
  const rest = body.height - height;
  return {
    ...layout,
    body: { ...body, height: rest },
    preview: { ...body, top: body.top + rest, height },
  };
}

const NO_PANES = { tree: undefined, detail: undefined, preview: undefined };

/** What takes all the room; the list keeps its place behind it, so that nothing of it moves. */
function onePane(among: ReturnType<typeof panes>, whole: Area, alone: Pane | undefined) {
  if (alone === undefined) return { ...among, alone };
  if (alone === 'list') return { ...NO_PANES, body: whole, alone };
  const name = alone === 'facts' && among.detail ? 'detail' : 'preview';
  return { ...among, ...NO_PANES, [name]: whole, alone };
}

const NO_HEAD = { status: -1, tabs: -1, title: 0, rule: -1, count: 1 };

function headRows(size: Size, isRoomy: boolean) {
  if (isRoomy) return { status: 0, tabs: 1, title: 2, rule: 3, count: 4 };
  if (size.height >= STATUS_FROM_HEIGHT)
    return { status: 0, tabs: -1, title: 1, rule: -1, count: 2 };
  return { status: -1, tabs: -1, title: 0, rule: -1, count: 1 };
}

function footRows(size: Size, mayHaveMarks: boolean) {
  const hasHints = size.height >= 14;
  const hasMarks = mayHaveMarks && size.height >= 18;
  return { hasHints, hasMarks, count: 1 + (hasHints ? 1 : 0) + (hasMarks ? 1 : 0) };
}

function panes(whole: Area, isRoomy: boolean, { isWide, hasLog }: LayoutOptions) {
  if (isRoomy) return isWide ? { ...NO_PANES, body: whole } : sidePanes(whole, hasLog);
  if (whole.width < 60 || whole.height < 19) return { ...NO_PANES, body: whole };
  const preview = 1 + Math.max(6, Math.floor(whole.height * 0.32));
  return {
    ...NO_PANES,
    body: { ...whole, height: whole.height - preview },
    preview: { ...whole, top: whole.top + whole.height - preview, height: preview },
  };
}

/** Below this height of all panes together the list needs the rows of the log itself. */
const LOG_FROM_HEIGHT = 28;

function sidePanes(whole: Area, hasLog: boolean) {
  const hasTree = whole.width >= TREE_FROM_WIDTH;
  const detailWidth = Math.min(56, Math.round(whole.width * 0.345));
  const left = hasTree ? TREE_WIDTH + 1 : 0;
  const isLogShown = hasLog && whole.height >= LOG_FROM_HEIGHT;
  const logHeight = isLogShown ? 1 + Math.min(18, Math.floor(whole.height * 0.36)) : 0;
  const height = whole.height - logHeight;
  const upper = { ...whole, height };
  const lower = { top: whole.top + height, left, width: whole.width - left, height: logHeight };
  return {
    tree: hasTree ? { ...whole, width: TREE_WIDTH } : undefined,
    body: { ...upper, left, width: whole.width - left - detailWidth - 1 },
    detail: { ...upper, left: whole.width - detailWidth, width: detailWidth },
    preview: isLogShown ? lower : undefined,
  };
}
