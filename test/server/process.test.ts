/** fleet-server as a process: flags, first start, second start, sudden death, and stopping when told. */
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { FEED_PATH } from '../../src/protocol/feed-pace.ts';
import { httpsCall } from '../support/https-call.ts';
import { runServer, startServer } from '../support/server.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fleet-process-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('flags', () => {
  test('--help and --version answer and end', async () => {
    const help = await runServer(['--help']);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    for (const flag of ['--data', '--bind-https', '--sslcert', '-H, --host', 'AGENT_SECRET']) {
      expect(help.stdout).toContain(flag);
    }
    const version = await runServer(['--version']);
    expect(version).toMatchObject({ code: 0, stdout: expect.stringMatching(/^fleet-server \d/) });
  });

  test.each([
    [['--nonsense'], /unknown option '--nonsense'. See fleet-server --help/],
    [['extra'], /too many arguments|unknown command/],
    [['--bind-https', 'somewhere'], /--bind-https takes ADDR:PORT/],
    [['--bind-https', '127.0.0.1:70000'], /--bind-https takes ADDR:PORT/],
    [['--sslcert', '/x.pem'], /go together/],
    [['--snapshot-interval', 'soon'], /takes a duration such as 30s/],
    [['--stats-interval', '20m'], /between 1s and 10m/],
    [['--log-level', 'loud'], /one of debug, info, warn, error/],
    [['--admin-password', 'x', '--admin-password-file', 'y'], /not both/],
  ])('%j is a sentence and status 2', async (args, sentence) => {
    const { code, stdout, stderr } = await runServer(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  test.each([
    [
      ['--admin-password', '$2y$05$aaaaaaaaaaaaaaaaaaaaaa'],
      /takes an argon2 hash .* or a bcrypt hash/,
    ],
    [
      ['--admin-password-file', '/nowhere/password'],
      /--admin-password-file \/nowhere\/password can't be read/,
    ],
    [['--sslcert', '/nowhere/c', '--sslkey', '/nowhere/k'], /--sslcert \/nowhere\/c can't be read/],
    [['--bind-https', '192.0.2.1:9443'], /Can't listen on 192.0.2.1:9443/],
    [['-H', 'ssh://host'], /Invalid environment URL|not supported/],
    [['--data', '/proc/nowhere'], /data folder \/proc\/nowhere can't be made/],
    [['--data', '/dev/null/x'], /data folder \/dev\/null\/x can't be made/],
  ])('%j can not start: a sentence in the log and status 1', async (args, sentence) => {
    const data = await mkdtemp(join(folder, 'data-'));
    const { code, stderr } = await runServer([
      '--data',
      data,
      '--bind-https',
      '127.0.0.1:0',
      ...args,
    ]);
    expect(code).toBe(1);
    const lines = stderr.trim().split('\n');
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
      level: 'fatal',
      msg: expect.stringMatching(sentence),
    });
  });
});

test('a second start on the same data folder says who has it', async () => {
  await using first = await startServer();
  const { code, stderr } = await runServer([
    '--data',
    first.dataFolder,
    '--bind-https',
    '127.0.0.1:0',
  ]);
  expect(code).toBe(1);
  expect(stderr).toContain(
    `Another fleet-server (process ${first.pid}, ${first.url}) has the data folder ${first.dataFolder} open.`,
  );
  expect((await first.api('GET', '/api/users/me')).status).toBe(200);
});

test('after a kill it starts at once and knows everything, tokens and sign-outs included', async () => {
  const dataFolder = join(folder, 'killed');
  const first = await startServer({ dataFolder });
  const apiKey = await first.createApiKey('before');
  const gone = await first.api('POST', '/api/auth', {
    username: 'admin',
    password: first.adminPassword,
  });
  await using second = await (async () => {
    await httpsCall(first.url, '/api/auth/logout', {
      method: 'POST',
      headers: { Authorization: gone.body.jwt },
    });
    first.kill('SIGKILL');
    await first.exit;
    return startServer({ dataFolder });
  })();
  expect(second.instanceId).toBe(first.instanceId);
  expect(second.fingerprint).toBe(first.fingerprint);
  const statusWith = async (headers: Record<string, string>) =>
    (await httpsCall(second.url, '/api/users/me', { headers })).status;
  expect(await statusWith({ 'X-API-Key': apiKey })).toBe(200);
  expect(await statusWith({ Authorization: first.token })).toBe(200);
  expect(await statusWith({ Authorization: gone.body.jwt })).toBe(401);
});

describe('stopping', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    '%s ends open streams and leaves a clean folder',
    async (signal) => {
      const dataFolder = await mkdtemp(join(folder, 'stop-'));
      const server = await startServer({ dataFolder });
      expect(JSON.parse(await readFile(join(dataFolder, 'server.json'), 'utf8'))).toEqual({
        pid: server.pid,
        url: server.url,
        instanceId: server.instanceId,
      });
      for (const name of ['fleet.db', 'key.pem', 'portainer.key', 'server.json']) {
        expect([name, (await stat(join(dataFolder, name))).mode & 0o777]).toEqual([name, 0o600]);
      }
      const feed = new WebSocket(`${server.url.replace('https', 'wss')}${FEED_PATH}`, {
        headers: { Authorization: `Bearer ${server.token}` },
        rejectUnauthorized: false,
      });
      await once(feed, 'message');
      const closed = once(feed, 'close');
      const startMs = performance.now();
      server.kill(signal);
      expect(await server.exit).toEqual({ code: 0, signal: null });
      expect(performance.now() - startMs).toBeLessThan(5_000);
      expect((await closed)[0]).toBe(1001);
      await expect(stat(join(dataFolder, 'server.json'))).rejects.toThrow('ENOENT');
      await expect(stat(join(dataFolder, 'fleet.db-wal'))).rejects.toThrow('ENOENT');
      await server[Symbol.asyncDispose]();
    },
  );
});

test('it ends with the process that started it', async () => {
  await using server = await startServer();
  server.leave();
  expect(await server.exit).toEqual({ code: 0, signal: null });
});

test('the admin password file is for the first start only, its final newline is not part of it', async () => {
  const dataFolder = join(folder, 'again');
  await (await startServer({ dataFolder }))[Symbol.asyncDispose]();
  const other = join(folder, 'other-password');
  await writeFile(other, 'quite another password\n');
  await using second = await startServer({ dataFolder, args: ['--admin-password-file', other] });
  expect((await second.api('GET', '/api/users/me')).body.Username).toBe('admin');
});

/** What the server logged when it began to listen. */
function listeningLine(log: string) {
  const line = log.split('\n').find((text) => text.includes('listening on'));
  return JSON.parse(line ?? '{}');
}

test('the log names the certificate, for people who compare before they trust', async () => {
  await using server = await startServer();
  expect(listeningLine(server.log()).fingerprint).toBe(server.fingerprint);
});

test('plain HTTP is off unless asked for', async () => {
  await using server = await startServer({ args: ['--bind', '127.0.0.1:0'] });
  const { http } = listeningLine(server.log());
  const answer = await fetch(`http://127.0.0.1:${http.port}/api/status`);
  expect(answer.status).toBe(200);
});
