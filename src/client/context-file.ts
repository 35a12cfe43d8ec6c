/** Reads the contexts file; one that makes no sense is moved aside and named, so that nothing a person wrote is ever overwritten. */
import { chmod, readFile, rename, stat } from 'node:fs/promises';
import { asFault } from '../protocol/fault.ts';
import { type ContextBook, EMPTY_BOOK, type StoredBook } from './context-shape.ts';

type Parse = (value: unknown) => StoredBook | undefined;

function understand(text: string, parse: Parse): StoredBook | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'is not JSON';
  }
  return parse(value) ?? 'does not have the shape of a contexts file';
}

/** Another program may have loosened the mode; the file holds credentials. */
async function tighten(path: string): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & 0o077) !== 0) await chmod(path, 0o600);
}

async function readText(path: string): Promise<string | undefined> {
  try {
    const text = await readFile(path, 'utf8');
    await tighten(path);
    return text;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw asFault(error, 'bad-settings', `Can't read ${path} (${code}); check its owner and mode.`);
  }
}

async function moveAside(path: string, why: string): Promise<ContextBook> {
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
  const aside = `${path}.broken-${stamp}`;
  try {
    await rename(path, aside);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return EMPTY_BOOK;
    throw asFault(error, 'bad-settings', `${path} ${why}, and it can't be moved aside (${code}).`);
  }
  return { ...EMPTY_BOOK, movedAside: `${path} ${why}; it is kept as ${aside}.` };
}

/** The book in the file, empty when there is none; Fault bad-settings when it can't be read or moved. */
export async function readOrMoveAside(path: string, parse: Parse): Promise<ContextBook> {
  const text = await readText(path);
  if (text === undefined) return EMPTY_BOOK;
  const book = understand(text, parse);
  return typeof book === 'string' ? await moveAside(path, book) : book;
}
