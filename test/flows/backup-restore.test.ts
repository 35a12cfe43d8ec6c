/** A server is backed up, its machine is lost, and it is itself again on an empty one: people, hosts, keys, the audit trail. */
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Closing } from '../support/closing.ts';
import { type EdgeAgent, startEdgeAgent } from '../support/edge-agent.ts';
import { httpsCall } from '../support/https-call.ts';
import { runServer, startServer, type TestServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const PASSWORD = 'of the backup, and of nothing else';

let closing: Closing;
let folder: string;
beforeEach(async () => {
  closing = new Closing();
  folder = closing.use(await temporaryFolder()).path;
});
afterEach(() => closing.close());

/** A server with a person, a team, a tag and an edge agent. */
async function fill(server: TestServer): Promise<EdgeAgent> {
  await server.api('POST', '/api/users', {
    Username: 'ada',
    Password: 'a long enough password',
    Role: 2,
  });
  await server.api('POST', '/api/teams', { Name: 'ops' });
  await server.api('POST', '/api/tags', { Name: 'eu' });
  const wish = { Name: 'shed', EndpointCreationType: 4, URL: server.url };
  const { EdgeKey: edgeKey, EdgeID: edgeId } = (await server.api('POST', '/api/endpoints', wish))
    .body;
  const agent = closing.use(await startEdgeAgent({ edgeKey, edgeId, random: () => 0.1 }));
  await agent.linked();
  return agent;
}

const RECORDING = '1766000000000-0123456789ab';
const SAID = '{"version":2,"width":80,"height":24}\n[0.1,"o","kept over a fire"]\n';

/** As a session leaves it. */
async function addRecording(dataFolder: string): Promise<void> {
  await mkdir(join(dataFolder, 'recordings'), { recursive: true });
  await writeFile(join(dataFolder, 'recordings', `${RECORDING}.cast`), SAID);
}

/** The archive, as the server answers it. */
async function backUp(server: TestServer, password: string): Promise<Buffer> {
  const response = await fetchBytes(server, '/api/backup', JSON.stringify({ password }));
  expect(response.headers.get('content-disposition')).toMatch(
    /^attachment; filename=portainer-backup_\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d\.tar\.gz\.encrypted$/,
  );
  return Buffer.from(await response.arrayBuffer());
}

async function fetchBytes(server: TestServer, path: string, body: string): Promise<Response> {
  const { Agent, fetch } = await import('undici');
  const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
  const headers = { Authorization: `Bearer ${server.token}` };
  return (await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers,
    body,
    dispatcher,
  })) as unknown as Response;
}

function form(
  archive: Buffer,
  password: string,
): { headers: Record<string, string>; body: Buffer } {
  const part = (head: string) => `--x\r\nContent-Disposition: form-data; ${head}\r\n\r\n`;
  return {
    headers: { 'Content-Type': 'multipart/form-data; boundary=x' },
    body: Buffer.concat([
      Buffer.from(part('name="file"; filename="b"')),
      archive,
      Buffer.from(`\r\n${part('name="password"')}${password}\r\n--x--\r\n`),
    ]),
  };
}

/** What of a server must be the same. */
async function portraitOf(server: TestServer) {
  const body = async (path: string) => (await server.api('GET', path)).body;
  const [environment] = await body('/api/endpoints');
  return {
    users: await body('/api/users'),
    teams: await body('/api/teams'),
    tags: await body('/api/tags'),
    environment: [environment.Id, environment.Name, environment.EdgeKey],
    link: (await body('/api/fleet/link-key')).fingerprint,
    instance: server.instanceId,
    certificate: server.fingerprint,
  };
}

const restore = (url: string, archive: Buffer, password: string) =>
  httpsCall(url, '/api/restore', { method: 'POST', ...form(archive, password) });

test('over the API: all is there, the trail is whole, and the agent comes back by itself', async () => {
  const lost = await startServer({ dataFolder: join(folder, 'lost') });
  const agent = await fill(lost);
  await lost.api('PUT', '/api/fleet/recording', { keepDays: 3_650 });
  await addRecording(lost.dataFolder);
  const archive = await backUp(lost, PASSWORD);
  expect(archive.subarray(0, 10).toString()).toBe('AES256-GCM');
  expect(archive.includes('SQLite format')).toBe(false);
  const before = await portraitOf(lost);
  const { port, token } = lost;
  await lost[Symbol.asyncDispose]();
  const dataFolder = join(folder, 'found');
  const args = ['--bind-https', `127.0.0.1:${port}`];
  const empty = closing.use(await startServer({ dataFolder, args, hasAdministrator: false }));
  expect((await restore(empty.url, archive, 'another password')).status).toBe(400);
  expect((await restore(empty.url, archive.subarray(0, -1), PASSWORD)).status).toBe(400);
  expect((await restore(empty.url, archive, PASSWORD)).status).toBe(200);
  expect((await empty.exit).code).toBe(0);
  const found = closing.use(await startServer({ dataFolder, args }));
  expect(await portraitOf(found)).toEqual(before);
  expect(await readdir(dataFolder)).not.toContain('restored');
  expect((await found.api('GET', `/api/fleet/recordings/${RECORDING}`)).text).toBe(SAID);
  const headers = { Authorization: `Bearer ${token}` };
  expect((await httpsCall(found.url, '/api/users/me', { headers })).status).toBe(200);
  await until(() => agent.link !== undefined, 60_000);
  await until(
    async () => (await found.api('GET', '/api/endpoints')).body[0].Heartbeat === true,
    60_000,
  );
  expect((await restore(found.url, archive, PASSWORD)).body.message).toBe(
    'Cannot restore already initialized instance',
  );
  await found[Symbol.asyncDispose]();
  const { code, stdout } = await runServer(['audit', 'verify', '--data', dataFolder]);
  expect([code, stdout]).toEqual([0, expect.stringContaining('whole')]);
}, 180_000);

test('on the command line, of a stopped server into an empty folder', async () => {
  const data = join(folder, 'lost');
  const file = join(folder, 'backup');
  const server = await startServer({ dataFolder: data });
  await server.api('POST', '/api/teams', { Name: 'ops' });
  const env = { FLEET_BACKUP_PASSWORD: PASSWORD };
  const running = await runServer(['backup', file, '--data', data], env);
  expect([running.code, running.stdout]).toEqual([1, expect.stringContaining('POST /api/backup')]);
  await server.api('PUT', '/api/fleet/recording', { keepDays: 3_650 });
  await addRecording(data);
  await server[Symbol.asyncDispose]();
  expect((await runServer(['backup', file, '--data', data])).stdout).toContain('needs a password');
  const without = ['backup', file, '--no-recordings', '--data', data];
  expect((await runServer(without, env)).code).toBe(0);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await runServer(['backup', file, '--data', data], env)).stdout).toContain(
    'there already',
  );
  const found = join(folder, 'found');
  const wrong = await runServer(['restore', file, '--data', found], {
    FLEET_BACKUP_PASSWORD: 'no',
  });
  expect([wrong.code, wrong.stdout]).toEqual([
    1,
    expect.stringContaining('password is another one'),
  ]);
  expect((await runServer(['restore', file, '--data', found], env)).code).toBe(0);
  expect((await runServer(['restore', file, '--data', found], env)).stdout).toContain(
    'a server already',
  );
  await using again = await startServer({ dataFolder: found });
  expect((await again.api('GET', '/api/teams')).body).toEqual([{ Id: 1, Name: 'ops' }]);
  expect((await again.api('GET', '/api/fleet/recordings')).body.recordings).toEqual([]);
}, 120_000);

test('what is no backup leaves nothing behind, and no password means no backup', async () => {
  const dataFolder = join(folder, 'data');
  await using server = await startServer({ dataFolder });
  const none = await server.api('POST', '/api/backup', { password: '' });
  expect([none.status, none.body.message]).toEqual([400, 'A backup needs a password']);
  const archive = await backUp(server, PASSWORD);
  const empty = closing.use(
    await startServer({ dataFolder: join(folder, 'empty'), hasAdministrator: false }),
  );
  const changed = Buffer.from(archive);
  changed.writeUInt8(changed.readUInt8(500) ^ 1, 500);
  for (const bad of [Buffer.from('rubbish'), changed, archive.subarray(0, 300), Buffer.alloc(0)]) {
    expect((await restore(empty.url, bad, PASSWORD)).status).toBe(400);
  }
  const left = await readdir(join(folder, 'empty'));
  expect(left.filter((name) => /restored|upload|backup/.test(name))).toEqual([]);
  expect((await readdir(dataFolder)).filter((name) => name.startsWith('backup'))).toEqual([]);
  const file = join(folder, 'archive');
  await writeFile(file, archive);
  expect((await readFile(file)).length).toBe(archive.length);
}, 120_000);
