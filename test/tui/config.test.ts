/** config.json as a person meets it: what is wrong is named by file, line and column, and spoils nothing else. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readConfig } from '../../src/tui/config-file.ts';
import { tuiHome } from '../support/fleet-tui.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function readText(text: string) {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'config.json');
  await writeFile(path, text);
  const { notes, settings, isBroken } = await readConfig(folder.path);
  const texts = notes.map(
    ({ tone, text: words }) => `${tone} ${words.replace(path, 'config.json')}`,
  );
  return { texts, settings, isBroken };
}

test('a wrong key is named by its place, and the other settings hold', async () => {
  const text =
    '{\n  "readOnly": true,\n  "keys": {\n    "containers.logs": ["f8", "ctrl-i"]\n  }\n}\n';
  const { texts, settings } = await readText(text);
  expect(texts).toEqual([
    'error config.json:4:31: keys.containers.logs.1 is left out: ctrl-i is the same byte as tab.',
  ]);
  expect(settings).toMatchObject({ isReadOnly: true });
});

test('an unknown field is a warning with the nearest one', async () => {
  const { texts } = await readText('{\n  "skim": "light"\n}');
  expect(texts).toEqual([
    'warning config.json:2:3: skim is unknown and left out; skin is the nearest.',
  ]);
});

test.each([
  ['{ "ascii": true,\n }', 'config.json:2:2: it is no JSON: a name in "quotes" is missing'],
  ['{ "ascii": yes }', 'config.json:1:12: it is no JSON: a word that is no value'],
  ['', 'config.json:1:1: it is no JSON: a value is missing'],
  ['[]', 'config.json:1:1:  must be an object'],
])('%j is broken: %s', async (text, words) => {
  const { texts, settings, isBroken } = await readText(text);
  expect(texts[0]).toContain(words);
  expect({ settings, isBroken }).toEqual({ settings: {}, isBroken: true });
});

test('set writes, show tells, check judges, path says where', async () => {
  await using home = await tuiHome();
  expect((await home.run('config', 'set', 'keys.containers.restart', '["f6"]')).code).toBe(0);
  expect((await home.run('config', 'set', 'skin', 'light')).code).toBe(0);
  const file = join(home.config, 'config.json');
  expect((await home.run('config', 'path')).stdout).toBe(`${file}\n`);
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
    keys: { 'containers.restart': ['f6'] },
    skin: 'light',
  });
  const { stdout } = await home.run('config', 'show');
  expect(stdout).toMatch(/^skin +"light"$/m);
  expect(stdout).toMatch(/^readOnly +false {3}\(usual\)$/m);
  expect(await home.run('config', 'check')).toMatchObject({ code: 0 });
});

test('set refuses nonsense, and never writes over a broken file', async () => {
  await using home = await tuiHome();
  const nonsense = await home.run('config', 'set', 'ascii', 'sometimes');
  expect(nonsense).toMatchObject({ code: 64, stdout: '' });
  expect(nonsense.stderr).toContain('ascii must be true or false');
  expect((await home.run('config', 'set', 'acsii', 'true')).stderr).toContain(
    'ascii is the nearest',
  );
  const file = join(home.config, 'config.json');
  await writeFile(file, '{ "ascii": tru');
  expect((await home.run('config', 'set', 'ascii', 'true')).stderr).toContain(`${file}:1:12`);
  expect(await readFile(file, 'utf8')).toBe('{ "ascii": tru');
  expect(await home.run('config', 'check')).toMatchObject({ code: 64 });
});

test('edit opens the file in the editor and checks it', async () => {
  await using home = await tuiHome();
  home.env['VISUAL'] = `printf '{ "skim": 1 }' >`;
  const { code, stdout } = await home.run('config', 'edit');
  expect({ code, stdout }).toMatchObject({ code: 0 });
  expect(stdout).toContain('skin is the nearest');
});

test('a command that changes hosts obeys readOnly', async () => {
  await using home = await tuiHome();
  await home.run('config', 'set', 'readOnly', 'true');
  const { code, stderr } = await home.run('restart', '--yes', 'web');
  expect(code).toBe(77);
  expect(stderr).toContain('readOnly is set in');
});
