/**
 * Reads config.json by plain node:fs, for the first frame waits for it. What is wrong is told with file, line and
 * column; those are looked for only then. The file is never written here, broken or not.
 */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { configFolder } from '../client/config-folder.ts';
import { asFault } from '../protocol/fault.ts';
import { type ConfigProblem, readConfigValue } from './model/config-fields.ts';
import type { Settings } from './model/settings.ts';
import { keyProblems } from './screens/keymap.ts';

export interface ConfigNote {
  readonly tone: 'error' | 'warning';
  /** A sentence that names file, line and column. */
  readonly text: string;
}

export interface ConfigRead {
  readonly path: string;
  /** What the file says and is right. */
  readonly settings: Partial<Settings>;
  readonly notes: readonly ConfigNote[];
  /** The file as it is; undefined when there is none or it is no JSON. */
  readonly value: unknown;
  /** Whether it is there and is no JSON object, so that nothing may be written over it. */
  readonly isBroken: boolean;
}

const MOST_BYTES = 1024 * 1024;
const FILE_NAME = 'config.json';

/** Where it is. */
export function configPath(folder: string = configFolder()): string {
  return join(folder, FILE_NAME);
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    const { size } = await stat(path);
    if (size > MOST_BYTES) throw new Error('it is larger than 1 MiB');
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw asFault(error, 'bad-settings', `Can't read ${path}: check its owner, mode and size.`);
  }
}

/** Settings and remarks; Fault bad-settings only when the file is there and can't be read. */
export async function readConfig(folder?: string): Promise<ConfigRead> {
  const path = configPath(folder);
  const text = await textOf(path);
  const none = { path, settings: {}, notes: [], value: undefined, isBroken: false };
  if (text === undefined) return none;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const { whereBroken } = await import('./config-places.ts');
    return { ...none, isBroken: true, notes: [{ tone: 'error', text: whereBroken(path, text) }] };
  }
  const { settings, problems } = readConfigValue(value);
  const all = [...problems, ...keysOf(settings, value)];
  const isBroken = typeof value !== 'object' || value === null || Array.isArray(value);
  if (all.length === 0) return { path, settings, notes: [], value, isBroken };
  const { placesIn } = await import('./config-places.ts');
  const placeOf = placesIn(text);
  const notes = all.map((problem) => ({
    tone: problem.tone,
    text: `${path}:${placeOf(problem.path)}: ${problem.path.join('.')} ${problem.why}.`,
  }));
  return { path, settings, notes, value, isBroken };
}

function keysOf({ keys }: Partial<Settings>, value: unknown): readonly ConfigProblem[] {
  if (!keys) return [];
  const written = (value as { keys?: Record<string, unknown> }).keys;
  return keyProblems(keys).map(({ name, key, why }) => {
    const list = typeof written === 'object' ? written?.[name] : undefined;
    const at = Array.isArray(list) && key !== undefined ? [list.indexOf(key)] : [];
    return { path: ['keys', name, ...at], tone: 'error', why: `is left out: ${why}` };
  });
}
