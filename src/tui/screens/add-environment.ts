/** The form for a new environment: three fields, what the chosen kind means, and what is wrong with it, if anything is. */
import { printable } from '../format/width.ts';
import { foldWords } from '../format/wrap.ts';
import {
  type AddScreen,
  editedLine,
  FORM_FIELDS,
  type FormField,
  isLoopback,
} from '../model/new-environment.ts';
import type { TextLine } from '../model/prompt.ts';
import { cell, plainLine, span } from './cells.ts';
import { visiblePart } from './prompt-line.ts';
import type { Area, Frame, Line, Span, StyleName } from './view.ts';

const LABEL_WIDTH = 8;
const LONGEST_FIELD = 60;

/** Fields stand apart where there is room for that. */
const isLoose = (area: Area) => area.height >= 14;

const rowOf = (field: FormField, area: Area): number => {
  const at = FORM_FIELDS.indexOf(field);
  return isLoose(area) ? 1 + 2 * at : at;
};

const roomIn = (area: Area): number =>
  Math.max(4, Math.min(LONGEST_FIELD, area.width - LABEL_WIDTH - 2));

/** The form in an area; at the bottom what is wrong or what goes on. */
export function addFormLines(screen: AddScreen, area: Area): readonly Line[] {
  const url = screen.urls[screen.environmentKind];
  const fields = [
    fieldLine(screen, 'name', textSpan(screen, 'name', screen.name, roomIn(area))),
    { spans: [labelSpan(screen, 'kind'), ...kindSpans(screen)] },
    fieldLine(screen, 'url', textSpan(screen, 'url', url, roomIn(area))),
  ];
  const blank = plainLine('');
  const head = isLoose(area) ? [blank, ...fields.flatMap((field) => [field, blank])] : fields;
  const width = Math.min(area.width - 2, LABEL_WIDTH + LONGEST_FIELD);
  return [...head, ...remarkLines(screen, width)].slice(0, area.height);
}

/** The cell of the terminal's cursor; none while the kind is chosen or the form is on its way. */
export function formCaret(screen: AddScreen, area: Area): Frame['cursor'] {
  const line = editedLine(screen);
  const top = area.top + rowOf(screen.focus, area);
  if (!line || screen.sending !== undefined || top >= area.top + area.height) return undefined;
  const { caret } = visiblePart(line, roomIn(area));
  return { top, left: Math.min(area.width - 1, LABEL_WIDTH + caret) };
}

const LABELS: Readonly<Record<FormField, string>> = { name: 'name', kind: 'kind', url: 'URL' };

function labelSpan(screen: AddScreen, field: FormField): Span {
  const isFocused = screen.focus === field;
  const text = `${isFocused ? '> ' : '  '}${LABELS[field]}`;
  return cell(text, LABEL_WIDTH, isFocused ? 'accent' : 'dim');
}

function fieldLine(screen: AddScreen, field: FormField, text: Span): Line {
  return { spans: [labelSpan(screen, field), text] };
}

function textSpan(screen: AddScreen, field: FormField, line: TextLine, room: number): Span {
  const isFocused = screen.focus === field;
  const shown = isFocused ? visiblePart(line, room).text : line.text;
  return cell(printable(shown), room, isFocused ? 'marked' : 'bar');
}

function kindSpans({ environmentKind, focus }: AddScreen): readonly Span[] {
  const choice = (kind: AddScreen['environmentKind'], text: string): Span => {
    if (kind !== environmentKind) return span(`   ${text}   `, 'dim');
    return span(` [ ${text} ] `, focus === 'kind' ? 'selected' : 'bold');
  };
  return [choice('agent', 'agent'), choice('edge-agent', 'edge agent')];
}

const KIND_REMARKS: Readonly<Record<AddScreen['environmentKind'], string>> = {
  agent:
    'The server dials the agent: its port (9001) must be open to the server, and the agent must run already.',
  'edge-agent':
    'The agent dials the server at this URL, also through NAT and proxies; its host opens no port. The next screen shows the command that starts it.',
};

function remarkLines(screen: AddScreen, width: number): readonly Line[] {
  const folded = (text: string, style: StyleName): readonly Line[] =>
    foldWords(printable(text), Math.max(8, width)).map((row) => plainLine(` ${row}`, style));
  if (screen.sending !== undefined) {
    const words =
      screen.environmentKind === 'agent'
        ? 'The server asks the agent for a sign of life … esc gives up waiting.'
        : 'Asking the server … esc gives up waiting.';
    return folded(words, 'pending');
  }
  if (screen.problem !== undefined) return folded(screen.problem, 'error');
  const isEdge = screen.environmentKind === 'edge-agent';
  const warning =
    isEdge && isLoopback(screen.urls['edge-agent'].text.trim())
      ? folded(
          "Agents on other hosts can't reach this address: it means their own machine.",
          'warning',
        )
      : [];
  return [...warning, ...folded(KIND_REMARKS[screen.environmentKind], 'dim')];
}
