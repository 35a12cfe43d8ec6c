/** The question over the screen: what will happen, environment by environment, and the two answers. */
import { pad, printable, textWidth } from '../format/width.ts';
import { foldWords } from '../format/wrap.ts';
import { DEAF_FOR_MS, type Dialog, isUnlocked, type PlanGroup } from '../model/dialog.ts';
import type { AppState } from '../model/state.ts';
import { cell, span } from './cells.ts';
import type { Block, Line, Span } from './view.ts';

const MAX_WIDTH = 76;
/** Border and one cell of air at each side. */
const FRAME = 4;

/** The dialog as a block in the middle of the screen; it never covers all of it. */
export function dialogBlock(state: AppState, dialog: Dialog): Block {
  const { size } = state;
  const width = Math.min(MAX_WIDTH, size.width - 2);
  const inner = width - FRAME;
  const room = Math.max(1, size.height - 8 - dialog.remarks.length);
  const lines: readonly Line[] = [
    { spans: [] },
    ...planLines(dialog.groups, inner, room),
    ...dialog.remarks.flatMap((remark) =>
      foldWords(printable(remark), inner).map((row): Line => ({ spans: [span(` ${row}`, 'dim')] })),
    ),
    { spans: [] },
    ...(dialog.level === 'phrase' ? phraseLines(dialog) : []),
    buttonLine(dialog, state.nowMs, inner),
  ];
  const height = Math.min(size.height, lines.length + 2);
  return {
    id: 'dialog',
    area: {
      top: Math.max(0, Math.floor((size.height - height) / 2)),
      left: Math.floor((size.width - width) / 2),
      width,
      height,
    },
    lines,
    border: { title: ` ${printable(dialog.title)} `, style: 'accent' },
  };
}

function planLines(groups: readonly PlanGroup[], width: number, room: number): readonly Line[] {
  const lines = groups.flatMap((group) => groupLines(group, width));
  if (lines.length <= room) return lines;
  const shown = lines.slice(0, Math.max(0, room - 1));
  const left = lines.length - shown.length;
  return [...shown, { spans: [span(` … ${left} more lines`, 'dim')] }];
}

function groupLines(group: PlanGroup, width: number): readonly Line[] {
  const head: Line[] =
    group.heading === '' ? [] : [{ spans: [span(` ${printable(group.heading)}`, 'bold')] }];
  const items = group.items.map(
    (item): Line => ({ spans: [span('   '), span(pad(printable(item), width - 3).trimEnd())] }),
  );
  return [...head, ...items];
}

function phraseLines(dialog: Dialog): readonly Line[] {
  const ask = `Type ${dialog.phrase} to go on: `;
  return [
    { spans: [span(` ${printable(ask)}`), span(`${printable(dialog.typed)}_`, 'key')] },
    { spans: [] },
  ];
}

function buttonLine(dialog: Dialog, nowMs: number, width: number): Line {
  const isDeaf = nowMs - dialog.openedAtMs < DEAF_FOR_MS;
  const button = (text: string, isFocused: boolean, isOn: boolean): Span =>
    span(
      isFocused ? `[ ${text} ]` : `  ${text}  `,
      isFocused ? 'selected' : isOn ? 'plain' : 'dim',
    );
  const cancel = button('Cancel', dialog.focus === 'cancel', true);
  const ok = button(dialog.okLabel, dialog.focus === 'ok', isUnlocked(dialog) && !isDeaf);
  const hint = dialog.level === 'yes' ? 'y yes  n no' : 'tab, then enter';
  const room = width - textWidth(cancel.text) - textWidth(ok.text) - 4;
  return {
    spans: [
      span(' '),
      cancel,
      span('  '),
      ok,
      span(' '),
      cell(`  ${hint}`, Math.max(0, room), 'dim'),
    ],
  };
}
