/** A leak that is put there on purpose is found in each of its forms; what is clean is left alone. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

const SECRET = 'a secret "of" the test/1';
const EDGE_ID = '0f0e0d0c-1111-4222-8333-444455556666';

/** What scripts/leaks.mjs says of a run in which a program printed `text`. */
async function judge(name: string, text: string): Promise<string[]> {
  await using folder = await temporaryFolder();
  const secrets = [
    { kind: 'password', value: SECRET },
    { kind: 'key', value: EDGE_ID },
  ];
  await writeFile(
    join(folder.path, 'secrets-1.jsonl'),
    secrets.map((secret) => `${JSON.stringify(secret)}\n`).join(''),
  );
  await writeFile(join(folder.path, name), text);
  const path = '../../scripts/leaks.mjs';
  const { findLeaks } = (await import(path)) as { findLeaks(folder: string): string[] };
  return findLeaks(folder.path);
}

test.each([
  ['as it is', `x ${SECRET} y`],
  ['in JSON', JSON.stringify({ password: SECRET })],
  ['in an address', `GET /?p=${encodeURIComponent(SECRET)}`],
  ['in base64', Buffer.from(SECRET).toString('base64')],
  ['an EDGE_ID', `joined with ${EDGE_ID}`],
  ['a session token', `eyJhbGciOiJIUzI1NiJ9.${'a'.repeat(40)}.${'b'.repeat(43)}`],
  ['an API key', `ptr_${'A'.repeat(43)}=`],
  ['a private key', '-----BEGIN EC PRIVATE KEY-----'],
])('%s', async (_what, text) => {
  const leaks = await judge('fleet-server-1-1.txt', text);
  expect(leaks).toEqual([
    expect.stringMatching(/^fleet-server-1-1\.txt: a (password|key|token) at \d+/),
  ]);
  expect(leaks.join()).not.toContain(SECRET);
});

test('what is clean is clean, and a console may show a key that was asked for', async () => {
  expect(await judge('fleet-agent-1-1.txt', 'linked, ptr_ and eyJ are no tokens')).toEqual([]);
  expect(await judge('console-1-1.txt', `EDGE_ID ${EDGE_ID}`)).toEqual([]);
  expect(await judge('console-1-1.txt', SECRET)).toHaveLength(1);
});
