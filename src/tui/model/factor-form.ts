/** Turning on a second factor that the server requires: the form for the first code, and the recovery codes that it answers. */
import { CODE, type FilledForm, textField } from './form.ts';

/** What is shown of a new second factor, only once. The codes live in their screen and go with it. */
export interface RecoveryCodesScreen {
  readonly kind: 'recovery-codes';
  readonly codes: readonly string[];
  readonly isCopied: boolean;
  readonly top: number;
}

/** `picture` is undefined where it can't be drawn. */
export const factorForm = (secret: string, picture: readonly string[] | undefined): FilledForm => ({
  title: 'turn on the second factor',
  submitLabel: 'turn on',
  warning: () => 'The server requires a second factor of your account.',
  facts: [secret.match(/.{1,4}/gu)?.join(' ') ?? ''],
  lead: 'Scan the QR code with an authenticator app, or type these letters into it; then type the code that it shows. esc leaves, and nothing is changed.',
  isSentAtOnce: true,
  stop: 'stop-sign-in',
  ...(picture && { picture }),
  fields: [textField(CODE, 'its code')],
  read: (values) => {
    const code = (values[CODE] ?? '').trim();
    if (code !== '') return { kind: 'confirm-factor', code };
    return { field: CODE, sentence: 'Type the six digits that the app shows.' };
  },
});
