/** `fleet-tui password` and `fleet-tui second-factor`: a conversation on the plain terminal about the own account at a server. */
import type { ServerContext } from '../client/context-shape.ts';
import { OwnAccount } from '../client/own-account.ts';
import { parseServerAddress } from '../client/server-address.ts';
import type { ServerReach } from '../client/server-call.ts';
import { Fault } from '../protocol/fault.ts';
import { askAgain, sayCodes, turnOnFactor } from './enrol-factor.ts';
import { printable } from './format/width.ts';
import type { AccountDeed } from './model/account-event.ts';
import { withCodeAsked } from './server-sign-in.ts';
import type { Prompt } from './terminal-prompt.ts';

/** Each step to the server has deadlines of its own; a person who looks for a phone has none. */
const NEVER = new AbortController().signal;

/** Resolves when it is done; every way it can fail is a Fault with a sentence. */
export async function changeOwnAccount(
  deed: AccountDeed,
  context: ServerContext,
  prompt: Prompt,
): Promise<void> {
  const address = parseServerAddress(context.url);
  const reach: ServerReach = { address, pin: context.fingerprint, signal: NEVER };
  await using account = await signedIn(reach, context.credential?.username, prompt);
  switch (deed) {
    case 'password':
      return await changePassword(account, prompt);
    case 'second-factor-on':
      return await turnOnFactor(account, prompt);
    case 'second-factor-off':
      await askAgain(prompt, NEXT_CODE, (code) => account.removeFactor(code));
      return prompt.say('The second factor is off: the password alone signs in.');
    case 'recovery-codes':
      return sayCodes(
        prompt,
        await askAgain(prompt, NEXT_CODE, (code) => account.renewCodes(code)),
      );
  }
}

const NEXT_CODE = 'The next code of your authenticator app, or a recovery code: ';

async function signedIn(
  reach: ServerReach,
  known: string | undefined,
  prompt: Prompt,
): Promise<OwnAccount> {
  const username = known ?? (await prompt.ask('User name: '));
  const password = await prompt.askHidden(`Password of ${printable(username)}: `);
  return await withCodeAsked(prompt, (code) =>
    OwnAccount.open(reach, { username, password, ...code }),
  );
}

async function changePassword(account: OwnAccount, prompt: Prompt): Promise<void> {
  for (;;) {
    const password = await prompt.askHidden('New password: ');
    if ((await prompt.askHidden('The same again: ')) !== password) {
      prompt.say('These two differ.');
      continue;
    }
    try {
      await account.changePassword(password);
      return prompt.say('Changed; every session has ended, API keys go on.');
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'bad-request') throw error;
      prompt.say(error.message);
    }
  }
}
