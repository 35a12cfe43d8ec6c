/** `fleet-tui config path|show|set|edit|check`. Written by conf, atomically and under a lock; a broken file is never written over. */
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { configFolder, preparePrivateFolder } from '../client/config-folder.ts';
import { withFileLock } from '../client/file-lock.ts';
import { Fault } from '../protocol/fault.ts';
import { configPath, readConfig } from './config-file.ts';
import { CONFIG_FIELDS, configSchema, readConfigValue } from './model/config-fields.ts';
import { nearestWord } from './model/nearest.ts';

/** What holds, field by field, as it would stand in the file, and which of it the file says. */
export async function showConfig(): Promise<string> {
  const { path, value, notes } = await readConfig();
  const written = (value ?? {}) as Readonly<Record<string, unknown>>;
  const lines = Object.entries(CONFIG_FIELDS).map(([name, { usual }]) => {
    const isWritten = Object.hasOwn(written, name);
    const text = JSON.stringify(isWritten ? written[name] : usual);
    return `${name.padEnd(14)} ${text}${isWritten ? '' : '   (usual)'}\n`;
  });
  return [`${path}${value === undefined ? '   (not there)' : ''}\n`, ...lines]
    .concat(notes.map(({ tone, text }) => `${tone}: ${text}\n`))
    .join('');
}

/** A sentence for each problem; the count of errors. */
export async function checkConfig(): Promise<{ readonly text: string; readonly errors: number }> {
  const { path, notes, value, isBroken } = await readConfig();
  const errors = notes.filter(({ tone }) => tone === 'error').length;
  const lines = notes.map(({ tone, text }) => `${tone}: ${text}\n`);
  if (notes.length > 0) return { text: lines.join(''), errors };
  const isThere = value !== undefined || isBroken;
  return {
    text: `${path}: ${isThere ? 'all is well' : 'not there, so all is as usual'}.\n`,
    errors,
  };
}

/** Text that is JSON is taken as such, anything else as a string. */
function parsedOrWord(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function nested(path: readonly string[], value: unknown, before: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  const isObject = typeof before === 'object' && before !== null && !Array.isArray(before);
  const all = isObject ? (before as Readonly<Record<string, unknown>>) : {};
  return { ...all, [name]: nested(rest, value, all[name]) };
}

/** `keys.containers.restart` is the field `keys` and the name `containers.restart`. */
function pathOf(name: string): readonly string[] {
  const [field = '', ...rest] = name.split('.');
  if (!Object.hasOwn(CONFIG_FIELDS, field)) {
    const near = nearestWord(field, Object.keys(CONFIG_FIELDS));
    const hint = near
      ? `${near} is the nearest`
      : `known are ${Object.keys(CONFIG_FIELDS).join(', ')}`;
    throw new Fault('bad-settings', `There is no setting ${field}; ${hint}.`);
  }
  if (field === 'keys') return rest.length > 0 ? [field, rest.join('.')] : [field];
  const [second, ...last] = rest;
  return second === undefined
    ? [field]
    : [field, second, ...(last.length > 0 ? [last.join('.')] : [])];
}

/** Conf would write every default into the file. */
function withoutDefaults(properties: Readonly<Record<string, object>>): Record<string, object> {
  const entries = Object.entries(properties).map(([name, schema]) => {
    const { default: _, ...rest } = schema as { readonly default?: unknown };
    return [name, rest];
  });
  return Object.fromEntries(entries);
}

/** Writes one setting; Fault bad-settings when it is unknown, makes no sense, or the file is broken. */
export async function setConfig(name: string, text: string): Promise<string> {
  const path = pathOf(name);
  const folder = configFolder();
  await preparePrivateFolder(folder);
  await withFileLock(join(folder, 'config.lock'), async () => {
    const { value, isBroken, notes, path: file } = await readConfig();
    if (isBroken) throw new Fault('bad-settings', `Nothing was written. ${notes[0]?.text ?? file}`);
    const next = nested(path, parsedOrWord(text), value) as Record<string, unknown>;
    const [field = ''] = path;
    const { problems } = readConfigValue({ [field]: next[field] });
    const wrong = problems.find(({ tone }) => tone === 'error');
    if (wrong)
      throw new Fault('bad-settings', `Nothing was written: ${wrong.path.join('.')} ${wrong.why}.`);
    const { default: Conf } = await import('conf');
    const { properties } = configSchema() as { properties: Record<string, object> };
    const conf = new Conf<Record<string, unknown>>({
      cwd: folder,
      configName: 'config',
      configFileMode: 0o600,
      accessPropertiesByDotNotation: false,
      schema: withoutDefaults(properties),
    });
    conf.store = next;
  });
  const { text: told, errors } = await checkConfig();
  return errors > 0 ? told : `${name} is set in ${configPath()}.\n`;
}

const TEMPLATE = '{\n}\n';

/** Opens the file in $VISUAL or $EDITOR and checks it afterwards; the editor's exit status when it fails. */
export async function editConfig(env: NodeJS.ProcessEnv): Promise<number> {
  const editor = env.VISUAL || env.EDITOR || 'vi';
  await preparePrivateFolder(configFolder());
  const path = configPath();
  await writeFile(path, TEMPLATE, { flag: 'wx', mode: 0o600 }).catch((error) => {
    if (error.code !== 'EEXIST') throw error;
  });
  // The variable may hold arguments, as in `code --wait`: a shell reads it, as git and crontab do.
  const child = spawn('sh', ['-c', `${editor} "$1"`, 'sh', path], { stdio: 'inherit' });
  return await new Promise<number>((resolve) => {
    child.on('error', () => resolve(127));
    child.on('exit', (code) => resolve(code ?? 1));
  });
}
