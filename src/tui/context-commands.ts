/** `fleet-tui context ls|use|rm` and `logout`. */
import type { Context, ServerContext } from '../client/context-shape.ts';
import { contextNamed, readContexts, removeContext, saveContext } from '../client/contexts.ts';
import { parseServerAddress } from '../client/server-address.ts';
import { signOut } from '../client/sign-in.ts';
import { asFault, Fault } from '../protocol/fault.ts';
import { tableText } from './format/table-text.ts';

const REVOKE_DEADLINE_MS = 10_000;

function addressOf(context: Context): string {
  switch (context.kind) {
    case 'server':
      return context.url;
    case 'agent':
      return `${context.host}:${context.port}`;
    case 'docker':
      return context.address;
  }
}

function accountOf(context: Context): string {
  if (context.kind !== 'server') return '-';
  if (!context.credential) return 'signed out';
  return context.credential.username ?? 'signed in';
}

/** A table of the saved contexts, the current one marked with an asterisk. */
export async function listContexts(): Promise<string> {
  const { contexts, current } = await readContexts();
  if (contexts.length === 0) return 'No context is saved yet; fleet-tui login makes one.\n';
  const rows = contexts.map((context) => [
    context.name === current ? '*' : '',
    context.name,
    context.kind,
    addressOf(context),
    accountOf(context),
  ]);
  return tableText(['', 'NAME', 'KIND', 'ADDRESS', 'ACCOUNT'], rows);
}

async function revokeKey(context: ServerContext): Promise<string> {
  const address = parseServerAddress(context.url);
  if (!context.credential) return `Nobody was signed in to ${address.url}.`;
  const signal = AbortSignal.timeout(REVOKE_DEADLINE_MS);
  try {
    await signOut({ address, pin: context.fingerprint, signal }, context.credential);
    return `Signed out of ${address.url}.`;
  } catch (error) {
    const { message } = asFault(error, 'internal', 'It could not be revoked.');
    return `This console forgot its key, but the server still accepts it: ${message}`;
  }
}

/** Revokes the API key of a context and forgets it here in any case; a sentence that says which of the two happened. */
export async function logOut(name: string | undefined): Promise<string> {
  const book = await readContexts();
  const wanted = name ?? book.current;
  if (wanted === null)
    throw new Fault('bad-settings', 'There is no current context; name one: fleet-tui logout NAME');
  const context = contextNamed(book, wanted);
  if (context.kind !== 'server')
    throw new Fault(
      'bad-settings',
      `The context ${wanted} has no sign-in; fleet-tui context rm ${wanted} forgets it.`,
    );
  const sentence = await revokeKey(context);
  const { credential: _, ...signedOut } = context;
  await saveContext(signedOut, { makeCurrent: book.current === wanted });
  return sentence;
}

/** Forgets a context and revokes its API key, if the server can be reached. */
export async function forgetContext(name: string): Promise<string> {
  const context = contextNamed(await readContexts(), name);
  const sentence =
    context.kind === 'server' && context.credential ? ` ${await revokeKey(context)}` : '';
  await removeContext(name);
  return `Context ${name} is removed.${sentence}`;
}
