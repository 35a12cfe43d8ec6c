/** Keys of a form, and of what is shown of a new API key. */
import type { Binding } from '../model/binding.ts';
import type { Intent } from '../model/event.ts';
import { focusedField } from '../model/form.ts';
import type { Screen } from '../model/screen.ts';
import { type AppState, topScreen } from '../model/state.ts';
import { FIELD_KEYS, NOT_TEXT_KEYS } from './keys-environments.ts';
import { GLOBAL_KEYS, MOVEMENT_KEYS } from './keys-global.ts';

const always = (intent: Intent) => () => intent;

const choose =
  (by: 1 | -1): Binding['press'] =>
  (state) => {
    const screen = topScreen(state);
    const isChoice = screen.kind === 'form' && focusedField(screen)?.kind === 'choice';
    return isChoice ? { kind: 'choose', by } : 'there is nothing to choose in this field';
  };

function submitHint(state: AppState): string {
  const screen = topScreen(state);
  return screen.kind === 'form' && screen.form.isSentAtOnce ? screen.form.submitLabel : 'go on';
}

export const FILLED_FORM_KEYS: readonly Binding[] = [
  {
    action: 'submit',
    keys: ['enter'],
    label: 'go on: what will happen is shown first; a new environment is added at once',
    hint: submitHint,
    group: 'form',
    press: always({ kind: 'submit' }),
  },
  ...FIELD_KEYS,
  {
    action: 'next-option',
    keys: ['right', 'space'],
    label: 'the next one of a choice; its name can be typed too',
    hint: 'choose',
    group: 'form',
    press: choose(1),
  },
  {
    action: 'previous-option',
    keys: ['left'],
    label: 'the one before',
    group: 'form',
    press: choose(-1),
  },
  {
    action: 'copy',
    keys: ['ctrl-y'],
    label: 'copy the address at which to agree with a sign-in by the OIDC provider (OSC 52)',
    group: 'form',
    press: (state) => {
      const screen = topScreen(state);
      const isWaiting = screen.kind === 'form' && screen.invitation !== undefined;
      return isWaiting ? { kind: 'copy' } : 'no sign-in by the OIDC provider waits';
    },
  },
  ...NOT_TEXT_KEYS,
];

/** Of what is shown once. */
const copyKey = (label: string, textOf: (screen: Screen) => string | undefined): Binding => ({
  action: 'copy',
  keys: ['c'],
  label,
  hint: 'copy',
  group: 'look',
  press: (state) => {
    const text = textOf(topScreen(state));
    return text === undefined ? 'nothing is shown to be copied' : { kind: 'copy-text', text };
  },
});

export const KEY_MADE_KEYS: readonly Binding[] = [
  copyKey('copy the key (OSC 52)', (screen) =>
    screen.kind === 'key-made' ? screen.secret : undefined,
  ),
  ...MOVEMENT_KEYS,
  ...GLOBAL_KEYS,
];

export const RECOVERY_KEYS: readonly Binding[] = [
  copyKey('copy the codes (OSC 52)', (screen) =>
    screen.kind === 'recovery-codes' ? screen.codes.join('\n') : undefined,
  ),
  ...MOVEMENT_KEYS,
  ...GLOBAL_KEYS,
];
