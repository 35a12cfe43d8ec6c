/** The secret of session tokens: it outlives a restart, and a new one makes every old token worthless. */
import { expect, test } from 'vitest';
import { Sessions } from '../../../src/server/fleet/sessions.ts';
import { sessionsCommand } from '../../../src/server/sessions-command.ts';
import { openSqliteStore } from '../../../src/server/store/sqlite-store.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

async function rotate(folder: string) {
  const said: string[] = [];
  const print = (line: string) => void said.push(line);
  const status = await sessionsCommand(['rotate', '--data', folder], {
    open: openSqliteStore,
    print,
  });
  return { status, said: said.join(' ') };
}

test('tokens outlive a restart, but not `fleet-server sessions rotate`', async () => {
  await using folder = await temporaryFolder();
  let token: string;
  {
    await using store = await openSqliteStore(folder.path);
    const user = { username: 'ada', passwordHash: '', role: 2, tokensValidFromS: 0 } as const;
    token = await (await Sessions.open(store)).issue(await store.users.insert(user));
  }
  {
    await using store = await openSqliteStore(folder.path);
    const proof = await (await Sessions.open(store)).check(token);
    expect(proof.user.username).toBe('ada');
    const { status, said } = await rotate(folder.path);
    expect(status).toBe(1);
    expect(said).toContain('While it runs: POST /api/fleet/sessions/rotate.');
  }
  expect(await rotate(folder.path)).toEqual({ status: 0, said: 'All sessions have ended.' });
  await using store = await openSqliteStore(folder.path);
  const sessions = await Sessions.open(store);
  await expect(sessions.check(token)).rejects.toMatchObject({ code: 'unauthorized' });
});

test('a command without words says what it takes', async () => {
  const said: string[] = [];
  const tools = { open: openSqliteStore, print: (line: string) => void said.push(line) };
  expect(await sessionsCommand([], tools)).toBe(2);
});
