/** The conversation that turns the address of a server into a saved, signed-in context; without a prompt it asks nothing. */
import { parseFingerprint } from '../client/accepted-fingerprint.ts';
import type { Context, Credential, ServerContext } from '../client/context-shape.ts';
import { readContexts, saveContext } from '../client/contexts.ts';
import { hasProvider } from '../client/provider-sign-in.ts';
import { parseServerAddress, type ServerAddress } from '../client/server-address.ts';
import type { ServerReach } from '../client/server-call.ts';
import { probeServer } from '../client/server-probe.ts';
import {
  createAdministrator,
  hasAdministrator,
  type Login,
  signIn,
  signInWithKey,
  signOut,
} from '../client/sign-in.ts';
import { Fault } from '../protocol/fault.ts';
import { printable } from './format/width.ts';
import { sameServer } from './same-server.ts';
import type { Prompt } from './terminal-prompt.ts';

export interface SignInWishes {
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** An API key made on the server (ptr_…), instead of user name and password. */
  readonly apiKey?: string | undefined;
  /** By the server's OIDC provider. */
  readonly byProvider?: boolean | undefined;
  /** Tells the person where to agree; there may be one without a prompt. */
  readonly say?: ((sentence: string) => void) | undefined;
  /** Name of the context. */
  readonly name?: string | undefined;
  readonly trust?: string | undefined;
  /** Whether `fleet-tui` opens it by itself from now on; when there is no current context yet, it does anyway. */
  readonly makeCurrent: boolean;
}

const PASSWORD_ATTEMPTS = 3;
const CODE_ATTEMPTS = 3;
/** Each step to the server has deadlines of its own; a person who compares fingerprints has none. */
const NEVER = new AbortController().signal;

interface Met {
  readonly reach: ServerReach;
  /** A genuine one, which is opened without a feed. */
  readonly isPortainer: boolean;
}

/** Asks only when there is a prompt: the fingerprint is what a person compares with the server's log. */
async function establishTrust(wanted: ServerReach, prompt: Prompt | undefined): Promise<Met> {
  const probed = await probeServer(wanted);
  if (!('fault' in probed)) {
    const reach = probed.trustedBy === 'pin' ? wanted : { ...wanted, pin: undefined };
    return { reach, isPortainer: probed.product === 'portainer' };
  }
  if (!prompt || wanted.pin !== undefined) throw probed.fault;
  prompt.say(`${wanted.address.where} shows a certificate that this machine does not know.`);
  prompt.say(`Fingerprint: ${probed.fingerprint}`);
  const answer = await prompt.ask('Is that the one in the log of your server? [y/N] ');
  if (!/^y(es)?$/i.test(answer)) throw new Fault('cancelled', 'Nothing was done.');
  const accepted = { ...wanted, pin: probed.fingerprint };
  return await establishTrust(accepted, undefined);
}

/** Every way of proving who one is that the wishes or the prompt offer. */
async function signedIn(
  { reach, isPortainer }: Met,
  wishes: SignInWishes,
  prompt: Prompt | undefined,
): Promise<Credential> {
  const { apiKey, password } = wishes;
  if (apiKey !== undefined) return await signInWithKey(reach, apiKey);
  if (wishes.byProvider) return await byProvider(reach, wishes, prompt);
  const mayCreate = prompt && !isPortainer && password === undefined;
  if (mayCreate && !(await hasAdministrator(reach))) return await createFirstAccount(reach, prompt);
  const isAsked = prompt !== undefined && wishes.username === undefined;
  if (!isAsked || isPortainer || !(await hasProvider(reach))) {
    return await signInWithPassword(reach, wishes, prompt);
  }
  const username = await prompt.ask('User name (empty: by the OIDC provider): ');
  return username === ''
    ? await byProvider(reach, wishes, prompt)
    : await signInWithPassword(reach, { ...wishes, username }, prompt);
}

/** Says where to agree, and waits. */
async function byProvider(
  reach: ServerReach,
  { say }: SignInWishes,
  prompt: Prompt | undefined,
): Promise<Credential> {
  const { signInByProvider } = await import('../client/provider-sign-in.ts');
  const tell = (sentence: string) => (prompt ? prompt.say(sentence) : say?.(sentence));
  return await signInByProvider(reach, ({ address, userCode, completeAddress }) => {
    tell(`Open ${printable(address)} in a browser and enter ${printable(userCode)} there,`);
    if (completeAddress !== address) tell(`or open ${printable(completeAddress)}`);
    tell('Waiting until somebody agrees; ctrl-c gives up.');
  });
}

/** Tries, and asks for the code of the second factor where the server does. */
export async function withCodeAsked<Done>(
  prompt: Prompt | undefined,
  attempt: (code: { readonly code?: string }) => Promise<Done>,
): Promise<Done> {
  for (let count = 0, given: { code?: string } = {}; ; count += 1) {
    try {
      return await attempt(given);
    } catch (error) {
      const isMissing = error instanceof Fault && error.code === 'second-factor';
      if (!isMissing || count === CODE_ATTEMPTS) throw error;
      if (!prompt)
        throw new Fault(error.code, `${error.message} Without a person there, use an API key.`);
      if (count > 0) prompt.say(error.message);
      given = { code: await prompt.ask('Code of your authenticator app, or a recovery code: ') };
    }
  }
}

async function createFirstAccount(reach: ServerReach, prompt: Prompt): Promise<Credential> {
  prompt.say('This server has no administrator yet; you create it now.');
  const username = (await prompt.ask('User name [admin]: ')) || 'admin';
  const password = await prompt.askHidden('Password (12 characters or more): ');
  if ((await prompt.askHidden('The same again: ')) !== password) {
    prompt.say('These two differ.');
    return await createFirstAccount(reach, prompt);
  }
  try {
    await createAdministrator(reach, { username, password });
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'bad-request') throw error;
    prompt.say(error.message);
    return await createFirstAccount(reach, prompt);
  }
  return await signIn(reach, { username, password });
}

function missing(address: ServerAddress): Fault {
  return new Fault(
    'unauthorized',
    `Nobody is signed in to ${address.url}; sign in on a terminal with fleet-tui login ${address.url}, or give --username and --password-file, --key-file or --oidc.`,
  );
}

async function signInWithPassword(
  reach: ServerReach,
  wishes: SignInWishes,
  prompt: Prompt | undefined,
): Promise<Credential> {
  const username = wishes.username ?? (await prompt?.ask('User name: '));
  const asUser = (password: string) =>
    withCodeAsked(prompt, (code) =>
      signInOrEnrol(reach, { username: username ?? '', password, ...code }, prompt),
    );
  if (username && wishes.password !== undefined) return await asUser(wishes.password);
  if (!prompt || !username) throw missing(reach.address);
  for (let attempt = 1; ; attempt += 1) {
    const password = await prompt.askHidden(`Password of ${username}: `);
    try {
      return await asUser(password);
    } catch (error) {
      const isWrong = error instanceof Fault && error.code === 'wrong-password';
      if (!isWrong || attempt === PASSWORD_ATTEMPTS) throw error;
      prompt.say(error.message);
    }
  }
}

/** Signs in; where the server requires a second factor that the account has not, it is turned on first. */
async function signInOrEnrol(
  reach: ServerReach,
  login: Login,
  prompt: Prompt | undefined,
): Promise<Credential> {
  try {
    return await signIn(reach, login);
  } catch (error) {
    const isDue = error instanceof Fault && error.code === 'second-factor-due';
    if (!isDue || prompt === undefined) throw error;
    prompt.say(`${reach.address.where} requires a second factor of this account.`);
    const [{ OwnAccount }, { turnOnFactor }] = await Promise.all([
      import('../client/own-account.ts'),
      import('./enrol-factor.ts'),
    ]);
    await using account = await OwnAccount.open(reach, login);
    await turnOnFactor(account, prompt);
    return await account.signIn();
  }
}

/** The host's name, unless another server has it already. */
function freeName(address: ServerAddress, contexts: readonly Context[]): string {
  const same = contexts.find((context) => sameServer(context, address));
  if (same) return same.name;
  const short = address.host.replaceAll(':', '-').replace(/^[^A-Za-z0-9]+/, '') || 'server';
  const taken = (name: string) => contexts.some((context) => context.name === name);
  return taken(short) ? `${short}-${address.port}` : short;
}

/** Best effort: the key of a sign-in that is being replaced would stay valid for ever. */
async function revoke(reach: ServerReach, context: Context | undefined): Promise<void> {
  if (context?.kind !== 'server' || !context.credential) return;
  await signOut(reach, context.credential).catch(() => undefined);
}

/** Probes, establishes trust, signs in and saves the context; every way it can fail is a Fault with a sentence. */
export async function signInToServer(
  wishes: SignInWishes,
  prompt: Prompt | undefined,
): Promise<ServerContext> {
  const address = parseServerAddress(wishes.url);
  const { contexts, current } = await readContexts();
  const known = contexts.find((context) => sameServer(context, address));
  const accepted = known?.kind === 'server' ? known.fingerprint : undefined;
  const pin = wishes.trust === undefined ? accepted : parseFingerprint(wishes.trust);
  const met = await establishTrust({ address, pin, signal: NEVER }, prompt);
  const { reach, isPortainer } = met;
  const credential = await signedIn(met, wishes, prompt);
  const name = wishes.name ?? freeName(address, contexts);
  const replaced = contexts.find((context) => context.name === name);
  if (replaced && sameServer(replaced, address)) await revoke(reach, replaced);
  const context: ServerContext = {
    kind: 'server',
    name,
    url: address.url,
    credential,
    ...(isPortainer ? { product: 'portainer' } : {}),
    ...(reach.pin === undefined ? {} : { fingerprint: reach.pin }),
  };
  await saveContext(context, { makeCurrent: wishes.makeCurrent || current === null });
  return context;
}
