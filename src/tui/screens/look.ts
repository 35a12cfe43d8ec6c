/** The skin and the mouse as the state has them, a skin that is being chosen on the command line included. */
import type { Command } from '../model/binding.ts';
import { SKIN_NAMES, type SkinName } from '../model/skin-names.ts';
import type { AppState } from '../model/state.ts';
import type { Look } from './view.ts';

const names: readonly string[] = SKIN_NAMES;

function isSkin(name: string): name is SkinName {
  return names.includes(name);
}

/** What the terminal is told with each frame. */
export function lookOf({ settings, prompt }: AppState): Look {
  const { skin, hasMouse } = settings;
  const typed = prompt?.kind === 'command' ? /^\s*skin\s+(\S+)\s*$/u.exec(prompt.text)?.[1] : '';
  const name = typed !== undefined && isSkin(typed) ? typed : skin.name;
  return { skin: name === skin.name ? skin : { ...skin, name }, hasMouse };
}

/** `:skin NAME` */
export const SKIN_COMMAND: Command = {
  names: ['skin'],
  argument: 'NAME',
  completes: ['skin'],
  label: 'another skin: it shows while it is chosen with tab, enter keeps it in config.json',
  run: ({ settings }, name) => {
    if (isSkin(name)) return { kind: 'skin', name };
    const known = SKIN_NAMES.join(', ');
    const wrong = name === '' ? '' : `There is no skin ${name}. `;
    return `${wrong}It is ${settings.skin.name} now; there are ${known}.`;
  },
};
