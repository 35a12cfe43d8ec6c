/** `:why KEY`: what a key would do here, and why it is off now. */
import type { Command } from '../model/binding.ts';
import { type AppState, topScreen } from '../model/state.ts';
import { bindingsOf } from './keymap.ts';
import { pressOf } from './press.ts';

function whySentence(state: AppState, argument: string): string {
  if (argument === '') return ':why needs a key or the name of an action: :why ctrl-r.';
  const { kind } = topScreen(state);
  const binding = bindingsOf(state, kind).find(
    ({ action, keys }) => keys.includes(argument) || action === argument,
  );
  if (!binding) return `${argument} means nothing here; ? lists the keys.`;
  const [verb = ''] = binding.label.split(/[:;]/u);
  const pressed = pressOf(state, binding);
  const name = binding.keys.includes(argument) ? argument : (binding.keys[0] ?? argument);
  return typeof pressed === 'string'
    ? `${name} (${verb}) is off now: ${pressed}.`
    : `${name} (${verb}) can be done now.`;
}

export const WHY_COMMAND: Command = {
  names: ['why'],
  argument: 'KEY',
  label: 'what a key would do here, and why it is off now',
  run: whySentence,
};
