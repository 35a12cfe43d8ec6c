/** Changes with an id over a link: run once, run to the end whether the link lives or not, remembered across a kill. */
import { once } from 'node:events';
import { appendFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { INTERRUPTED, OperationMemory } from '../../src/agent/link/operation-memory.ts';
import type { OperationOutcome } from '../../src/protocol/link-api.ts';
import { startEdgeAgent, startFakeEngine } from '../support/link-agent.ts';
import { type ServerEnd, startLinkServer } from '../support/link-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

async function linkedTo(answer: Handler) {
  const stack = new AsyncDisposableStackOf();
  const folder = stack.use(await temporaryFolder());
  const server = stack.use(await startLinkServer());
  const engine = stack.use(await startFakeEngine(folder.path, answer));
  const env = { DATA_PATH: folder.path, EDGE_KEY: server.edgeKey, DOCKER_HOST: engine.address };
  stack.use(await startEdgeAgent(env));
  const end = await server.next();
  return { server, end, engine, [Symbol.asyncDispose]: () => stack.close() };
}

class AsyncDisposableStackOf {
  readonly #parts: AsyncDisposable[] = [];
  use<T extends AsyncDisposable>(part: T): T {
    this.#parts.push(part);
    return part;
  }
  async close(): Promise<void> {
    for (const part of this.#parts.reverse()) await part[Symbol.asyncDispose]();
  }
}

const restart = (id: string, more = {}) => ({
  method: 'POST',
  headers: { 'X-Fleet-Operation': id, ...more },
});

async function outcomeOf(end: ServerEnd, id: string): Promise<OperationOutcome> {
  return JSON.parse((await end.call(`/fleet/operations/${id}`)).body) as OperationOutcome;
}

test('runs once, however often it is asked for, and its outcome is remembered', async () => {
  const seen: IncomingMessage[] = [];
  await using link = await linkedTo((request, response) => {
    seen.push(request);
    response.writeHead(409, { 'Content-Type': 'application/json' }).end('{"message":"in use"}');
  });
  const { end } = link;
  expect(await outcomeOf(end, 'op-1')).toEqual({ state: 'unknown' });
  const first = await end.call('/containers/a/restart', restart('op-1'));
  const second = await end.call('/containers/a/restart', restart('op-1'));
  expect(first).toEqual({ status: 409, body: '{"message":"in use"}' });
  expect(second).toEqual(first);
  expect(seen).toHaveLength(1);
  expect(seen[0]?.headers['x-fleet-operation']).toBeUndefined();
  expect(await outcomeOf(end, 'op-1')).toMatchObject({ state: 'ended', status: 409 });
  await end.call('/containers/a/restart', { method: 'POST' });
  await end.call('/containers/a/json', { headers: { 'X-Fleet-Operation': 'op-1' } });
  expect(seen).toHaveLength(3);
});

test('goes on when the link is cut, and its outcome is there when the link is back', async () => {
  let answer = () => {};
  let isAborted = false;
  await using link = await linkedTo((request, response) => {
    request.on('aborted', () => {
      isAborted = true;
    });
    answer = () => response.writeHead(204).end();
  });
  const { server, end } = link;
  const lost = expect(end.call('/containers/a/stop', restart('op-2'))).rejects.toThrow();
  await until(async () => (await outcomeOf(end, 'op-2')).state === 'running');
  const repeated = await end.call('/containers/a/stop', restart('op-2'));
  expect(repeated.status).toBe(409);
  server.cut();
  await lost;
  const again = await server.next();
  expect(await outcomeOf(again, 'op-2')).toMatchObject({ state: 'running' });
  answer();
  await until(async () => (await outcomeOf(again, 'op-2')).state === 'ended');
  expect(await outcomeOf(again, 'op-2')).toMatchObject({ status: 204, body: '' });
  expect(isAborted).toBe(false);
});

test('is given up when the link is cut before all of it arrived, and says so', async () => {
  let arrived = 0;
  await using link = await linkedTo((request) => {
    request.on('data', (chunk: Buffer) => {
      arrived += chunk.length;
    });
  });
  const { server, end } = link;
  const stream = end.link.open();
  stream.on('error', () => undefined);
  stream.write(
    'PUT /containers/a/archive?path=/ HTTP/1.1\r\nHost: x\r\nX-Fleet-Operation: op-3\r\nContent-Length: 100\r\n\r\nhalf',
  );
  await until(() => arrived === 4);
  server.cut();
  const again = await server.next();
  await until(async () => (await outcomeOf(again, 'op-3')).state === 'ended');
  const outcome = await outcomeOf(again, 'op-3');
  expect(JSON.stringify(outcome)).toContain('before the whole operation had arrived');
});

test('an engine that is away, an id that is too long, and an answer of any size', async () => {
  const big = 'x'.repeat(300_000);
  await using link = await linkedTo((request, response) => {
    if (request.url === '/broken') request.socket.destroy();
    else response.end(big);
  });
  const { end } = link;
  const broken = await end.call('/broken', restart('op-4'));
  expect(broken.status).toBe(500);
  expect(await outcomeOf(end, 'op-4')).toMatchObject({ state: 'ended', status: 500 });
  expect((await end.call('/images/create', restart('x'.repeat(65)))).status).toBe(400);
  expect((await end.call('/images/create', restart('op-5'))).body).toBe(big);
  const outcome = await outcomeOf(end, 'op-5');
  expect(outcome.state === 'ended' && outcome.body.length).toBe(65_536);
});

test('an upgrade with an id happens once, too', async () => {
  await using link = await linkedTo(() => undefined);
  let upgrades = 0;
  link.engine.server.on('upgrade', (_, socket) => {
    upgrades += 1;
    socket.end('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nbye');
  });
  const ask = async () => {
    const stream = link.end.link.open();
    stream.write(
      'POST /exec/e/start HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nX-Fleet-Operation: op-6\r\nContent-Length: 2\r\n\r\n{}',
    );
    const [head] = (await once(stream, 'data')) as [Buffer];
    stream.end();
    return head.toString().slice(0, 12);
  };
  expect(await ask()).toBe('HTTP/1.1 101');
  expect(await ask()).toBe('HTTP/1.1 409');
  expect(upgrades).toBe(1);
  expect(await outcomeOf(link.end, 'op-6')).toMatchObject({ state: 'ended', status: 101 });
});

test('what was under way when the agent was killed is not called undone', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'operations.ndjson');
  const first = new OperationMemory({ file });
  expect(first.begin('a')).toBeUndefined();
  expect(first.begin('b')).toBeUndefined();
  first.end('b', 204, '');
  await appendFile(file, '{"id":"c","outc');
  const second = new OperationMemory({ file });
  expect(second.outcome('a')).toMatchObject({ state: 'ended', status: 502 });
  expect(JSON.stringify(second.outcome('a'))).toContain(INTERRUPTED);
  expect(second.outcome('b')).toMatchObject({ state: 'ended', status: 204 });
  expect(second.outcome('c')).toEqual({ state: 'unknown' });
});

test('outcomes are forgotten after ten minutes, and never more than ten thousand are kept', async () => {
  await using folder = await temporaryFolder();
  const clock = { nowMs: 1_000_000 };
  const memory = new OperationMemory({ file: join(folder.path, 'o'), now: () => clock.nowMs });
  for (let id = 0; id < 10_100; id += 1) {
    memory.begin(String(id));
    memory.end(String(id), 200, 'x'.repeat(1_000));
  }
  expect(memory.outcome('0')).toEqual({ state: 'unknown' });
  expect(memory.outcome('10099')).toMatchObject({ state: 'ended', body: 'x'.repeat(1_000) });
  memory.begin('slow');
  clock.nowMs += 600_001;
  expect(memory.outcome('10099')).toEqual({ state: 'unknown' });
  expect(memory.outcome('slow')).toMatchObject({ state: 'running' });
});
