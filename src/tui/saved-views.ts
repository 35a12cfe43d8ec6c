/** Saved views in the console's folder: one JSON file, bounded and checked. What somebody wrote there by hand is never overwritten when it makes no sense. */
import { randomUUID } from 'node:crypto';
import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { preparePrivateFolder } from '../client/config-folder.ts';
import { withFileLock } from '../client/file-lock.ts';
import { asFault, Fault } from '../protocol/fault.ts';
import { type SavedView, VIEW_NAME, type ViewsOutcome } from './model/saved-view.ts';

const FILE = 'views.json';
const MAX_BYTES = 256 * 1024;
const MAX_VIEWS = 100;

const SORT_KEYS = ['name', 'age', 'state', 'host', 'image', 'cpu', 'memory', 'restarts'] as const;

const viewSchema = z.strictObject({
  name: z.string().regex(VIEW_NAME),
  filter: z.string().max(500),
  sort: z.strictObject({
    by: z.enum(SORT_KEYS),
    isReversed: z.boolean(),
    groupBy: z.enum(['none', 'host', 'stack']),
  }),
  isWide: z.boolean(),
  problemsOnly: z.boolean(),
  environment: z.string().max(200).optional(),
  tag: z.string().max(200).optional(),
});
const fileSchema = z.strictObject({ views: z.array(viewSchema).max(MAX_VIEWS) });

/** The views in a folder; without one, none, and nothing can be saved. */
export class SavedViews {
  readonly #folder: string | undefined;

  constructor(folder: string | undefined) {
    this.#folder = folder;
  }

  /** In the order in which they were saved. Never rejects. */
  async read(): Promise<ViewsOutcome> {
    return await told(async () => (this.#folder === undefined ? [] : await readFrom(this.#folder)));
  }

  /** Saves a view in the place of one with its name; resolves to all of them. Never rejects. */
  async save(view: SavedView): Promise<ViewsOutcome> {
    return await this.#change((views) => {
      const others = views.filter(({ name }) => name !== view.name);
      if (others.length < MAX_VIEWS) return [...others, view];
      throw new Fault('bad-settings', `There are ${MAX_VIEWS} views; forget one first.`);
    });
  }

  /** Forgets the view of this name; resolves to the others. Never rejects. */
  async forget(name: string): Promise<ViewsOutcome> {
    return await this.#change((views) => views.filter((view) => view.name !== name));
  }

  async #change(
    edit: (views: readonly SavedView[]) => readonly SavedView[],
  ): Promise<ViewsOutcome> {
    const folder = this.#folder;
    return await told(async () => {
      if (folder === undefined)
        throw new Fault('bad-settings', 'This console keeps nothing on this machine.');
      await preparePrivateFolder(folder);
      return await withFileLock(join(folder, `${FILE}.lock`), async () => {
        const views = edit(await readFrom(folder));
        const fresh = join(folder, `${FILE}.${randomUUID()}`);
        await writeFile(fresh, `${JSON.stringify({ views }, null, 2)}\n`, { mode: 0o600 });
        await rename(fresh, join(folder, FILE));
        return views;
      });
    });
  }
}

async function told(work: () => Promise<readonly SavedView[]>): Promise<ViewsOutcome> {
  try {
    return { views: await work() };
  } catch (thrown) {
    return { why: asFault(thrown, 'bad-settings', 'The saved views could not be used.').message };
  }
}

async function readFrom(folder: string): Promise<readonly SavedView[]> {
  const path = join(folder, FILE);
  const bad = (what: string) =>
    new Fault('bad-settings', `${path} ${what}; mend it or move it away.`);
  try {
    if ((await stat(path)).size > MAX_BYTES) throw bad(`is larger than ${MAX_BYTES} bytes`);
    const parsed = fileSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
    if (parsed.success) return parsed.data.views;
    const [issue] = parsed.error.issues;
    throw bad(`makes no sense at ${issue?.path.join('.') || 'its beginning'}: ${issue?.message}`);
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    if (thrown instanceof SyntaxError) throw bad('is not JSON');
    if (thrown instanceof Fault) throw thrown;
    throw asFault(thrown, 'bad-settings', `${path} can't be read (${code}).`);
  }
}
