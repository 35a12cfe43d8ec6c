/** The last line: the keys that mean something now, from the bindings, so that it can't drift from what they do. */

import { textWidth } from '../format/width.ts';
import { hintOf } from '../model/binding.ts';
import { type AppState, topScreen } from '../model/state.ts';
import { span } from './cells.ts';
import { bindingsOf } from './keymap.ts';
import { pressOf } from './press.ts';
import type { Line, Span } from './view.ts';

interface Hint {
  readonly action: string;
  readonly key: string;
  readonly words: string;
}

/** As many hints as fit, help always among them. */
export function hintsLine(state: AppState): Line {
  const hinted = bindingsOf(state, topScreen(state).kind).flatMap((binding): readonly Hint[] => {
    const { action, keys } = binding;
    const [key] = keys;
    const words = hintOf(binding, state);
    if (words === undefined || key === undefined) return [];
    return typeof pressOf(state, binding) === 'string' ? [] : [{ action, key, words }];
  });
  const help = hinted.filter(({ action }) => action === 'help');
  let room = state.size.width - help.reduce((sum, hint) => sum + widthOf(hint), 0);
  const shown: Hint[] = [];
  for (const hint of hinted) {
    if (hint.action === 'help' || widthOf(hint) > room) continue;
    room -= widthOf(hint);
    shown.push(hint);
  }
  return { spans: [...shown, ...help].flatMap(hintSpans) };
}

function hintSpans({ key, words }: Hint): readonly Span[] {
  return [span(` ${key}`, 'key'), span(` ${words} `, 'dim')];
}

function widthOf(hint: Hint): number {
  return hintSpans(hint).reduce((sum, part) => sum + textWidth(part.text), 0);
}
