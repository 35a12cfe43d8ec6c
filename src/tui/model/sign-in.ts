/** The form that a refused sign-in opens. What is secret lives in it and goes with it. */
import {
  CODE,
  choiceField,
  type Field,
  type FilledForm,
  type FormDeed,
  type FormMisread,
  type FormScreen,
  type FormValues,
  type Option,
  openedForm,
  secretField,
  textField,
  withFocusOn,
} from './form.ts';
import type { Screen } from './screen.ts';

const WAYS: readonly Option[] = [
  { label: 'password', value: 'password' },
  { label: 'API key', value: 'key' },
  { label: 'OIDC provider', value: 'provider' },
];

const REFUSED =
  'The server does not accept the saved key of this console any more: it was revoked, or its account is gone.';
const GOES_ON = 'what is open goes on where it was. esc leaves, :login comes back.';

const only = (way: string, field: Field): Field => ({ ...field, onlyWith: ['way', way] });

/** The form for this user, whose password is missing; it appears by itself. */
export function signInForm(serverUrl: string, username: string, nowMs: number): FormScreen {
  const form: FilledForm = {
    title: `sign in to ${serverUrl}`,
    submitLabel: 'sign in',
    lead: ({ way }) => LEADS[way ?? ''] ?? `A new key is made and kept; ${GOES_ON}`,
    warning: () => REFUSED,
    waiting: () => 'Signing in …',
    isSentAtOnce: true,
    stop: 'stop-sign-in',
    fields: [
      choiceField('way', 'by', WAYS),
      // Another user may have no second factor: the server is asked anew.
      only('password', { ...textField('username', 'user', username), drops: CODE }),
      only('password', secretField('password', 'password')),
      only('key', secretField('key', 'API key')),
    ],
    read,
  };
  const opened = { ...openedForm(form), openedAtMs: nowMs };
  return withFocusOn(opened, username === '' ? 'username' : 'password');
}

const LEADS: Readonly<Record<string, string>> = {
  key: `A key that somebody made on the server (ptr_…) is kept instead of the old one; ${GOES_ON}`,
  provider: `enter asks the OIDC provider of the server, which says how you agree in a browser; ${GOES_ON}`,
};

const EMPTY: Readonly<Record<string, string>> = {
  username: 'Type the name of your account.',
  password: 'Type its password.',
  [CODE]: 'Type the code of your second factor.',
  key: 'Type or paste the API key.',
};

function read(values: FormValues): FormDeed | FormMisread {
  const trimmed = (name: string) => (values[name] ?? '').trim();
  const missing = (...names: readonly string[]): FormMisread | undefined => {
    const field = names.find((name) => values[name] !== undefined && trimmed(name) === '');
    return field === undefined ? undefined : { field, sentence: EMPTY[field] ?? '' };
  };
  switch (values['way']) {
    case 'provider':
      return { kind: 'provider-sign-in' };
    case 'key':
      return missing('key') ?? { kind: 'key-sign-in', key: trimmed('key') };
    default: {
      const login = { username: trimmed('username'), password: values['password'] ?? '' };
      const deed = { kind: 'sign-in', ...login, code: trimmed(CODE) } as const;
      return missing('username', 'password', CODE) ?? deed;
    }
  }
}

/** Whether a screen is this form, or what it leads through. */
export const isSignIn = (screen: Screen): screen is FormScreen =>
  screen.kind === 'form' && screen.form.stop === 'stop-sign-in';
