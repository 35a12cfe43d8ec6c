/** The recovery codes of a new second factor, shown once: to be copied by `c`. */
import { printable } from '../format/width.ts';
import { foldWords } from '../format/wrap.ts';
import type { RecoveryCodesScreen } from '../model/factor-form.ts';
import { plainLine } from './cells.ts';
import type { Line } from './view.ts';

const WORDS =
  'Each of these codes signs in once in place of the app, for when it is lost. They are shown only now: copy them (c) and keep them where secrets are kept.';

/** All lines at a width; the caller shows a window of them. */
export function recoveryLines({ codes }: RecoveryCodesScreen, width: number): readonly Line[] {
  const words = foldWords(WORDS, Math.max(8, Math.min(width - 2, 100)));
  return [
    ...words.map((row) => plainLine(` ${row}`, 'warning')),
    plainLine(''),
    ...codes.map((code) => plainLine(`   ${printable(code)}`, 'plain')),
  ];
}
