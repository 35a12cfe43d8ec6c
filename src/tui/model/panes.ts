/** Which pane of a list view has the keys, and how far the text in it is scrolled. */

/** The list itself, what is known of the object under its cursor, and the last lines it logged. */
export type Pane = 'list' | 'facts' | 'log';

export interface Panes {
  /** As the person chose; where it is not on the screen the list has the keys. */
  readonly focus: Pane;
  /** Rows of the facts scrolled away at the top. */
  readonly top: number;
  /** What the facts were of when they were scrolled: those of another object begin at their first row. */
  readonly of: string;
}

export const FRESH_PANES: Panes = { focus: 'list', top: 0, of: '' };
