/**
 * An agent that was let in and then turns on its server: rubbish, floods, lies. Each of its answers costs bounded time and
 * memory, no browser obeys it, and the environment beside it notices nothing.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Closing } from '../support/closing.ts';
import { type EdgeAgent, fakeContainer, startEdgeAgent } from '../support/edge-agent.ts';
import { type InProcessServer, startInProcessServer } from '../support/in-process-server.ts';
import { until } from '../support/until.ts';

type Turn = (request: IncomingMessage, response: ServerResponse) => boolean;

const closing = new Closing();
let server: InProcessServer;
let good: { id: number; agent: EdgeAgent };
let bad: { id: number; agent: EdgeAgent };
/** How the bad agent answers now; undefined: as it should. */
let turn: Turn | undefined;

async function join(name: string, turncoat?: Turn) {
  const wish = { Name: name, EndpointCreationType: 4, URL: server.url };
  const {
    Id: id,
    EdgeKey: edgeKey,
    EdgeID: edgeId,
  } = (await server.api('POST', '/api/endpoints', wish)).body;
  const more = turncoat ? { turncoat } : {};
  const agent = closing.use(
    await startEdgeAgent({ edgeKey, edgeId, name, random: () => 0.1, ...more }),
  );
  await agent.linked();
  await until(() => environment(id)?.connection === 'up');
  return { id, agent };
}

const environment = (id: number) => server.server.services.model.environment(id);
const namesOf = (id: number) =>
  [...server.server.services.model.containersOf(id)].map(({ name }) => name).sort();
const ask = (path: string, method = 'GET') =>
  server.api(method, `/api/endpoints/${bad.id}/docker${path}`);

beforeAll(async () => {
  server = closing.use(await startInProcessServer());
  good = await join('good');
  bad = await join('bad', (request, response) => turn?.(request, response) ?? false);
});
afterAll(() => closing.close());
afterEach(async () => {
  turn = undefined;
  expect(environment(good.id)).toMatchObject({ id: good.id, name: 'good', connection: 'up' });
  expect(namesOf(good.id)).toEqual(['good-0', 'good-1']);
  const other = await server.api('GET', `/api/endpoints/${good.id}/docker/info`);
  expect([other.status, other.body.Name]).toEqual([200, 'good']);
});

test('nothing that a browser would obey gets through', async () => {
  turn = (_, response) => {
    response.writeHead(200, {
      'Content-Type': 'text/html',
      'Set-Cookie': 'portainer_api_key=fixed; Path=/',
      'X-CSRF-Token': 'forged',
      'Access-Control-Allow-Origin': '*',
      'Content-Security-Policy': 'script-src *',
      'Strict-Transport-Security': 'max-age=0',
      'Clear-Site-Data': '"*"',
      'Alt-Svc': 'h2="evil.example:443"',
      'WWW-Authenticate': 'Basic realm="Sign in again"',
    });
    response.end('<script>alert(1)</script>');
    return true;
  };
  const { headers } = await ask('/info');
  for (const name of [
    'set-cookie',
    'x-csrf-token',
    'access-control-allow-origin',
    'alt-svc',
    'www-authenticate',
    'clear-site-data',
    'strict-transport-security',
  ]) {
    expect(headers[name]).toBeUndefined();
  }
  expect(headers['content-security-policy']).toMatch(/^default-src 'none'; .*sandbox$/);
  expect(headers['x-content-type-options']).toBe('nosniff');
});

test.each([301, 302, 307, 308])('a redirect (%i) leads nobody anywhere', async (status) => {
  turn = (_, response) => {
    response.writeHead(status, { Location: 'https://evil.example/' }).end();
    return true;
  };
  const answer = await ask('/info');
  expect([answer.status, answer.headers['location']]).toEqual([status, undefined]);
  const survey = await server.api('POST', `/api/endpoints/${bad.id}/snapshot`);
  expect(survey.status).toBe(204);
});

const raw =
  (bytes: string): Turn =>
  (_, response) => {
    response.socket?.write(bytes);
    return true;
  };

/** Writes for as long as anybody reads. */
const flood =
  (head: string, piece: string): Turn =>
  (_, response) => {
    const { socket } = response;
    const pour = (): void => {
      for (let count = 0; count < 50 && socket?.writable; count += 1) {
        if (!socket.write(piece)) return;
      }
      if (socket?.writable) setImmediate(pour);
    };
    socket?.on('drain', pour);
    socket?.write(head);
    pour();
    return true;
  };

const OK = 'HTTP/1.1 200 OK\r\n';
test.each<[string, Turn]>([
  ['headers without end', flood(OK, 'X-More: more and more\r\n')],
  ['one header without end', flood(`${OK}X: `, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')],
  ['a status line without end', flood('HTTP/1.1 200 ', 'a'.repeat(100))],
  ['rubbish', raw('\0\x01\x02 no HTTP at all\r\n\r\n')],
  ['two lengths', raw(`${OK}Content-Length: 2\r\nContent-Length: 3\r\n\r\nabc`)],
  [
    'a length and chunks',
    raw(`${OK}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`),
  ],
  [
    'an upgrade that nobody asked for',
    raw(
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nGET / HTTP/1.1\r\n\r\n',
    ),
  ],
  ['the end before an answer', (_, response) => Boolean(response.socket?.destroy())],
])('%s is answered with a 502 in bounded time', async (_what, way) => {
  turn = way;
  const startMs = performance.now();
  const { status, body } = await ask('/info');
  expect([status, body.message]).toEqual([502, 'Unable to proxy the request to the environment']);
  expect(performance.now() - startMs).toBeLessThan(8_000);
});

test('an answer split over what follows it is not given to the next request', async () => {
  turn = (request, response) => {
    if (!request.url?.startsWith('/info')) return false;
    response.socket?.write(
      `${OK}Content-Length: 2\r\n\r\n{}${OK}Content-Length: 12\r\n\r\n"poisoned-1"`,
    );
    return true;
  };
  await ask('/info');
  turn = undefined;
  for (let round = 0; round < 5; round += 1) {
    expect((await ask('/version')).text).not.toContain('poisoned');
  }
});

test('an answer without end to a question of our own is given up, and one to a client passes no faster than it reads', async () => {
  const before = process.memoryUsage().rss;
  turn = flood(`${OK}Content-Type: application/json\r\n\r\n["`, 'x'.repeat(1 << 20));
  await server.api('POST', `/api/endpoints/${bad.id}/snapshot`);
  expect(process.memoryUsage().rss - before).toBeLessThan(600 << 20);
}, 90_000);

test('what it says of other environments is taken as its own, or not at all', async () => {
  const { agent, id } = bad;
  const [stolen] = [...server.server.services.model.containersOf(good.id)];
  agent.journal.tell([
    {
      kind: 'container',
      container: { ...fakeContainer('e'.repeat(64), 'planted'), environmentId: good.id },
    },
    { kind: 'container-gone', environmentId: good.id, id: stolen?.id ?? '' },
    { kind: 'environment-gone', environmentId: good.id },
    {
      kind: 'containers',
      environmentId: good.id,
      containers: [fakeContainer('f'.repeat(64), 'own')],
    },
  ]);
  await until(() => namesOf(id).includes('own'));
  expect(namesOf(id)).toEqual(['own']);
  expect(environment(id)?.name).toBe('bad');
});

/** Feeds the server with these lines in place of a feed. */
const feedOf =
  (...lines: (string | object)[]): Turn =>
  (request, response) => {
    if (!request.url?.includes('feed')) return false;
    response.writeHead(200);
    for (const line of lines)
      response.write(typeof line === 'string' ? line : `${JSON.stringify(line)}\n`);
    return true;
  };
const OPENING = { kind: 'opening', feedId: 'x', isResumed: false, hasGap: false };
const snapshotOf = (containers: unknown) => ({
  kind: 'snapshot',
  sequence: 1,
  atMs: 1,
  environments: [],
  containers,
});

test.each<[string, Turn]>([
  ['no JSON', feedOf('hello\n')],
  ['no opening', feedOf({ kind: 'beat', sequence: 1, atMs: 1, seenAtMs: {} })],
  ['a snapshot of another shape', feedOf(OPENING, snapshotOf('many'))],
  ['changes out of order', feedOf(OPENING, { kind: 'changes', sequence: 9, atMs: 1, changes: [] })],
  [
    'more containers than an engine can hold',
    feedOf(
      OPENING,
      snapshotOf(Array.from({ length: 20_001 }, (_, at) => fakeContainer(String(at), 'x'))),
    ),
  ],
  [
    'a line without end',
    (request, response) =>
      request.url?.includes('feed') === true &&
      flood(`${OK}\r\n`, 'x'.repeat(1 << 20))(request, response),
  ],
  [
    'a refusal',
    (request, response) =>
      request.url?.includes('feed') === true && Boolean(response.writeHead(500).end()),
  ],
])(
  'a feed that is %s makes it down with a reason, and nobody else',
  async (_what, way) => {
    turn = way;
    bad.agent.cut();
    await until(() => bad.agent.link === undefined);
    bad.agent.heal();
    await until(() => environment(bad.id)?.connection === 'down', 60_000);
    expect(environment(bad.id)?.reason).toMatch(/feed|tells of|answered/);
    turn = undefined;
    await until(() => environment(bad.id)?.connection === 'up', 60_000);
  },
  120_000,
);

test('it can not speak for another environment, whose key it does not have', async () => {
  const { identity } = bad.agent;
  const { body } = await server.api('GET', `/api/endpoints/${bad.id}`);
  await using liar = await startEdgeAgent({
    edgeKey: body.EdgeKey,
    identity,
    forge: (hello) => ({ ...hello, environmentId: good.id }),
  });
  const { sentence } = await liar.ended(/./);
  expect(sentence).toMatch(/another|second|key|identity/i);
  expect(liar.link).toBeUndefined();
});
