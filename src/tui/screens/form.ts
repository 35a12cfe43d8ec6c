/** A form: its fields, the choices in brackets, and below them what it does or what is wrong. */
import { printable } from '../format/width.ts';
import { foldWords } from '../format/wrap.ts';
import { type Field, type FormScreen, fieldsOf, focusedField, valuesOf } from '../model/form.ts';
import type { TextLine } from '../model/prompt.ts';
import { cell, plainLine, span } from './cells.ts';
import { visiblePart } from './prompt-line.ts';
import type { Area, Frame, Line, Span, StyleName } from './view.ts';

const LABEL_WIDTH = 16;
const LONGEST_FIELD = 48;

const roomIn = ({ width }: Area) => Math.max(4, Math.min(LONGEST_FIELD, width - LABEL_WIDTH - 2));
const AGREEING =
  'Waiting until somebody agrees … ctrl-y copies the address with the code, esc leaves.';
/** Fields stand apart where there is room for that. */
const isLoose = (area: Area, count: number) => area.height >= 2 * count + 6;
const rowOf = (at: number, area: Area, count: number) => (isLoose(area, count) ? 1 + 2 * at : at);

/** Cells that fields need beside a picture. */
const BESIDE = LABEL_WIDTH + 20;
const GAP = 2;

/** The picture of a form, where an area has room for it and the fields. */
function shownPicture({ form }: FormScreen, { width, height }: Area): readonly string[] {
  const { picture = [] } = form;
  const isRoomy = width >= pictureWidth(picture) + BESIDE && height >= picture.length;
  return isRoomy ? picture : [];
}

const pictureWidth = ([first = '']: readonly string[]) => (first === '' ? 0 : first.length + GAP);

/** What is left of an area beside the picture. */
function besidePicture(screen: FormScreen, area: Area): Area {
  const taken = pictureWidth(shownPicture(screen, area));
  return { ...area, left: area.left + taken, width: area.width - taken };
}

/** The form in an area. */
export function formLines(screen: FormScreen, area: Area): readonly Line[] {
  const picture = shownPicture(screen, area);
  const isMissing = picture.length === 0 && screen.form.picture !== undefined;
  const own = fieldsAndRemarks(screen, besidePicture(screen, area));
  if (isMissing) {
    const remark = plainLine(' A larger window shows a QR code here.', 'dim');
    return [...own, remark].slice(0, area.height);
  }
  if (picture.length === 0) return own;
  return Array.from({ length: Math.max(picture.length, own.length) }, (_, row): Line => {
    const modules = picture[row];
    const left =
      modules === undefined ? span(' '.repeat(pictureWidth(picture) - GAP)) : span(modules, 'qr');
    return { spans: [left, span(' '.repeat(GAP)), ...(own[row]?.spans ?? [])] };
  });
}

function fieldsAndRemarks(screen: FormScreen, area: Area): readonly Line[] {
  const fields = fieldsOf(screen.form);
  const lines = fields.map((field, at) => fieldLine(field, at === screen.focus, area));
  const blank = plainLine('');
  const head = isLoose(area, fields.length)
    ? [blank, ...lines.flatMap((line) => [line, blank])]
    : lines;
  const width = Math.max(8, Math.min(area.width - 2, LABEL_WIDTH + LONGEST_FIELD));
  return [...head, ...remarkLines(screen, width)].slice(0, area.height);
}

function remarkLines(screen: FormScreen, width: number): readonly Line[] {
  const { form, sending, problem, invitation } = screen;
  const folded = (text: string, style: StyleName): readonly Line[] =>
    foldWords(printable(text), width).map((row) => plainLine(` ${row}`, style));
  const values = valuesOf(form);
  if (invitation !== undefined) {
    return [
      ...folded(`Open ${invitation.address} in a browser`, 'accent'),
      ...folded(`and enter ${invitation.userCode} there.`, 'accent'),
      ...folded(AGREEING, 'pending'),
    ];
  }
  if (sending !== undefined) {
    return folded(form.waiting?.(values) ?? 'asking the server …', 'pending');
  }
  const facts = (form.facts ?? []).flatMap((fact) => [
    plainLine(''),
    ...folded(fact, 'plain'),
    plainLine(''),
  ]);
  if (problem !== undefined) return [...folded(problem, 'error'), ...facts];
  const lead = typeof form.lead === 'string' ? form.lead : form.lead(values);
  const warning = form.warning?.(values);
  return [
    ...(warning === undefined ? [] : folded(warning, 'warning')),
    ...facts,
    ...folded(lead, 'dim'),
  ];
}

function fieldLine(field: Field, isFocused: boolean, area: Area): Line {
  const label = cell(
    `${isFocused ? '> ' : '  '}${field.label}`,
    LABEL_WIDTH,
    isFocused ? 'accent' : 'dim',
  );
  const spans = field.kind === 'choice' ? choiceSpans(field, isFocused, area) : [];
  if (field.kind === 'choice') return { spans: [label, ...spans] };
  const { text } = visiblePart(shownLine(field), roomIn(area));
  const box = span(cell(text, roomIn(area)).text, isFocused ? 'marked' : 'bar');
  return { spans: [label, box] };
}

const shownLine = ({ kind, line }: Exclude<Field, { kind: 'choice' }>): TextLine =>
  kind === 'secret' ? { ...line, text: '*'.repeat(line.text.length) } : line;

function choiceSpans(
  { options, at, find }: Extract<Field, { kind: 'choice' }>,
  isFocused: boolean,
  area: Area,
): readonly Span[] {
  const label = printable(options[at]?.label ?? 'nobody is left to choose');
  const place = options.length > 1 ? `  ${at + 1} of ${options.length}` : '';
  const found = find === '' ? '' : `  /${printable(find)}`;
  const hint = isFocused && options.length > 1 ? '  left/right, or type a name' : '';
  const room = Math.max(4, area.width - LABEL_WIDTH - label.length - 4);
  return [
    span(`[${label}]`, isFocused ? 'selected' : 'bold'),
    cell(`${place}${found === '' ? hint : found}`, room, 'dim'),
  ];
}

/** The cell of the terminal's cursor; none in a choice or while the form is on its way. */
export function filledCaret(screen: FormScreen, whole: Area): Frame['cursor'] {
  const area = besidePicture(screen, whole);
  const field = focusedField(screen);
  const top = area.top + rowOf(screen.focus, area, fieldsOf(screen.form).length);
  const isOff = field === undefined || field.kind === 'choice' || screen.sending !== undefined;
  if (isOff || top >= area.top + area.height) return undefined;
  const { caret } = visiblePart(shownLine(field), roomIn(area));
  return { top, left: area.left + Math.min(area.width - 1, LABEL_WIDTH + caret) };
}
