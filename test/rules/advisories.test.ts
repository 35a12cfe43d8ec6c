/** What is shipped has none of the advisories that docs/decisions/0023-known-advisories.md knows. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

const ROW = /^\| (\S+) \| (\d+\.\d+\.\d+) \|/gm;

interface Locked {
  readonly version?: string;
  readonly dev?: boolean;
}

/** Every copy that is shipped, by the package's name. */
async function shipped(): Promise<[name: string, version: string][]> {
  const { packages } = JSON.parse(await readFile('package-lock.json', 'utf8'));
  return Object.entries<Locked>(packages)
    .filter(([path, { dev }]) => path !== '' && dev !== true)
    .map(([path, { version = '' }]) => [path.split('node_modules/').at(-1) ?? '', version]);
}

function isOlder(version: string, floor: string): boolean {
  const numbers = (text: string) => text.split('-')[0]?.split('.').map(Number) ?? [];
  const [ours, first] = [numbers(version), numbers(floor)];
  const index = first.findIndex((number, at) => number !== ours[at]);
  return index >= 0 && (ours[index] ?? 0) < (first[index] ?? 0);
}

test('no package is older than its first version without an advisory', async () => {
  const page = await readFile('docs/decisions/0023-known-advisories.md', 'utf8');
  const floors = new Map(
    [...page.matchAll(ROW)].map(([, name = '', floor = '']) => [name, floor] as const),
  );
  const ours = await shipped();
  const names = new Set(ours.map(([name]) => name));
  expect([...floors.keys()].filter((name) => !names.has(name))).toEqual([]);
  expect(floors.size).toBeGreaterThan(10);
  const older = ours.filter(([name, version]) => isOlder(version, floors.get(name) ?? '0.0.0'));
  expect(older).toEqual([]);
});

test('versions are compared number by number', () => {
  expect(isOlder('4.17.23', '4.18.0')).toBe(true);
  expect(isOlder('4.9.0', '4.18.0')).toBe(true);
  expect(isOlder('10.0.0', '9.9.9')).toBe(false);
  expect(isOlder('4.18.0', '4.18.0')).toBe(false);
});
