/** Turning on a second factor in a conversation on the plain terminal: a QR code, a code to confirm it, recovery codes. */
import { renderUnicodeCompact } from 'uqr';
import type { OwnAccount } from '../client/own-account.ts';
import { Fault } from '../protocol/fault.ts';
import { printable } from './format/width.ts';
import type { Prompt } from './terminal-prompt.ts';

const ATTEMPTS = 3;
/** Black on white whatever the terminal's own colours are: phones read nothing else well. */
const INK = '\x1b[97;40m';
const PLAIN = '\x1b[0m';

/** Asks and tries, and says what was wrong before it asks again. */
export async function askAgain<Done>(
  prompt: Prompt,
  question: string,
  attempt: (text: string) => Promise<Done>,
): Promise<Done> {
  for (let count = 1; ; count += 1) {
    const text = await prompt.ask(question);
    try {
      return await attempt(text);
    } catch (error) {
      const isTyped = error instanceof Fault && error.code === 'bad-request';
      if (!isTyped || count === ATTEMPTS) throw error;
      prompt.say(error.message);
    }
  }
}

/** Fault conflict where it is on already. */
export async function turnOnFactor(account: OwnAccount, prompt: Prompt): Promise<void> {
  if (await account.hasFactor()) {
    throw new Fault('conflict', 'The second factor is on already: fleet-tui second-factor off');
  }
  const { url, secret } = await account.beginFactor();
  const rows = renderUnicodeCompact(url, { border: 1 }).split('\n');
  for (const row of rows) prompt.draw(`${INK}${row}${PLAIN}`);
  prompt.say('Scan this with your authenticator app, or type into it:');
  prompt.say(`  ${printable(secret.match(/.{1,4}/g)?.join(' ') ?? '')}`);
  sayCodes(prompt, await askAgain(prompt, 'Its code: ', (code) => account.confirmFactor(code)));
  prompt.say('The second factor is on: signing in asks for a code from now on.');
}

/** Recovery codes, as a person shall keep them. */
export function sayCodes(prompt: Prompt, codes: readonly string[]): void {
  prompt.say('Recovery codes, each good once, for when the app is lost. They are told only now:');
  for (const code of codes) prompt.say(`  ${printable(code)}`);
}
