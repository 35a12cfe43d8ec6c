/** Which fleet to open: what the flags name, else the current context, else this machine's engine, else what a person answers. */
import { parseFingerprint } from '../client/accepted-fingerprint.ts';
import { agentPlace, parseAgentAddress } from '../client/agent-address.ts';
import { agentFleet } from '../client/agent-fleet.ts';
import { contextFleet } from '../client/context-fleet.ts';
import type { Context, ContextBook, ServerContext } from '../client/context-shape.ts';
import { contextNamed } from '../client/contexts.ts';
import type { Fleet } from '../client/fleet.ts';
import { localFleet } from '../client/local-fleet.ts';
import type { CheckedFleet } from '../client/one-engine-fleet.ts';
import { parseServerAddress } from '../client/server-address.ts';
import { socketFleet } from '../client/socket-fleet.ts';
import { Fault } from '../protocol/fault.ts';
import type { Opening } from './commands/request.ts';
import { connectForm } from './connect-form.ts';
import { sameServer } from './same-server.ts';
import { readSecretFile } from './secret-file.ts';
import { signInToServer } from './server-sign-in.ts';
import { type Prompt, terminalPrompt } from './terminal-prompt.ts';

export interface Surroundings {
  readonly book: ContextBook;
  readonly env: NodeJS.ProcessEnv;
  /** Whether a person can be asked. */
  readonly isInteractive: boolean;
}

const CHECK_DEADLINE_MS = 15_000;

async function withPrompt<T>(
  around: Surroundings,
  talk: (prompt: Prompt | undefined) => Promise<T>,
): Promise<T> {
  if (!around.isInteractive) return await talk(undefined);
  using prompt = terminalPrompt();
  return await talk(prompt);
}

/** What was named on the command line must answer once before the screen opens; later failures are states on it. */
async function checked(fleet: CheckedFleet): Promise<Fleet> {
  try {
    await fleet.check(AbortSignal.timeout(CHECK_DEADLINE_MS));
    return fleet;
  } catch (error) {
    await fleet[Symbol.asyncDispose]();
    throw error;
  }
}

async function openAgent(
  agent: string,
  request: { readonly secretFile?: string; readonly trust: string | undefined },
  { book }: Surroundings,
): Promise<Fleet> {
  const address = parseAgentAddress(agent);
  const { secretFile, trust } = request;
  const saved = book.contexts.find(
    (context) => context.kind === 'agent' && agentPlace(context) === agentPlace(address),
  );
  const secret =
    secretFile === undefined
      ? saved?.kind === 'agent' && saved.secret
      : await readSecretFile(secretFile, 'secret');
  return await checked(await agentFleet({ ...address, trust, secret: secret || undefined }));
}

async function signedIn(
  known: ServerContext | undefined,
  wishes: { readonly url: string; readonly trust?: string | undefined },
  around: Surroundings,
): Promise<Fleet> {
  const isTrustNew = wishes.trust !== undefined && wishes.trust !== known?.fingerprint;
  if (known?.credential && !isTrustNew) return await contextFleet(known);
  const name = known?.name;
  const context = await withPrompt(around, (prompt) =>
    signInToServer({ ...wishes, name, makeCurrent: false }, prompt),
  );
  return await contextFleet(context);
}

async function openServer(
  url: string,
  trust: string | undefined,
  around: Surroundings,
): Promise<Fleet> {
  const address = parseServerAddress(url);
  const known = around.book.contexts.find((context) => sameServer(context, address));
  const wishes = { url: address.url, trust };
  return await signedIn(known?.kind === 'server' ? known : undefined, wishes, around);
}

async function openContext(context: Context, around: Surroundings): Promise<Fleet> {
  if (context.kind !== 'server') return await contextFleet(context);
  return await signedIn(context, { url: context.url }, around);
}

async function openWhatIsThere(around: Surroundings): Promise<Fleet> {
  const { book, env } = around;
  const current = book.contexts.find((context) => context.name === book.current);
  if (current) return await openContext(current, around);
  const local = await localFleet(env);
  if (!('tried' in local)) return local;
  const tried = local.tried.map((line) => `\n  ${line}`).join('');
  const sentence = `No Docker engine answers on this machine, and no server is saved. Tried:${tried}`;
  return await withPrompt(around, async (prompt) => {
    if (!prompt) throw new Fault('no-engine', sentence);
    prompt.say(`${sentence}\n`);
    return await contextFleet(await connectForm(prompt));
  });
}

/** The fleet, not yet watched; asks on the terminal where something is missing and somebody is there to answer. */
export async function openFleet(request: Opening, around: Surroundings): Promise<Fleet> {
  const { server, agent, docker, context } = request;
  const trust = request.trust === undefined ? undefined : parseFingerprint(request.trust);
  if (docker !== undefined) return await checked(socketFleet(docker));
  if (agent !== undefined) return await openAgent(agent, { ...request, trust }, around);
  if (server !== undefined) return await openServer(server, trust, around);
  if (context !== undefined) return await openContext(contextNamed(around.book, context), around);
  return await openWhatIsThere(around);
}
