/** A new API key, shown once: to be copied by `c`, and how it is used. */
import { printable } from '../format/width.ts';
import { foldText, foldWords } from '../format/wrap.ts';
import type { KeyMadeScreen } from '../model/key-made.ts';
import type { AppState } from '../model/state.ts';
import { plainLine } from './cells.ts';
import type { Line, StyleName } from './view.ts';

/** All lines at a width; the caller shows a window of them. */
export function keyMadeLines(
  { serverUrl }: AppState,
  { secret }: KeyMadeScreen,
  width: number,
): readonly Line[] {
  const room = Math.max(8, width - 2);
  const words = (text: string, style: StyleName): readonly Line[] =>
    foldWords(printable(text), room).map((row) => plainLine(` ${row}`, style));
  return [
    ...words(
      'The key is shown only this once: copy it (c) and keep it where secrets are kept.',
      'warning',
    ),
    plainLine(''),
    ...foldText(printable(secret), room).map((row) => plainLine(` ${row}`, 'plain')),
    plainLine(''),
    ...words(
      `Programs send it as the header X-API-KEY; fleet-tui login ${serverUrl ?? ''} --key-file FILE reads it from a file.`,
      'dim',
    ),
  ];
}
