/**
 * Saved servers, agents and sockets with their credentials, like docker contexts: one file, mode 0600.
 * It is read by plain node:fs (conf takes 100 ms to load) and written by conf, atomically and under a lock.
 */
import { join } from 'node:path';
import { Fault } from '../protocol/fault.ts';
import { configFolder, preparePrivateFolder } from './config-folder.ts';
import { readOrMoveAside } from './context-file.ts';
import {
  type AgentPin,
  type Context,
  type ContextBook,
  parseBook,
  type StoredBook,
} from './context-shape.ts';
import { withFileLock } from './file-lock.ts';

const FILE_NAME = 'contexts';
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

interface SaveOptions {
  readonly makeCurrent: boolean;
  readonly folder?: string;
}

function pathIn(folder: string): string {
  return join(folder, `${FILE_NAME}.json`);
}

/** All saved contexts, the current one's name, and a sentence when a broken file had to be moved aside. */
export async function readContexts(folder: string = configFolder()): Promise<ContextBook> {
  return await readOrMoveAside(pathIn(folder), parseBook);
}

async function change(folder: string, edit: (book: StoredBook) => StoredBook): Promise<void> {
  await preparePrivateFolder(folder);
  const { default: Conf } = await import('conf');
  await withFileLock(join(folder, `${FILE_NAME}.lock`), async () => {
    const { movedAside: _, ...book } = await readOrMoveAside(pathIn(folder), parseBook);
    const file = new Conf<Record<string, unknown>>({
      cwd: folder,
      configName: FILE_NAME,
      configFileMode: 0o600,
      accessPropertiesByDotNotation: false,
    });
    file.store = { ...edit(book) };
  });
}

/** Adds the context or replaces the one of the same name. */
export async function saveContext(context: Context, options: SaveOptions): Promise<void> {
  if (!NAME.test(context.name))
    throw new Fault(
      'bad-settings',
      `A context can't be named "${context.name}": use letters, digits, dots, dashes and underscores.`,
    );
  await change(options.folder ?? configFolder(), (book) => ({
    ...book,
    current: options.makeCurrent ? context.name : book.current,
    contexts: [...book.contexts.filter((other) => other.name !== context.name), context],
  }));
}

/** The context of that name; Fault not-found names those that exist. */
export function contextNamed(book: ContextBook, name: string): Context {
  const found = book.contexts.find((context) => context.name === name);
  if (found) return found;
  const names = book.contexts.map((context) => context.name).join(', ');
  throw new Fault(
    'not-found',
    `There is no context "${name}"; ${names ? `saved ones: ${names}.` : 'none is saved yet: use fleet-tui login.'}`,
  );
}

/** Makes a saved context the one that `fleet-tui` opens by itself. */
export async function useContext(name: string, folder: string = configFolder()): Promise<void> {
  contextNamed(await readContexts(folder), name);
  await change(folder, (book) => ({ ...book, current: name }));
}

/** Forgets a context with its credential; the current one may go too, then none is current. */
export async function removeContext(name: string, folder: string = configFolder()): Promise<void> {
  contextNamed(await readContexts(folder), name);
  await change(folder, (book) => ({
    ...book,
    current: book.current === name ? null : book.current,
    contexts: book.contexts.filter((context) => context.name !== name),
  }));
}

/** What the agent at `address` (host:port) showed at first contact, if there was one. */
export async function agentPin(
  address: string,
  folder: string = configFolder(),
): Promise<AgentPin | undefined> {
  const { agentPins } = await readContexts(folder);
  return agentPins.find((pin) => pin.address === address);
}

/** Keeps this for the agent from now on, and nothing of what was kept before. */
export async function pinAgent(pin: AgentPin, folder: string = configFolder()): Promise<void> {
  await change(folder, (book) => ({
    ...book,
    agentPins: [...book.agentPins.filter(({ address }) => address !== pin.address), pin],
  }));
}
