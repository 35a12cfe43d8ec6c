/**
 * What a screen hands to the widgets: blocks of styled lines at places, already cut to what is visible.
 * Widgets are told and never asked; they get a window, never a collection.
 */

/** The closed set of looks; widgets/palette.ts maps each to a terminal's colours (256, 16, none). */
export type StyleName =
  | 'plain'
  | 'dim'
  | 'bold'
  | 'accent'
  | 'title'
  | 'head'
  | 'selected'
  | 'marked'
  | 'problem'
  | 'warning'
  | 'pending'
  | 'nodata'
  | 'match'
  | 'key'
  | 'error'
  | 'bar'
  /** White on black in every skin, as phones read a QR code. */
  | 'qr'
  /** What a log coloured itself, and the labels of its sources. */
  | 'red'
  | 'green'
  | 'yellow'
  | 'blue'
  | 'magenta'
  | 'cyan';

export interface Span {
  /** Printable text only: no control characters, no escape sequences, no tabs. */
  readonly text: string;
  readonly style?: StyleName;
}

export interface Line {
  readonly spans: readonly Span[];
  /** The look of the whole row, the rest of the width included; a span's own style lies over it. */
  readonly fill?: StyleName;
}

/** In cells of the terminal, from 0,0 at the top left. */
export interface Area {
  readonly top: number;
  readonly left: number;
  readonly width: number;
  readonly height: number;
}

export interface ChartSeries {
  readonly style: StyleName;
  /** From left to right, as many as the chart has labels. */
  readonly values: readonly number[];
}

/** Lines over time: data only, whoever draws them knows how. */
export interface Chart {
  readonly series: readonly ChartSeries[];
  /** One for each value; those that fit are shown. */
  readonly labels: readonly string[];
  /** Of the values, shown at the axis. */
  readonly unit: string;
  /** The upper end of the axis, above 0; the lower one is 0. */
  readonly most: number;
}

export interface Block {
  /** Stable from frame to frame: the widget behind it is kept. */
  readonly id: string;
  readonly area: Area;
  /** At most `area.height` lines (less the border); missing ones are blank; longer ones are cut with an ellipsis. */
  readonly lines: readonly Line[];
  /** A frame around it, inside the area, with its title in the upper edge. */
  readonly border?: { readonly title: string; readonly style?: StyleName };
  /** Drawn in place of the lines. */
  readonly chart?: Chart;
}

/** What the terminal is told beside the picture. */
export interface Look {
  readonly skin: { readonly name: string; readonly colors: Readonly<Record<string, number>> };
  /** Whether the terminal shall report the mouse. */
  readonly hasMouse: boolean;
}

/** One thing to be said to a reader of lines. */
export interface SpokenLine {
  /** Known by it from one time to the next. */
  readonly id: string;
  readonly text: string;
  /** It is said again when this has changed; the text itself when absent. */
  readonly same?: string;
}

/** What a reader of lines is told in place of a picture. */
export interface Spoken {
  /** Each said when it has changed. */
  readonly facts: readonly SpokenLine[];
  /** Lines of a text, a log or a question: said when they are new. */
  readonly lines: readonly SpokenLine[];
  /** What is under the cursor, said last. */
  readonly row?: SpokenLine;
  /** What is being typed: echoed, and nothing else is said meanwhile. */
  readonly typed?: { readonly label: string; readonly text: string };
}

export interface Frame {
  /** For a reader of lines; then the blocks are not drawn. */
  readonly spoken?: Spoken;
  /** As it was before when absent. */
  readonly look?: Look;
  /** Painted in this order: a dialog comes last and covers what lies under it. */
  readonly blocks: readonly Block[];
  /** Where the terminal's cursor shows (a prompt); hidden when absent. */
  readonly cursor?: { readonly top: number; readonly left: number };
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export function line(...spans: readonly (Span | string)[]): Line {
  return { spans: spans.map((span) => (typeof span === 'string' ? { text: span } : span)) };
}
