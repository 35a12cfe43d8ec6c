/**
 * Signs the console in: keeps the saved context `local` pointing at our server, with an API key of its own,
 * and the environment `local` at the engine of this machine. A person's own context of that name is never touched.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Credential, ServerContext } from '../client/context-shape.ts';
import { readContexts, saveContext } from '../client/contexts.ts';
import { parseServerAddress } from '../client/server-address.ts';
import { callServer, jsonOf, type ServerCall, type ServerReach } from '../client/server-call.ts';
import { tryDial } from '../client/server-dial.ts';
import { credentialHeaders, signIn } from '../client/sign-in.ts';
import { Fault } from '../protocol/fault.ts';

const NAME = 'local';

export interface ConsoleContextOptions {
  /** Of the server: https://127.0.0.1:9443 */
  readonly url: string;
  /** True when this launcher started the server: then whatever certificate it shows is its own. */
  readonly isOurs: boolean;
  readonly dataFolder: string;
  readonly adminPasswordFile: string;
  readonly engineAddress?: string;
  readonly say: (sentence: string) => void;
  readonly signal: AbortSignal;
}

interface Registered {
  readonly Id: number;
  readonly Name: string;
  readonly URL: string;
}

/** Leaves a context `local` that works, whose name it returns; Fault when the server refuses the admin password. */
export async function prepareContext(options: ConsoleContextOptions): Promise<string> {
  const { url, signal, say } = options;
  const book = await readContexts();
  if (book.movedAside) say(book.movedAside);
  const saved = ownContext(book.contexts.find(({ name }) => name === NAME));
  const address = parseServerAddress(url);
  const fingerprint = await trust({ address, pin: saved?.fingerprint, signal }, options.isOurs);
  const reach = { address, pin: fingerprint, signal };
  const credential = (await working(reach, saved?.credential)) ?? (await newKey(reach, options));
  if (
    saved?.url !== address.url ||
    saved.fingerprint !== fingerprint ||
    saved.credential !== credential
  ) {
    const context = { kind: 'server', name: NAME, url: address.url, credential } as const;
    await saveContext(fingerprint === undefined ? context : { ...context, fingerprint }, {
      makeCurrent: book.current === null,
    });
  }
  if (options.isOurs) await registerEngine(reach, credential, options);
  return NAME;
}

function ownContext(
  context: { kind: string; url?: string } | undefined,
): ServerContext | undefined {
  if (context === undefined) return undefined;
  if (context.kind === 'server' && context.url?.startsWith('https://127.0.0.1:'))
    return context as ServerContext;
  throw new Fault(
    'conflict',
    `The saved context "${NAME}" belongs to something else; remove it with: fleet-tui context rm ${NAME}.`,
  );
}

/** The fingerprint to expect from now on; undefined when an authority of this machine vouches for the server. */
async function trust(reach: ServerReach, isOurs: boolean): Promise<string | undefined> {
  const dialled = await tryDial(reach.address, { signal: reach.signal, pin: reach.pin });
  if ('fault' in dialled) {
    if (isOurs || reach.pin === undefined) return dialled.fingerprint;
    throw dialled.fault;
  }
  dialled.socket.destroy();
  return dialled.trustedBy === 'pin' ? reach.pin : undefined;
}

async function working(
  reach: ServerReach,
  credential: Credential | undefined,
): Promise<Credential | undefined> {
  if (credential === undefined) return undefined;
  const { status } = await callServer(reach, {
    method: 'GET',
    path: '/api/users/me',
    headers: credentialHeaders(credential),
  });
  return status === 200 ? credential : undefined;
}

async function newKey(reach: ServerReach, options: ConsoleContextOptions): Promise<Credential> {
  const password = (await readFile(options.adminPasswordFile, 'utf8')).trim();
  try {
    return await signIn(reach, { username: 'admin', password });
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'wrong-password') throw error;
    throw passwordChanged(options, error);
  }
}

function passwordChanged(options: ConsoleContextOptions, cause: unknown): Fault {
  return new Fault(
    'wrong-password',
    `The admin password is no longer the one in ${options.adminPasswordFile}; sign in with: fleet-tui login ${options.url}.`,
    { cause },
  );
}

/** Asks the server only when the engine is another one than last time: an environment removed by hand stays removed. */
async function registerEngine(
  reach: ServerReach,
  credential: Credential,
  { engineAddress, dataFolder, say }: ConsoleContextOptions,
): Promise<void> {
  if (engineAddress === undefined) return;
  const memory = join(dataFolder, 'local-engine');
  if ((await readFile(memory, 'utf8').catch(() => '')) === engineAddress) return;
  const call = async (method: ServerCall['method'], path: string, body?: unknown) => {
    const headers = credentialHeaders(credential);
    const answer = await callServer(reach, { method, path, headers, body });
    if (answer.status < 300) return jsonOf(answer);
    throw new Fault('bad-peer', `The server refused ${method} ${path} (status ${answer.status}).`, {
      details: answer.text.slice(0, 300),
    });
  };
  const all = (await call('GET', '/api/endpoints')) as readonly Registered[];
  const known = all.find(({ Name }) => Name === NAME);
  if (known === undefined) {
    const body = { Name: NAME, EndpointCreationType: 1, URL: engineAddress };
    await call('POST', '/api/endpoints', body);
  } else if (known.URL !== engineAddress) {
    say(`The engine moved: environment ${NAME} is now at ${engineAddress}.`);
    await call('PUT', `/api/endpoints/${known.Id}`, { URL: engineAddress });
  }
  await writeFile(memory, engineAddress, { mode: 0o600 });
}
