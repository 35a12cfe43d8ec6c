/** The audit trail over HTTPS: every change and every refusal has its row before the answer, and no later change goes unseen. */
import { DatabaseSync } from '@photostructure/sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { auditCommand } from '../../../src/server/audit-command.ts';
import { openSqliteStore } from '../../../src/server/store/sqlite-store.ts';
import { Closing } from '../../support/closing.ts';
import { startEngine } from '../../support/engine.ts';
import { type InProcessServer, startInProcessServer } from '../../support/in-process-server.ts';
import { until } from '../../support/until.ts';

interface Row {
  readonly user: string;
  readonly phase: string;
  readonly action: string;
  readonly method: string;
  readonly path: string;
  readonly status: number | null;
  readonly environmentId: number | null;
  readonly requestId: string;
}

const PASSWORD = 'a long enough password';
const closing = new Closing();
let server: InProcessServer;
beforeAll(async () => {
  const engine = closing.use(await startEngine({ version: 'new', name: 'audit' }));
  await engine.docker('run', '-d', '--name', 'box', 'busybox', 'sleep', '1000');
  const settings = { engineUrl: `unix://${engine.socketPath}` };
  server = closing.use(await startInProcessServer({ settings }));
}, 120_000);
afterAll(() => closing.close());

const trail = async (): Promise<Row[]> =>
  (await server.api('GET', '/api/useractivity/logs?limit=1000')).body.logs.map(
    ({ payload }: { payload: Row }) => payload,
  );

test('a change on a host is noted before and after, with who, what and how it ended', async () => {
  const path = '/api/endpoints/1/docker/v1.41/containers/box/restart';
  const answer = await server.api('POST', `${path}?t=0&token=`);
  expect(answer.status).toBe(204);
  await until(async () => (await trail())[0]?.phase === 'ended');
  const [ended, asked] = await trail();
  expect(asked).toMatchObject({ phase: 'asked', action: 'lifecycle', method: 'POST', path });
  expect(asked).toMatchObject({ user: 'admin', environmentId: 1, status: null });
  expect(ended).toMatchObject({ phase: 'ended', status: 204, requestId: asked?.requestId });
});

test('looking is not noted; a change of the server and a refusal are', async () => {
  const before = (await trail()).length;
  await server.api('GET', '/api/endpoints/1/docker/containers/json');
  await server.api('GET', '/api/endpoints/1/docker/containers/box/logs?stdout=1');
  expect(await trail()).toHaveLength(before);
  await server.api('POST', '/api/users', { Username: 'eve', Password: PASSWORD, Role: 2 });
  const headers = { Authorization: `Bearer ${await server.signIn('eve', PASSWORD)}` };
  const remove = '/api/endpoints/1/docker/containers/box?force=1';
  expect((await server.call(remove, { method: 'DELETE', headers })).status).toBe(403);
  expect((await server.call('/api/teams', { method: 'POST', headers })).status).toBe(403);
  const [team, refused, , made] = await trail();
  expect(made).toMatchObject({ phase: 'done', action: 'manage', path: '/api/users', status: 200 });
  expect(refused).toMatchObject({ user: 'eve', phase: 'ended', action: 'destroy', status: 403 });
  expect(team).toMatchObject({ user: 'eve', path: '/api/teams', status: 403 });
});

test('pages of the trail go on where the last one ended, narrowed by who, what, where and since', async () => {
  type Page = { rows: (Row & { sequence: number; atMs: number })[]; older: number | null };
  const page = async (query: string): Promise<Page> =>
    (await server.api('GET', `/api/fleet/audit?${query}`)).body;
  const all = await page('limit=1000');
  expect(all.older).toBeNull();
  const first = await page('limit=2');
  const second = await page(`limit=2&before=${first.older}`);
  expect([...first.rows, ...second.rows]).toEqual(all.rows.slice(0, 4));
  const eves = await page('user=EV&limit=1000');
  expect(eves.rows).toEqual(all.rows.filter(({ user }) => user === 'eve'));
  expect(eves.rows.length).toBeGreaterThan(0);
  const changes = await page('action=lifecycle&environment=1&limit=1000');
  expect(changes.rows.map(({ phase }) => phase)).toEqual(['ended', 'asked']);
  const since = all.rows[1]?.atMs ?? 0;
  const young = await page(`since=${since}&limit=1000`);
  expect(young.rows).toEqual(all.rows.filter(({ atMs }) => atMs >= since));
  expect((await server.api('GET', '/api/fleet/audit?before=x')).status).toBe(400);
  const headers = { Authorization: `Bearer ${await server.signIn('eve', PASSWORD)}` };
  expect((await server.call('/api/fleet/audit', { headers })).status).toBe(403);
});

test('sign-ins are told apart, good ones and bad ones, and no secret is in any row', async () => {
  const wrong = { Username: 'eve', Password: 'not the password at all' };
  expect(
    (await server.call('/api/auth', { method: 'POST', body: JSON.stringify(wrong) })).status,
  ).toBe(422);
  const { logs } = (await server.api('GET', '/api/useractivity/authlogs?limit=1000')).body;
  expect(logs[0]).toMatchObject({ username: 'eve', type: 2 });
  expect(logs.find((row: { type: number }) => row.type === 1)).toMatchObject({ context: 1 });
  const all = JSON.stringify([await trail(), logs]);
  for (const secret of [PASSWORD, wrong.Password, 'Bearer']) expect(all).not.toContain(secret);
});

test('only administrators read it', async () => {
  const headers = { Authorization: `Bearer ${await server.signIn('eve', PASSWORD)}` };
  for (const path of [
    '/api/useractivity/logs',
    '/api/useractivity/authlogs',
    '/api/fleet/audit/verify',
  ])
    expect((await server.call(path, { headers })).status).toBe(403);
});

async function audit(...words: string[]): Promise<[number, string[]]> {
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  const argv = [...words, '--data', server.dataFolder];
  const status = await auditCommand(argv, { open: openSqliteStore, print });
  return [status, lines];
}

function tamper(sql: string): void {
  const file = new DatabaseSync(`${server.dataFolder}/fleet.db`);
  file.exec(
    `DROP TRIGGER IF EXISTS audit_is_not_changed; DROP TRIGGER IF EXISTS audit_is_not_removed; ${sql}`,
  );
  file.close();
}

test('the trail is whole while it runs and after a stop; every tampering is found', async () => {
  expect((await server.api('GET', '/api/fleet/audit/verify')).body).toMatchObject({
    isSound: true,
  });
  expect((await audit('verify'))[0]).toBe(1);
  await server.server[Symbol.asyncDispose]();
  const [whole, [told]] = await audit('verify');
  expect([whole, told]).toEqual([0, expect.stringMatching(/whole: \d+ rows/)]);
  const [, lines] = await audit('export');
  expect(lines.map((line) => JSON.parse(line).sequence)).toEqual(
    lines.map((_, index) => index + 1),
  );
  expect((await audit('export', '--format', 'csv'))[1]).toHaveLength(lines.length + 1);
  expect((await audit('export', '--format', 'xml'))[0]).toBe(2);

  tamper("UPDATE audit SET entry = replace(entry, 'eve', 'bob') WHERE entry LIKE '%eve%'");
  expect((await audit('verify'))[1][0]).toMatch(/Row \d+ or one before it was changed/);
  tamper("UPDATE audit SET entry = replace(entry, 'bob', 'eve') WHERE entry LIKE '%bob%'");
  expect((await audit('verify'))[0]).toBe(0);
  tamper('DELETE FROM audit WHERE sequence = (SELECT max(sequence) FROM audit)');
  expect((await audit('verify'))[1][0]).toMatch(/Rows from \d+ on are missing/);
  tamper('DELETE FROM audit WHERE sequence = 2');
  expect((await audit('verify'))[1][0]).toBe('Row 2 is missing.');
});
