/** A menu in the middle of the screen: letters at the left, what is off dim with its reason. */
import { cut, printable, textWidth } from '../format/width.ts';
import { type Menu, type MenuItem, shownItems } from '../model/menu.ts';
import { cell, span } from './cells.ts';
import { FRAME, middleBox, widthIn } from './middle-box.ts';
import type { Block, Line, Size } from './view.ts';

const MIN_WIDTH = 36;
const LETTER = 4;

/** The menu as a block; a long one shows the part with the cursor. */
export function menuBlock(size: Size, menu: Menu): Block {
  const items = shownItems(menu);
  const labelWidth = Math.min(34, Math.max(8, ...menu.items.map(({ label }) => textWidth(label))));
  const detailWidth = Math.max(0, ...menu.items.map((item) => textWidth(rightOf(item))));
  const wanted = LETTER + labelWidth + 2 + detailWidth + FRAME;
  const width = Math.min(widthIn(size), Math.max(MIN_WIDTH, wanted));
  const room = Math.max(1, Math.min(items.length, size.height - 6));
  const top = Math.max(0, Math.min(items.length - room, menu.at - Math.floor(room / 2)));
  const inner = width - FRAME;
  const rows = items
    .slice(top, top + room)
    .map((item, index) => itemLine(item, top + index === menu.at, { inner, labelWidth }));
  const lines = [...findLines(menu), ...rows];
  return middleBox(size, { id: 'menu', title: menu.title, width, lines });
}

/** What was typed to narrow the menu, and how much it leaves. */
function findLines(menu: Menu): readonly Line[] {
  const { find, items } = menu;
  if (find === undefined) return [];
  const shown = shownItems(menu).length;
  const words = find === '' ? 'type to narrow, enter chooses' : `${shown} of ${items.length}`;
  return [{ spans: [span(` ${printable(find)}_`, 'key'), span(`  ${words}`, 'dim')] }];
}

const rightOf = ({ run, detail }: MenuItem): string => (typeof run === 'string' ? run : detail);

function itemLine(
  item: MenuItem,
  isSelected: boolean,
  { inner, labelWidth }: { readonly inner: number; readonly labelWidth: number },
): Line {
  const isOff = typeof item.run === 'string';
  const label = Math.min(labelWidth, Math.max(8, inner - LETTER));
  const rest = Math.max(0, inner - LETTER - label - 2);
  const spans = [
    cell(isSelected ? `> ${item.key}` : `  ${item.key}`, LETTER, isOff ? 'dim' : 'key'),
    cell(item.label, label, isOff ? 'dim' : undefined),
    span('  '),
    span(cut(printable(rightOf(item)), rest), 'dim'),
  ];
  return isSelected ? { spans, fill: 'selected' } : { spans };
}
