/** The agent's key and its rotation, stopped after every single step that touches the disk. */
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openAgentIdentity } from '../../src/agent/link/identity.ts';
import { startEdgeAgent } from '../support/link-agent.ts';
import { type LinkServer, startLinkServer } from '../support/link-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('is made once and kept', async () => {
  await using folder = await temporaryFolder();
  const first = await openAgentIdentity(folder.path);
  const again = await openAgentIdentity(folder.path);
  expect(first.fingerprint).toMatch(/^[A-Za-z0-9+/]{43}=$/);
  expect(again.fingerprint).toBe(first.fingerprint);
  expect(again.current.certificatePem).toBe(first.current.certificatePem);
});

test('a rotation takes the offered key, once, and no other', async () => {
  await using folder = await temporaryFolder();
  const identity = await openAgentIdentity(folder.path);
  const old = identity.fingerprint;
  const offer = await identity.offerNext();
  expect(await identity.offerNext()).toEqual(offer);
  expect(identity.fingerprint).toBe(old);
  await expect(identity.commit({ fingerprint: `${'A'.repeat(43)}=` })).rejects.toMatchObject({
    code: 'conflict',
  });
  await identity.commit(offer);
  await identity.commit(offer);
  expect(identity.fingerprint).toBe(offer.fingerprint);
  expect((await openAgentIdentity(folder.path)).fingerprint).toBe(offer.fingerprint);
  expect((await identity.offerNext()).fingerprint).not.toBe(offer.fingerprint);
});

/** What the data folder looks like when the power goes after each step of a rotation. */
const CRASHES: readonly (readonly [string, (folder: string) => Promise<unknown>, 'old' | 'new'])[] =
  [
    ['before the next key', (at) => rm(join(at, 'link-next.key')), 'old'],
    ['before the next pair', (at) => removeNext(at), 'old'],
    ['with a half-written next key', (at) => writeFile(join(at, 'link-next.key'), '---'), 'old'],
    ['after the offer', async () => undefined, 'old'],
    ['after the key moved', (at) => move(at, 'link-next.key', 'link.key'), 'new'],
    ['after both moved', (at) => moveBoth(at), 'new'],
    ['with the certificate lost', (at) => rm(join(at, 'link.crt')), 'old'],
    ['with a certificate of another key', (at) => copyCertificate(at), 'old'],
  ];

async function removeNext(at: string): Promise<void> {
  await rm(join(at, 'link-next.key'));
  await rm(join(at, 'link-next.crt'));
}
async function move(at: string, from: string, to: string): Promise<void> {
  await writeFile(join(at, to), await readFile(join(at, from)));
  await rm(join(at, from));
}
async function moveBoth(at: string): Promise<void> {
  await move(at, 'link-next.key', 'link.key');
  await move(at, 'link-next.crt', 'link.crt');
}
async function copyCertificate(at: string): Promise<void> {
  await writeFile(join(at, 'link.crt'), await readFile(join(at, 'link-next.crt')));
}

test.each(CRASHES)('a crash %s leaves a pair that works', async (_, crash, survivor) => {
  await using folder = await temporaryFolder();
  const before = await openAgentIdentity(folder.path);
  const offer = await before.offerNext();
  await crash(folder.path);
  const after = await openAgentIdentity(folder.path);
  const expected = survivor === 'old' ? before.fingerprint : offer.fingerprint;
  expect(after.fingerprint).toBe(expected);
  // The rotation can be taken up again from there.
  const next = await after.offerNext();
  await after.commit(next);
  expect((await openAgentIdentity(folder.path)).fingerprint).toBe(next.fingerprint);
});

test('a key that makes no sense is not replaced behind anybody’s back', async () => {
  await using folder = await temporaryFolder();
  await openAgentIdentity(folder.path);
  await writeFile(join(folder.path, 'link.key'), 'garbage');
  await expect(openAgentIdentity(folder.path)).rejects.toThrow(/holds no P-256 key/);
});

/** One rotation as a server does it; returns after `stopAfter`, as if it had been killed there. */
async function rotate(server: LinkServer, stopAfter: 'offer' | 'note' | 'commit'): Promise<void> {
  const end = await server.next();
  const answer = await end.call('/fleet/identity/next', { method: 'POST', body: '{}' });
  if (stopAfter === 'offer') return;
  const { fingerprint } = JSON.parse(answer.body) as { fingerprint: string };
  server.binding.bound.add(fingerprint);
  if (stopAfter === 'note') return;
  const commit = { method: 'POST', body: answer.body };
  expect((await end.call('/fleet/identity/next/commit', commit)).status).toBe(204);
}

test.each(['offer', 'note', 'commit'] as const)(
  'an agent that starts anew after the %s of a rotation is let in at once',
  async (stopAfter) => {
    await using folder = await temporaryFolder();
    await using copy = await temporaryFolder();
    await using server = await startLinkServer();
    const env = { DATA_PATH: folder.path, EDGE_KEY: server.edgeKey };
    {
      await using _agent = await startEdgeAgent(env);
      await rotate(server, stopAfter);
      // What a kill -9 leaves is what is on the disk at this moment.
      await cp(folder.path, copy.path, { recursive: true });
    }
    await using _again = await startEdgeAgent({ ...env, DATA_PATH: copy.path });
    const end = await server.next();
    expect(server.binding.bound).toContain(end.fingerprint);
    expect(await readdir(copy.path)).toContain('link.key');
  },
);
