/** The question over the screen: what will happen, environment by environment, and the two answers. */
import { formatThings } from '../format/amounts.ts';
import { cut, printable, textWidth } from '../format/width.ts';
import { foldWords } from '../format/wrap.ts';
import {
  type Choice,
  choicesOf,
  chosenAt,
  DEAF_FOR_MS,
  type Dialog,
  isUnlocked,
  planLength,
} from '../model/dialog.ts';
import type { AppState } from '../model/state.ts';
import { cell, span } from './cells.ts';
import { FRAME, middleBox, widthIn } from './middle-box.ts';
import type { Block, Line, Span, StyleName } from './view.ts';

/** The dialog as a block in the middle of the screen; it never covers all of it. */
export function dialogBlock(state: AppState, dialog: Dialog): Block {
  const { size } = state;
  const width = widthIn(size);
  const inner = width - FRAME;
  const tail = tailLines(state, dialog);
  const lines = [...textLines(dialog, inner, size.height - 2 - tail.length), ...tail];
  return middleBox(size, { id: 'dialog', title: dialog.title, width, lines });
}

/** How many lines of the plan are shown at once; all of them where there is room. */
export function shownOfPlan(state: AppState, dialog: Dialog): number {
  const room = state.size.height - 2 - tailLines(state, dialog).length;
  const { left } = aroundPlan(dialog, widthIn(state.size) - FRAME, room);
  const all = planLength(dialog);
  return all <= left ? all : Math.max(0, left - 1);
}

/** What a person answers with: choices, the words to type, the buttons. */
function tailLines(state: AppState, dialog: Dialog): readonly Line[] {
  return [
    ...choiceLines(dialog),
    ...(dialog.level === 'phrase' ? phraseLines(dialog) : []),
    buttonLine(dialog, state.nowMs, widthIn(state.size) - FRAME),
  ];
}

/** What stands above and below the plan, and the lines that are left for it. */
function aroundPlan({ lead, groups, remarks }: Dialog, width: number, room: number) {
  const head = folded(lead, width);
  const foot = remarks.flatMap((remark) => folded(remark, width, 'dim'));
  const gap: readonly Line[] = head.length > 0 && groups.length > 0 ? [BLANK] : [];
  return { head, foot, gap, left: room - 2 - head.length - foot.length - gap.length };
}

/** All above the buttons in at most `room` lines: the plan gives way first, then the remarks, never the buttons. */
function textLines(dialog: Dialog, width: number, room: number): readonly Line[] {
  const { head, foot, gap, left } = aroundPlan(dialog, width, room);
  const plan = left > 0 ? planLines(dialog, width, left) : [];
  const middle = [...head, ...gap, ...plan, ...foot];
  const whole = middle.length > 0 ? [BLANK, ...middle, BLANK] : [BLANK];
  return whole.length <= room ? whole : middle.slice(0, Math.max(0, room));
}

const BLANK: Line = { spans: [] };

function folded(text: string, width: number, style?: StyleName): readonly Line[] {
  if (text === '') return [];
  return foldWords(printable(text), width).map((row) => ({ spans: [span(` ${row}`, style)] }));
}

/** The part of the plan that there is room for, and how many lines stand above and below it; a long one is never built whole. */
function planLines(dialog: Dialog, width: number, room: number): readonly Line[] {
  const all = planLength(dialog);
  if (all <= room) return planPart(dialog, width, { from: 0, to: all });
  const most = room - 1;
  const top = Math.min(dialog.planTop ?? 0, all - most);
  const below = all - most - top;
  const words = [
    ...(top > 0 ? [`${formatThings(top, 'line')} above`] : []),
    ...(below > 0 ? [`${formatThings(below, 'line')} below`] : []),
  ];
  const mark = span(` … ${words.join(', ')}  pgup/pgdn`, 'dim');
  return [...planPart(dialog, width, { from: top, to: top + most }), { spans: [mark] }];
}

interface Part {
  readonly from: number;
  readonly to: number;
}

function planPart({ groups }: Dialog, width: number, { from, to }: Part): readonly Line[] {
  const lines: Line[] = [];
  let at = 0;
  for (const { heading, items } of groups) {
    if (at >= to) break;
    if (at >= from) lines.push({ spans: [span(` ${cut(printable(heading), width - 1)}`, 'bold')] });
    at++;
    for (const item of items.slice(Math.max(0, from - at), Math.max(0, to - at))) {
      lines.push({ spans: [span(`   ${cut(printable(item), width - 3)}`)] });
    }
    at += items.length;
  }
  return lines;
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
