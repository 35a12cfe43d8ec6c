/** The last line: the keys that mean something now, from the bindings, so that it can't drift from what they do. */

import { textWidth } from '../format/width.ts';
import type { Binding } from '../model/binding.ts';
import { type AppState, topScreen } from '../model/state.ts';
import { span } from './cells.ts';
import { bindingsOf } from './keymap.ts';
import { pressOf } from './press.ts';
import type { Line, Span } from './view.ts';

/** As many hints as fit, help always among them. */
export function hintsLine(state: AppState): Line {
  const hinted = bindingsOf(state, topScreen(state).kind).filter(
    (binding) =>
      binding.hint !== undefined &&
      binding.keys.length > 0 &&
      typeof pressOf(state, binding) !== 'string',
  );
  const help = hinted.filter((binding) => binding.action === 'help');
  const others = hinted.filter((binding) => binding.action !== 'help');
  let room = state.size.width - help.reduce((sum, binding) => sum + widthOf(binding), 0);
  const shown: Binding[] = [];
  for (const binding of others) {
    if (widthOf(binding) > room) continue;
    room -= widthOf(binding);
    shown.push(binding);
  }
  return { spans: [...shown, ...help].flatMap(hintSpans) };
}

function hintSpans(binding: Binding): readonly Span[] {
  return [span(` ${binding.keys[0]}`, 'key'), span(` ${binding.hint} `, 'dim')];
}

function widthOf(binding: Binding): number {
  return hintSpans(binding).reduce((sum, part) => sum + textWidth(part.text), 0);
}
