/** The feed over a link, from a real engine: snapshot, changes, and after a cut the changes in between without a hole. */
import type { IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FeedJournal } from '../../src/agent/link/feed-journal.ts';
import { type FeedMessage, feedMessageSchema } from '../../src/protocol/feed.ts';
import type { FeedOpening } from '../../src/protocol/link-api.ts';
import { Closing } from '../support/closing.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { startEdgeAgent } from '../support/link-agent.ts';
import { startLinkServer } from '../support/link-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const closing = new Closing();
let engine: TestEngine;
beforeAll(async () => {
  engine = closing.use(await startEngine({ version: 'new', name: 'l1' }));
});
afterAll(async () => await closing.close());

interface Reading {
  readonly opening: FeedOpening;
  readonly messages: FeedMessage[];
  /** Resolves when some message fits. */
  until(fits: (message: FeedMessage) => boolean): Promise<FeedMessage>;
}

async function readFeed(response: IncomingMessage): Promise<Reading> {
  response.on('error', () => undefined);
  const lines = createInterface({ input: response })[Symbol.asyncIterator]();
  const { value } = (await lines.next()) as { value: string };
  const messages: FeedMessage[] = [];
  return {
    opening: JSON.parse(value) as FeedOpening,
    messages,
    async until(fits) {
      for (;;) {
        const line = (await lines.next()) as { value: string; done: boolean };
        if (line.done) throw new Error(`ended after ${JSON.stringify(messages)}`);
        const message = feedMessageSchema.parse(JSON.parse(line.value));
        messages.push(message);
        if (fits(message)) return message;
      }
    },
  };
}

const isAbout = (name: string, state: string) => (message: FeedMessage) =>
  JSON.stringify(message).includes(`"name":"${name}"`) &&
  JSON.stringify(message).includes(`"state":"${state}"`);

test('snapshot, changes and beats; after a cut the changes in between, in order', async () => {
  await using folder = await temporaryFolder();
  await using server = await startLinkServer();
  await using _agent = await startEdgeAgent({
    DATA_PATH: folder.path,
    EDGE_KEY: server.edgeKey,
    DOCKER_HOST: `unix://${engine.socketPath}`,
  });
  const first = await readFeed(await (await server.next()).open('/fleet/feed'));
  expect(first.opening).toMatchObject({ isResumed: false, hasGap: false });
  await first.until((message) => JSON.stringify(message).includes('"connection":"up"'));
  await engine.docker('run', '-d', '--name', 'before', 'busybox', 'sleep', '600');
  await first.until(isAbout('before', 'running'));
  const beat = await first.until(({ kind }) => kind === 'beat');
  expect(beat).toMatchObject({ seenAtMs: { 0: expect.any(Number) } });
  server.cut();
  await engine.docker('run', '-d', '--name', 'between', 'busybox', 'sleep', '600');
  const { feedId } = first.opening;
  const resume = `/fleet/feed?feed=${feedId}&sequence=${beat.sequence}`;
  const second = await readFeed(await (await server.next()).open(resume));
  expect(second.opening).toEqual({ kind: 'opening', feedId, isResumed: true, hasGap: false });
  await second.until(isAbout('between', 'running'));
  expect(second.messages.map(({ sequence }) => sequence)).toEqual(
    second.messages.map((_, index) => beat.sequence + 1 + index),
  );
});

test('a feed that is not this one, or a number that never was, is a gap and a snapshot', async () => {
  await using folder = await temporaryFolder();
  await using server = await startLinkServer();
  await using _agent = await startEdgeAgent({
    DATA_PATH: folder.path,
    EDGE_KEY: server.edgeKey,
    DOCKER_HOST: `unix://${engine.socketPath}`,
  });
  const end = await server.next();
  const other = await readFeed(await end.open('/fleet/feed?feed=another&sequence=4'));
  expect(other.opening).toMatchObject({ isResumed: false, hasGap: true });
  const { feedId } = other.opening;
  const future = await readFeed(await end.open(`/fleet/feed?feed=${feedId}&sequence=99999`));
  expect(future.opening).toMatchObject({ isResumed: false, hasGap: true });
  expect((await future.until(() => true)).kind).toBe('snapshot');
  expect((await end.call(`/fleet/feed?feed=${feedId}&sequence=x`)).status).toBe(400);
});

test('a shell of a real engine over the link, its output whole after its input has ended', async () => {
  await using folder = await temporaryFolder();
  await using server = await startLinkServer();
  await using _agent = await startEdgeAgent({
    DATA_PATH: folder.path,
    EDGE_KEY: server.edgeKey,
    DOCKER_HOST: `unix://${engine.socketPath}`,
  });
  const end = await server.next();
  const id = await engine.docker('run', '-d', 'busybox', 'sleep', '600');
  const wish = { AttachStdin: true, AttachStdout: true, Tty: false, Cmd: ['wc', '-c'] };
  const json = { 'Content-Type': 'application/json' };
  const post = { method: 'POST', headers: json, body: JSON.stringify(wish) };
  const exec = JSON.parse((await end.call(`/containers/${id}/exec`, post)).body) as { Id: string };
  const stream = end.link.open();
  const body = '{"Tty":false,"Detach":false}';
  stream.write(
    `POST /exec/${exec.Id}/start HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  const input = Buffer.alloc(3 << 20, 'x');
  stream.write(input);
  stream.end();
  let output = '';
  for await (const chunk of stream) output += String(chunk);
  expect(output).toMatch(/^HTTP\/1\.1 101/);
  expect(output).toContain(String(input.length));
});

const change = { kind: 'environment-gone', environmentId: 0 } as const;

test('the journal keeps the newest within its limits and says when something is missing', () => {
  const journal = new FeedJournal({ count: 5 });
  for (let count = 0; count < 20; count += 1) journal.append([change], count);
  expect(journal.sequence).toBe(20);
  expect(journal.after(20)).toEqual([]);
  expect(journal.after(15)?.map((line) => JSON.parse(line).sequence)).toEqual([16, 17, 18, 19, 20]);
  for (const sequence of [14, 21, -1, Number.NaN]) expect(journal.after(sequence)).toBeUndefined();
  const small = new FeedJournal({ bytes: 1_000 });
  for (let count = 0; count < 100; count += 1) small.append([change], count);
  expect(small.after(99)).toHaveLength(1);
  expect(small.after(50)).toBeUndefined();
  expect(small.after(100)).toEqual([]);
});
