/** What is drawn beside and below a list: the environments, what is known of the object under the cursor, its log. */
import { formatThings } from '../format/amounts.ts';
import type { LogsScreen } from '../model/log-view.ts';
import type { AppState } from '../model/state.ts';
import { span } from './cells.ts';
import { dividerLine, FOCUS_MARK } from './divider.ts';
import { treeLines } from './environments.ts';
import type { Layout } from './layout.ts';
import { logLines } from './logs.ts';
import { factsTop, focusedPane, logArea, panesOf } from './pane-places.ts';
import { type Preview, previewOf } from './preview.ts';
import { fullName } from './titles.ts';
import type { Area, Block, Line } from './view.ts';

/** The panes around a list. */
export function paneBlocks(state: AppState, layout: Layout): readonly Block[] {
  const { tree, detail, preview } = layout;
  const blocks: Block[] = [];
  const focus = focusedPane(state);
  const isFocused = focus === 'facts';
  const log = logArea(layout);
  if (tree) {
    blocks.push({ id: 'tree', area: tree, lines: treeLines(state, tree) });
    blocks.push(verticalRule('tree-edge', tree, tree.left + tree.width));
  }
  if (detail) {
    const lines = factLinesIn(state, detail, (title, place) => headLine(title, place, isFocused));
    blocks.push({ id: 'detail', area: detail, lines });
    if (detail.left > 0) blocks.push(verticalRule('detail-edge', detail, detail.left - 1));
  }
  if (log) blocks.push(logBlock(state, log, focus === 'log'));
  else if (preview) {
    const { width } = preview;
    const lines = factLinesIn(state, preview, (title, place) =>
      dividerLine(title, width, { place, isFocused }),
    );
    blocks.push({ id: 'preview', area: preview, lines });
  }
  return blocks;

  function verticalRule(id: string, pane: Area, left: number): Block {
    const isHeavy = isFocused && id === 'detail-edge';
    const area = { ...pane, left, width: 1 };
    const line: Line = { spans: [isHeavy ? span('┃', 'accent') : span('│', 'dim')] };
    return { id, area, lines: Array.from({ length: area.height }, () => line) };
  }
}

function logBlock(state: AppState, area: Area, isFocused: boolean): Block {
  const { width, height } = area;
  const { logPane } = state;
  const view = logPane?.view;
  const name = logPane ? `log of ${fullName(state, logPane.key)}` : 'log';
  const place = view
    ? `${formatThings(view.log.end - view.log.first, 'line')}, ${logMode(view)}`
    : '';
  const head = dividerLine(name, width, { place, isFocused });
  const lines = view ? logLines(view, { ...area, top: area.top + 1, height: height - 1 }) : [];
  return { id: 'log-pane', area, lines: [head, ...lines] };
}

/** What a reader may expect of the lines: more of them, or none. */
function logMode({ stream, isFollowing }: LogsScreen): string {
  switch (stream.kind) {
    case 'opening':
      return 'waiting';
    case 'following':
      return isFollowing ? 'follow' : 'paused';
    default:
      return stream.kind === 'failed' ? 'failed' : 'ended';
  }
}

/** A head and the facts below it from where they are scrolled to. */
function factLinesIn(
  state: AppState,
  { width, height }: Area,
  head: (title: Preview['title'], place: string) => Line,
): readonly Line[] {
  const { title, lines } = previewOf(state, width);
  const room = Math.max(0, height - 1);
  const top = factsTop(state, lines.length, room);
  const shown = lines.slice(top, top + room);
  const isAll = shown.length === lines.length;
  const place = isAll ? '' : `${top + 1}-${top + shown.length} of ${lines.length}`;
  return [head(title, place), ...shown];
}

function headLine(title: string, place: string, isFocused: boolean): Line {
  const mark = isFocused ? span(FOCUS_MARK, 'accent') : span(' ');
  const words = place === '' ? [] : [span(`  ${place}`, 'dim')];
  return { spans: [mark, span(title, 'title'), ...words], fill: 'head' };
}

/** The title line with the mark of the keys, where there are other panes that could have them. */
export function markedTitle(state: AppState, title: Line): Line {
  const [first, ...rest] = title.spans;
  const isMarked = focusedPane(state) === 'list' && panesOf(state).length > 1;
  if (!isMarked || first?.text !== ' ') return title;
  return { ...title, spans: [span(FOCUS_MARK, 'accent'), ...rest] };
}
