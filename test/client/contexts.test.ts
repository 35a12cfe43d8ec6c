/** The contexts file: private, atomic, never lost to a crash, a hand edit or a second writer. */
import { chmod, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Context } from '../../src/client/context-shape.ts';
import {
  agentPin,
  contextNamed,
  pinAgent,
  readContexts,
  removeContext,
  saveContext,
  useContext,
} from '../../src/client/contexts.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const server: Context = {
  kind: 'server',
  name: 'jump.example',
  url: 'https://jump.example:9443',
  credential: { token: 'ptr_secret', tokenId: 3, userId: 1, username: 'admin' },
};
const docker = (name: string): Context => ({ kind: 'docker', name, address: `unix:///${name}` });
const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

describe('saved contexts', () => {
  it('come back as they were saved, the current one named', async () => {
    await using folder = await temporaryFolder();
    await saveContext(server, { makeCurrent: true, folder: folder.path });
    await saveContext(docker('second'), { makeCurrent: false, folder: folder.path });
    const book = await readContexts(folder.path);
    expect(book.current).toBe('jump.example');
    expect(book.contexts).toEqual([server, docker('second')]);
    expect(book.movedAside).toBeUndefined();
  });

  it('lie in a file of mode 0600 in a folder of mode 0700, whatever they were before', async () => {
    await using folder = await temporaryFolder();
    const inner = join(folder.path, 'a', 'fleet-tui');
    await saveContext(server, { makeCurrent: true, folder: inner });
    const file = join(inner, 'contexts.json');
    expect(await modeOf(inner)).toBe(0o700);
    expect(await modeOf(file)).toBe(0o600);
    await chmod(file, 0o644);
    await chmod(inner, 0o755);
    await readContexts(inner);
    expect(await modeOf(file)).toBe(0o600);
    await saveContext(docker('x'), { makeCurrent: false, folder: inner });
    expect(await modeOf(inner)).toBe(0o700);
    expect(await readdir(inner)).toEqual(['contexts.json']);
  });

  it('are replaced by name, chosen and removed', async () => {
    await using folder = await temporaryFolder();
    await saveContext(docker('a'), { makeCurrent: true, folder: folder.path });
    await saveContext(docker('b'), { makeCurrent: false, folder: folder.path });
    await saveContext({ ...docker('a'), name: 'b' }, { makeCurrent: false, folder: folder.path });
    await useContext('b', folder.path);
    await removeContext('a', folder.path);
    const book = await readContexts(folder.path);
    expect(book).toEqual({
      current: 'b',
      contexts: [{ kind: 'docker', name: 'b', address: 'unix:///a' }],
      agentPins: [],
    });
    await removeContext('b', folder.path);
    expect((await readContexts(folder.path)).current).toBeNull();
  });

  it('say which names there are when one is unknown', async () => {
    await using folder = await temporaryFolder();
    await expect(useContext('x', folder.path)).rejects.toThrow(/none is saved yet/);
    await saveContext(docker('a'), { makeCurrent: true, folder: folder.path });
    await expect(useContext('x', folder.path)).rejects.toThrow('no context "x"; saved ones: a.');
    expect(contextNamed(await readContexts(folder.path), 'a')).toEqual(docker('a'));
  });

  it.each(['', '../x', 'a b', '-x', 'é', 'a'.repeat(65)])('refuse the name "%s"', async (name) => {
    await using folder = await temporaryFolder();
    const saving = saveContext(docker(name), { makeCurrent: true, folder: folder.path });
    await expect(saving).rejects.toMatchObject({ code: 'bad-settings' });
  });

  it('keep an agent certificate apart from the contexts', async () => {
    await using folder = await temporaryFolder();
    expect(await agentPin('10.0.0.7:9001', folder.path)).toBeUndefined();
    const first = { address: '10.0.0.7:9001', fingerprint: 'one', linkFingerprint: 'key' };
    const second = { address: '10.0.0.7:9001', fingerprint: 'two' };
    const strange = { address: '__proto__:1', fingerprint: 'three', linkFingerprint: 'key' };
    for (const pin of [first, second, strange]) await pinAgent(pin, folder.path);
    expect(await agentPin('10.0.0.7:9001', folder.path)).toEqual(second);
    expect(await agentPin('__proto__:1', folder.path)).toEqual(strange);
  });
});

describe('a broken contexts file', () => {
  const broken = [
    ['not JSON', '{"contexts": [', 'is not JSON'],
    ['empty', '', 'is not JSON'],
    ['a list', '[]', 'does not have the shape'],
    ['of another program', '{"contexts": {"a": 1}}', 'does not have the shape'],
    ['a context without an address', '{"contexts":[{"kind":"docker","name":"a"}]}', 'shape'],
    [
      'a token that is no text',
      '{"contexts":[{"kind":"server","name":"a","url":"b","credential":{"token":7}}]}',
      'shape',
    ],
  ] as const;

  it.each(broken)('(%s) is moved aside, named, and never overwritten', async (_, text, words) => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'contexts.json');
    await writeFile(file, text);
    const { movedAside, contexts } = await readContexts(folder.path);
    expect(contexts).toEqual([]);
    expect(movedAside).toContain(words);
    const kept = (await readdir(folder.path)).find((name) => name.includes('.broken-'));
    expect(movedAside).toContain(join(folder.path, kept ?? '?'));
    expect(await readFile(join(folder.path, kept ?? '?'), 'utf8')).toBe(text);
    await saveContext(docker('a'), { makeCurrent: true, folder: folder.path });
    expect(await readFile(join(folder.path, kept ?? '?'), 'utf8')).toBe(text);
    expect((await readContexts(folder.path)).contexts).toEqual([docker('a')]);
  });

  it('is moved aside by a writer too', async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'contexts.json'), 'oh no');
    await saveContext(docker('a'), { makeCurrent: true, folder: folder.path });
    const names = await readdir(folder.path);
    expect(names).toHaveLength(2);
    expect((await readContexts(folder.path)).contexts).toEqual([docker('a')]);
  });

  it('that is a folder is a clear error', async () => {
    await using folder = await temporaryFolder();
    await expect(readContexts(join(folder.path, 'none'))).resolves.toMatchObject({ contexts: [] });
    await using inner = await temporaryFolder();
    const { mkdir } = await import('node:fs/promises');
    await mkdir(join(inner.path, 'contexts.json'));
    await expect(readContexts(inner.path)).rejects.toThrow(
      /Can't read .*contexts\.json \(EISDIR\)/,
    );
  });
});

describe('several writers at once', () => {
  it('lose nothing', async () => {
    await using folder = await temporaryFolder();
    const names = Array.from({ length: 25 }, (_, index) => `c${index}`);
    await Promise.all(
      names.map((name) => saveContext(docker(name), { makeCurrent: false, folder: folder.path })),
    );
    const { contexts } = await readContexts(folder.path);
    expect(contexts.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
    expect(await readdir(folder.path)).toEqual(['contexts.json']);
  });

  it('are not stopped by the lock of one that crashed', async () => {
    await using folder = await temporaryFolder();
    const lock = join(folder.path, 'contexts.lock');
    await writeFile(lock, '');
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(lock, longAgo, longAgo);
    await saveContext(docker('a'), { makeCurrent: true, folder: folder.path });
    expect(await readdir(folder.path)).toEqual(['contexts.json']);
  });
});
