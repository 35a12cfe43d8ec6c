/** Another skin, the mouse on or off, and what became of keeping it. */
import type { OutsideEvent } from '../model/event.ts';
import type { LookIntent } from '../model/look-event.ts';
import type { AppState, Step } from '../model/state.ts';
import { said, say } from './say.ts';

/** The step of another skin, which is kept; own colours stay over it. */
export function wearSkin(state: AppState, { name }: LookIntent): Step {
  const { skin } = state.settings;
  if (skin.name === name) return say(state, 'info', `The skin is ${name} already.`);
  const settings = { ...state.settings, skin: { ...skin, name } };
  const hasColors = Object.keys(skin.colors).length > 0;
  const told = `The skin is ${name}; :skin ${skin.name} brings back what was.`;
  const field = hasColors ? 'skin.base' : 'skin';
  const effects = [{ kind: 'keep-setting', name: field, value: name, told }] as const;
  return { state: { ...state, settings }, effects };
}

/** The state with the mouse captured, or left to the terminal again. */
export function flipMouse(state: AppState): AppState {
  const hasMouse = !state.settings.hasMouse;
  const told = hasMouse
    ? 'The mouse scrolls and selects here: click, double click opens; F12 gives it back.'
    : 'The mouse is the terminal’s again: it selects text.';
  return said({ ...state, settings: { ...state.settings, hasMouse } }, 'info', told);
}

/** The step of a setting that was written, or was not. */
export function onSettingKept(
  state: AppState,
  { told, outcome }: Extract<OutsideEvent, { kind: 'setting-kept' }>,
): Step {
  if ('path' in outcome) return say(state, 'done', `${told} Kept in ${outcome.path}.`);
  return say(state, 'warning', `${told} For this run only: ${outcome.why}`);
}
