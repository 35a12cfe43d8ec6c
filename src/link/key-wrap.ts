/** How private keys lie on disk: as they are, or sealed by who has something to seal them with. */
import { open, readFile, rename } from 'node:fs/promises';

export interface KeyWrap {
  /** What is written in the place of the text. */
  close(text: string): string;
  /** The text; undefined when what was read lies bare though it should not. Fault bad-settings when it can't be opened. */
  open(kept: string): string | undefined;
}

/** Without a wrap: who reads the file has the key. */
export const BARE: KeyWrap = { close: (text) => text, open: (kept) => kept };

/** What a file is called that takes the place of another once the key of the wrap has changed. */
export const nextOf = (file: string): string => `${file}.next`;

/**
 * The text in a file, its wrap taken off; undefined when there is no file. What lies bare though it should not is wrapped at
 * once, and a change of the wrap's key that broke off is brought to its end. Rejects with the file system's errors.
 */
export async function readWrapped(file: string, wrap: KeyWrap): Promise<string | undefined> {
  const kept = await readIfThere(file);
  if (kept === undefined) return undefined;
  let text: string | undefined;
  try {
    text = wrap.open(kept);
  } catch (thrown) {
    const next = await readIfThere(nextOf(file));
    if (next === undefined) throw thrown;
    text = wrap.open(next);
    await rename(nextOf(file), file);
  }
  if (text === undefined) await writeWrapped(file, kept, wrap);
  return text ?? kept;
}

/** Takes the place of what is there whole, on disk before anybody may rely on it. */
export async function writeWrapped(file: string, text: string, wrap: KeyWrap): Promise<void> {
  await writeDurably(`${file}.new`, wrap.close(text));
  await rename(`${file}.new`, file);
}

/** Readable by its owner only. */
export async function writeDurably(file: string, text: string): Promise<void> {
  const handle = await open(file, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  }
}
