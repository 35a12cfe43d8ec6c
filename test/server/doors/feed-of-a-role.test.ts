/** The feed of an account that is no administrator: only what it has a role in, and a role taken away ends it. */
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { FeedMessage } from '../../../src/protocol/feed.ts';
import { FEED_PATH } from '../../../src/protocol/feed-pace.ts';
import { Closing } from '../../support/closing.ts';
import { startEngine, type TestEngine } from '../../support/engine.ts';
import { type InProcessServer, startInProcessServer } from '../../support/in-process-server.ts';

const PASSWORD = 'a long enough password';
const closing = new Closing();
let mine: TestEngine;
let foreign: TestEngine;
let server: InProcessServer;
let userId: number;

beforeAll(async () => {
  mine = closing.use(await startEngine({ version: 'new', name: 'mine' }));
  foreign = closing.use(await startEngine({ version: 'old', name: 'foreign' }));
  await foreign.docker('run', '-d', '--name', 'hidden', 'busybox', 'sleep', '1000');
  const settings = { engineUrl: `unix://${mine.socketPath}` };
  server = closing.use(await startInProcessServer({ settings }));
  const other = { Name: 'foreign', EndpointCreationType: 1, URL: `unix://${foreign.socketPath}` };
  expect((await server.api('POST', '/api/endpoints', other)).status).toBe(200);
  const user = { Username: 'viewer', Password: PASSWORD, Role: 2 };
  userId = (await server.api('POST', '/api/users', user)).body.Id;
  await give(4);
}, 120_000);
afterAll(() => closing.close());

async function give(role: number | undefined): Promise<void> {
  const policies = role === undefined ? {} : { [userId]: { RoleId: role } };
  await server.api('PUT', '/api/endpoints/1', { UserAccessPolicies: policies });
}

async function listen() {
  const headers = { Authorization: `Bearer ${await server.signIn('viewer', PASSWORD)}` };
  const url = `${server.url.replace('https:', 'wss:')}${FEED_PATH}`;
  const socket = new WebSocket(url, { headers, rejectUnauthorized: false });
  const messages: FeedMessage[] = [];
  socket.on('message', (data) => messages.push(JSON.parse(String(data))));
  await once(socket, 'open');
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await once(socket, 'message');
  };
  const told = () => JSON.stringify(messages);
  await until(() => messages.length > 0);
  return { socket, messages, until, told };
}

test('tells the environments with a role, and nothing of the others', async () => {
  const feed = await listen();
  await foreign.docker('run', '-d', '--name', 'hidden-too', 'busybox', 'sleep', '1000');
  await mine.docker('run', '-d', '--name', 'shown', 'busybox', 'sleep', '1000');
  await feed.until(() => feed.told().includes('shown'));
  await feed.until(() => feed.messages.some(({ kind }) => kind === 'beat'));
  expect(feed.told()).not.toMatch(/hidden|foreign/);
  const beat = feed.messages.find((message) => message.kind === 'beat');
  expect(Object.keys(beat?.seenAtMs ?? {})).toEqual(['1']);
  const numbers = feed.messages.filter(({ kind }) => kind === 'changes').map((one) => one.sequence);
  expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
  feed.socket.close();
});

test('tells what the role may there and whose feed it is, also in an environment that changes', async () => {
  const feed = await listen();
  const account = { id: userId, name: 'viewer', isAdministrator: false, leadsTeams: false };
  const environments = [{ id: 1, may: ['read', 'stats'] }];
  expect(feed.messages[0]).toMatchObject({ kind: 'snapshot', account, environments });
  await server.api('PUT', '/api/endpoints/1', { Name: 'renamed' });
  await feed.until(() => feed.told().includes('renamed'));
  const changes = feed.messages.flatMap((one) => (one.kind === 'changes' ? one.changes : []));
  const environment = { name: 'renamed', may: ['read', 'stats'] };
  expect(changes).toContainEqual({
    kind: 'environment',
    environment: expect.objectContaining(environment),
  });
  feed.socket.close();
});

test('tells whose role reaches only its own what it may do with the rest', async () => {
  await give(3);
  const feed = await listen();
  const [environment] = feed.messages[0]?.kind === 'snapshot' ? feed.messages[0].environments : [];
  expect(environment?.may).toEqual(expect.arrayContaining(['lifecycle', 'exec', 'destroy']));
  expect(environment?.mayInCommon?.toSorted()).toEqual(['create', 'read']);
  feed.socket.close();
  await give(4);
});

test('tells who leads a team, and begins anew when that changes', async () => {
  const { body: team } = await server.api('POST', '/api/teams', { Name: 'desk' });
  const place = { UserID: userId, TeamID: team.Id, Role: 2 };
  const { body: member } = await server.api('POST', '/api/team_memberships', place);
  const before = await listen();
  const closed = once(before.socket, 'close');
  const leader = { ...place, Role: 1 };
  await server.api('PUT', `/api/team_memberships/${member.Id}`, leader);
  await closed;
  const feed = await listen();
  expect(feed.messages[0]).toMatchObject({ account: { leadsTeams: true } });
  feed.socket.close();
  await server.api('DELETE', `/api/teams/${team.Id}`);
});

test('ends within a second when the role becomes another one, and begins again with what is left', async () => {
  const feed = await listen();
  const closed = once(feed.socket, 'close');
  const askedAt = performance.now();
  await give(undefined);
  await closed;
  expect(performance.now() - askedAt).toBeLessThan(1_000);
  const next = await listen();
  expect(next.messages[0]).toMatchObject({ kind: 'snapshot', environments: [], containers: [] });
  next.socket.close();
  await give(4);
});
