/** What differs between two containers: beside each other where there is room, else below each other. */
import { formatThings } from '../format/amounts.ts';
import { cut, pad, printable } from '../format/width.ts';
import type { DiffScreen, DiffSide } from '../model/diff-view.ts';
import type { Difference, DiffSubject } from '../model/document-diff.ts';
import { plainLine, type Segment, span } from './cells.ts';
import type { Area, Line } from './view.ts';

/** From this width on the two sides stand beside each other. */
const BESIDE_FROM = 118;
/** Of a value, so much is looked at for one line. */
const MOST = 2_000;

/** One line to be, cheap to make: the text is formatted for the visible ones only. */
type Row =
  | { readonly kind: 'blank' }
  | { readonly kind: 'head'; readonly text: string }
  | { readonly kind: 'both' | 'name' | 'left' | 'right'; readonly of: Difference };

/** How many lines the view has at a width. */
export function diffHeight(screen: DiffScreen, width: number): number {
  return rowsOf(screen, width).length;
}

/** The visible lines. */
export function diffLines(screen: DiffScreen, area: Area): readonly Line[] {
  if (!screen.diff) return waitingLines(screen, area.width);
  const rows = rowsOf(screen, area.width).slice(screen.top, screen.top + area.height);
  return rows.map((row) => lineOf(row, screen, area.width));
}

function waitingLines({ left, right }: DiffScreen, width: number): readonly Line[] {
  return [left, right].map((side) => {
    const words = side.why ?? (side.document === undefined ? 'asking the engine …' : 'is there');
    const style = side.why === undefined ? 'pending' : 'error';
    return plainLine(cut(printable(`   ${side.title}: ${words}`), width), style);
  });
}

function shown({ diff, hasNoise }: DiffScreen): readonly Difference[] {
  const all = diff?.differences ?? [];
  return hasNoise ? all : all.filter(({ subject }) => subject !== 'noise');
}

const TITLES: Readonly<Record<DiffSubject, string>> = {
  image: 'Image',
  command: 'Command',
  variables: 'Variables (equal tags are equal values)',
  limits: 'Limits',
  mounts: 'Mounts',
  labels: 'Labels',
  networks: 'Networks',
  ports: 'Ports',
  other: 'Other settings',
  noise: 'Different between any two containers',
};

function rowsOf(screen: DiffScreen, width: number): readonly Row[] {
  const rows: Row[] = [];
  let subject: DiffSubject | undefined;
  for (const of of shown(screen)) {
    if (of.subject !== subject) {
      if (subject !== undefined) rows.push({ kind: 'blank' });
      subject = of.subject;
      rows.push({ kind: 'head', text: TITLES[subject] });
    }
    if (width >= BESIDE_FROM) rows.push({ kind: 'both', of });
    else rows.push({ kind: 'name', of }, { kind: 'left', of }, { kind: 'right', of });
  }
  if (rows.length === 0) rows.push({ kind: 'head', text: 'Nothing differs that matters.' });
  return rows;
}

const NAME_WIDTH = 30;

function lineOf(row: Row, screen: DiffScreen, width: number): Line {
  switch (row.kind) {
    case 'blank':
      return plainLine('');
    case 'head':
      return plainLine(` ${cut(row.text, width - 1)}`, 'title');
    case 'name':
      return plainLine(cut(`   ${name(row.of)}`, width));
    case 'left':
      return sideLine('-', row.of.left, screen.left, width);
    case 'right':
      return sideLine('+', row.of.right, screen.right, width);
    case 'both': {
      const room = Math.floor((width - NAME_WIDTH - 3) / 2) - 2;
      return {
        spans: [
          span(`   ${pad(name(row.of), NAME_WIDTH - 2)}  `),
          span(pad(valueText(row.of.left), room), styleOf(row.of.left, 'red')),
          span('  '),
          span(cut(valueText(row.of.right), room), styleOf(row.of.right, 'green')),
        ],
      };
    }
  }
}

const name = ({ name: text }: Difference): string => printable(text.slice(0, MOST));
const valueText = (text: string | undefined): string =>
  text === undefined ? 'not there' : printable(text.slice(0, MOST));
const styleOf = (text: string | undefined, style: 'red' | 'green') =>
  text === undefined ? 'dim' : style;

function sideLine(sign: '-' | '+', text: string | undefined, side: DiffSide, width: number): Line {
  const style = styleOf(text, sign === '-' ? 'red' : 'green');
  const where = text === undefined ? `not there: ${printable(side.title)}` : valueText(text);
  return { spans: [span(cut(`     ${sign} ${where}`, width), style)] };
}

/** The two titles, and how much differs. */
export function diffSegments(screen: DiffScreen) {
  const { left, right, diff, hasNoise } = screen;
  const noise = diff?.differences.filter(({ subject }) => subject === 'noise').length ?? 0;
  const titles: Segment[] = [
    { text: `- ${printable(left.title)}`, style: 'red', keep: 8 },
    { text: `+ ${printable(right.title)}`, style: 'green', keep: 8 },
  ];
  if (!diff) return { left: titles, right: [] };
  const facts: Segment[] = [
    { text: hasNoise || noise === 0 ? '' : `${noise} of noise hidden`, style: 'dim', keep: 3 },
    { text: `${diff.equal} equal`, style: 'dim', keep: 4 },
    { text: formatThings(shown(screen).length, 'difference'), style: 'accent', keep: 9 },
  ];
  return { left: titles, right: facts };
}
