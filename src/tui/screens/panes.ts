/** The panes of a list view: which are on the screen, which has the keys, and what is drawn beside and below the list. */
import { textWidth } from '../format/width.ts';
import type { Pane } from '../model/panes.ts';
import { type AppState, topScreen } from '../model/state.ts';
import { selectedEnvironment, subjectKey } from '../model/subject.ts';
import { span } from './cells.ts';
import { treeLines } from './environments.ts';
import { type Layout, layoutOf } from './layout.ts';
import { type Preview, previewOf } from './preview.ts';
import type { Area, Block, Line } from './view.ts';

/** Before the title of the pane that has the keys; its border is heavy too. */
const FOCUS_MARK = '▸';

/** The areas of a list view, whichever view is on top. */
export function listLayout(state: AppState, isWide: boolean): Layout {
  const { size, isHeadless } = state;
  const options = { hasPanes: true, isWide, isHeadless };
  const among = layoutOf(size, { ...options, alone: undefined });
  if (!state.isFull) return among;
  const { focus } = state.panes;
  const alone = panesIn(among).includes(focus) ? focus : 'list';
  return layoutOf(size, { ...options, alone });
}

const isWideNow = (state: AppState) =>
  topScreen(state).kind === 'containers' && state.containers.isWide;

/** The panes that keys can go to, in their order; just one where the screen has room for no more. */
export function panesOf(state: AppState): readonly Pane[] {
  const { kind } = topScreen(state);
  if (kind !== 'containers' && kind !== 'environments') return ['list'];
  return panesIn(listLayout({ ...state, isFull: false }, isWideNow(state)));
}

function panesIn({ detail, preview }: Layout): readonly Pane[] {
  return detail || preview ? ['list', 'facts'] : ['list'];
}

/** The pane that movement goes to. */
export function focusedPane(state: AppState): Pane {
  const { focus } = state.panes;
  return focus !== 'list' && panesOf(state).includes(focus) ? focus : 'list';
}

/** What the facts are of, as a name for their place. */
export function factsOf(state: AppState): string {
  if (topScreen(state).kind === 'environments') return `#${selectedEnvironment(state)?.id}`;
  return subjectKey(state) ?? '';
}

/** Where the facts are in a layout; undefined when they are not on the screen. */
export function factsArea({ detail, preview }: Layout): Area | undefined {
  return detail ?? preview;
}

/** Rows of the facts scrolled away, never so many that there is nothing left to see. */
export function factsTop(state: AppState, count: number, room: number): number {
  const { top, of } = state.panes;
  return of === factsOf(state) ? Math.max(0, Math.min(top, count - room)) : 0;
}

/** The panes around a list. */
export function paneBlocks(state: AppState, layout: Layout): readonly Block[] {
  const { tree, detail, preview } = layout;
  const blocks: Block[] = [];
  const isFocused = focusedPane(state) === 'facts';
  if (tree) {
    blocks.push({ id: 'tree', area: tree, lines: treeLines(state, tree) });
    blocks.push(verticalRule('tree-edge', tree, tree.left + tree.width));
  }
  if (detail) {
    const lines = factLinesIn(state, detail, (title, place) => headLine(title, place, isFocused));
    blocks.push({ id: 'detail', area: detail, lines });
    if (detail.left > 0) blocks.push(verticalRule('detail-edge', detail, detail.left - 1));
  }
  if (preview) {
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

/** The divider above a lower pane: its title, where in it the reader is, and whether it has the keys. */
export function dividerLine(
  title: string,
  width: number,
  { place = '', isFocused = false } = {},
): Line {
  const bar = isFocused ? '━' : '─';
  const style = isFocused ? 'accent' : 'dim';
  const words = title === '' ? '' : `${isFocused ? FOCUS_MARK : ' '}${title} `;
  const tail = place === '' ? '' : ` ${place} `;
  const room = Math.max(0, width - 2 - textWidth(words) - textWidth(tail) - (tail ? 2 : 0));
  return {
    spans: [
      span(bar.repeat(2), style),
      span(words, 'title'),
      span(bar.repeat(room), style),
      ...(tail ? [span(tail, 'dim'), span(bar.repeat(2), style)] : []),
    ],
  };
}

/** The title line with the mark of the keys, where there are other panes that could have them. */
export function markedTitle(state: AppState, title: Line): Line {
  const [first, ...rest] = title.spans;
  const isMarked = focusedPane(state) === 'list' && panesOf(state).length > 1;
  if (!isMarked || first?.text !== ' ') return title;
  return { ...title, spans: [span(FOCUS_MARK, 'accent'), ...rest] };
}
