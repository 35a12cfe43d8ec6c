/** The question over the screen: what will happen, environment by environment, and the two answers. */
import { cut, printable, textWidth } from '../format/width.ts';
import { foldWords } from '../format/wrap.ts';
import {
  type Choice,
  choicesOf,
  chosenAt,
  DEAF_FOR_MS,
  type Dialog,
  isUnlocked,
  type PlanGroup,
} from '../model/dialog.ts';
import type { AppState } from '../model/state.ts';
import { cell, span } from './cells.ts';
import type { Block, Line, Span, StyleName } from './view.ts';

const MAX_WIDTH = 76;
/** Border and one cell of air at each side. */
const FRAME = 4;

/** The dialog as a block in the middle of the screen; it never covers all of it. */
export function dialogBlock(state: AppState, dialog: Dialog): Block {
  const { size } = state;
  const width = Math.min(MAX_WIDTH, size.width - 2);
  const inner = width - FRAME;
  const tail = [
    ...choiceLines(dialog),
    ...(dialog.level === 'phrase' ? phraseLines(dialog) : []),
    buttonLine(dialog, state.nowMs, inner),
  ];
  const lines = [...textLines(dialog, inner, size.height - 2 - tail.length), ...tail];
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

/** All above the buttons in at most `room` lines: the plan gives way first, then the remarks, never the buttons. */
function textLines(dialog: Dialog, width: number, room: number): readonly Line[] {
  const { lead, groups, remarks } = dialog;
  const head = folded(lead, width);
  const foot = remarks.flatMap((remark) => folded(remark, width, 'dim'));
  const gap: readonly Line[] = head.length > 0 && groups.length > 0 ? [BLANK] : [];
  const left = room - 2 - head.length - foot.length - gap.length;
  const plan = left > 0 ? planLines(groups, width, left) : [];
  const middle = [...head, ...gap, ...plan, ...foot];
  const whole = middle.length > 0 ? [BLANK, ...middle, BLANK] : [BLANK];
  return whole.length <= room ? whole : middle.slice(0, Math.max(0, room));
}

const BLANK: Line = { spans: [] };

function folded(text: string, width: number, style?: StyleName): readonly Line[] {
  if (text === '') return [];
  return foldWords(printable(text), width).map((row) => ({ spans: [span(` ${row}`, style)] }));
}

/** The plan as far as there is room, and how many lines of it are left out; a long one is never built whole. */
function planLines(groups: readonly PlanGroup[], width: number, room: number): readonly Line[] {
  const all = groups.reduce((sum, group) => sum + 1 + group.items.length, 0);
  const most = all > room ? room - 1 : room;
  const lines: Line[] = [];
  for (const { heading, items } of groups) {
    if (lines.length >= most) break;
    lines.push({ spans: [span(` ${cut(printable(heading), width - 1)}`, 'bold')] });
    for (const item of items.slice(0, most - lines.length)) {
      lines.push({ spans: [span(`   ${cut(printable(item), width - 3)}`)] });
    }
  }
  if (all <= room) return lines;
  return [...lines, { spans: [span(` … ${all - lines.length} more lines`, 'dim')] }];
}

/** One row for each choice, its options side by side, the one that holds in brackets. */
function choiceLines(dialog: Dialog): readonly Line[] {
  const choices = choicesOf(dialog);
  if (choices.length === 0) return [];
  return [...choices.map((choice) => choiceLine(dialog, choice)), BLANK];
}

function choiceLine({ focus, onOk }: Dialog, choice: Choice): Line {
  const isFocused = focus === choice.name;
  const at = onOk.kind === 'run' ? chosenAt(choice, onOk.how) : -1;
  const options = choice.options.map(({ label }, index) =>
    index === at ? span(`[${label}]`, isFocused ? 'selected' : 'bold') : span(` ${label} `, 'dim'),
  );
  const head = `${isFocused ? '>' : ' '}${choice.label.padEnd(11)}`;
  return { spans: [span(head, isFocused ? 'key' : undefined), ...options] };
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
  const choose = choicesOf(dialog).length > 0 ? ', up/down choose' : '';
  const hint = `${dialog.level === 'yes' ? 'y yes  n no' : 'tab, then enter'}${choose}`;
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
