/** The fleet's live state and its feed: snapshot first, then changes without gaps, each thing's last word only. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Container } from '../../../src/protocol/container.ts';
import type { Environment } from '../../../src/protocol/environment.ts';
import { type FeedMessage, feedMessageSchema } from '../../../src/protocol/feed.ts';
import { LiveModel } from '../../../src/server/fleet/live-model.ts';

const environment = (id: number, change: Partial<Environment> = {}): Environment => ({
  id,
  name: `environment ${id}`,
  kind: 'socket',
  address: 'unix:///var/run/docker.sock',
  connection: 'up',
  sinceMs: 1,
  reason: null,
  engine: null,
  lastSeenAtMs: null,
  tags: [],
  ...change,
});

const container = (environmentId: number, id: string, name = id): Container => ({
  environmentId,
  id,
  name,
  image: 'busybox',
  imageId: 'sha256:1',
  command: 'sleep',
  createdAtMs: 0,
  state: 'running',
  health: 'none',
  exitCode: null,
  startedAtMs: null,
  finishedAtMs: null,
  isTimeExact: false,
  ports: [],
  labels: {},
  networks: [],
  mountCount: 0,
  networkOf: null,
  restartsSeen: 0,
  oomsSeen: 0,
});

let model: LiveModel;
let told: FeedMessage[];
const kinds = () => told.map((message) => message.kind);
const changesOf = (message: FeedMessage | undefined) =>
  message?.kind === 'changes' ? message.changes : [];

beforeEach(() => {
  vi.useFakeTimers();
  model = new LiveModel(() => 42);
  told = [];
});
afterEach(() => {
  model[Symbol.dispose]();
  vi.useRealTimers();
});

test('a reader gets everything at once, then what changes, numbered without gaps', () => {
  model.apply([{ kind: 'environment', environment: environment(1) }]);
  model.apply([{ kind: 'containers', environmentId: 1, containers: [container(1, 'a')] }]);
  model.subscribe((message) => told.push(message));
  expect(told).toMatchObject([
    { kind: 'snapshot', environments: [{ id: 1 }], containers: [{ id: 'a' }], atMs: 42 },
  ]);
  model.apply([{ kind: 'container', container: container(1, 'b') }]);
  vi.advanceTimersByTime(100);
  model.apply([{ kind: 'container-gone', environmentId: 1, id: 'a' }]);
  vi.advanceTimersByTime(100);
  expect(kinds()).toEqual(['snapshot', 'changes', 'changes']);
  const first = told[0]?.sequence ?? 0;
  expect(told.map((message) => message.sequence)).toEqual([first, first + 1, first + 2]);
  for (const message of told) expect(feedMessageSchema.parse(message)).toEqual(message);
});

test('of many changes of one thing within 100 ms only the last is told', () => {
  model.apply([{ kind: 'environment', environment: environment(1) }]);
  model.subscribe((message) => told.push(message));
  for (const name of ['x', 'y', 'z']) {
    model.apply([{ kind: 'container', container: container(1, 'a', name) }]);
  }
  vi.advanceTimersByTime(100);
  expect(changesOf(told.at(-1))).toEqual([
    { kind: 'container', container: container(1, 'a', 'z') },
  ]);
});

test('an environment is told before its containers, and a whole list replaces earlier changes', () => {
  model.subscribe((message) => told.push(message));
  model.apply([{ kind: 'environment', environment: environment(1, { connection: 'connecting' }) }]);
  model.apply([{ kind: 'container', container: container(1, 'old') }]);
  model.apply([{ kind: 'containers', environmentId: 1, containers: [container(1, 'new')] }]);
  model.apply([{ kind: 'environment', environment: environment(1) }]);
  vi.advanceTimersByTime(100);
  expect(changesOf(told.at(-1))).toMatchObject([
    { kind: 'environment', environment: { connection: 'up' } },
    { kind: 'containers', containers: [{ id: 'new' }] },
  ]);
  expect([...model.containersOf(1)].map(({ id }) => id)).toEqual(['new']);
});

test('what is removed is gone, and later words about it are not passed on', () => {
  model.apply([{ kind: 'environment', environment: environment(1) }]);
  model.subscribe((message) => told.push(message));
  model.apply([{ kind: 'environment-gone', environmentId: 1 }]);
  model.apply([{ kind: 'container', container: container(1, 'late') }]);
  model.seen(1, 7);
  vi.advanceTimersByTime(100);
  expect(changesOf(told.at(-1))).toEqual([{ kind: 'environment-gone', environmentId: 1 }]);
  expect(model.snapshot()).toMatchObject({ environments: [], containers: [] });
  expect(model.seenAtMs(1)).toBeNull();
});

test('a beat every five seconds carries the signs of life', () => {
  model.apply([{ kind: 'environment', environment: environment(1) }]);
  model.subscribe((message) => told.push(message));
  model.seen(1, 41);
  vi.advanceTimersByTime(5_000);
  expect(told.at(-1)).toMatchObject({ kind: 'beat', seenAtMs: { 1: 41 } });
  expect(told.at(-1)?.sequence).toBe(told[0]?.sequence);
  expect(model.snapshot().environments[0]?.lastSeenAtMs).toBe(41);
});

test('a beat carries only what was seen since the one before it', () => {
  const both = [1, 2].map((id) => ({ kind: 'environment' as const, environment: environment(id) }));
  model.apply(both);
  model.subscribe((message) => told.push(message));
  model.seen(1, 41);
  model.seen(2, 41);
  vi.advanceTimersByTime(5_000);
  model.seen(2, 42);
  vi.advanceTimersByTime(5_000);
  const beats = told.filter(({ kind }) => kind === 'beat');
  expect(beats).toMatchObject([{ seenAtMs: { 1: 41, 2: 41 } }, { seenAtMs: { 2: 42 } }]);
  expect(beats[1]).not.toHaveProperty('seenAtMs.1');
  expect(model.snapshot().environments.map(({ lastSeenAtMs }) => lastSeenAtMs)).toEqual([41, 42]);
});

test('an environment that is described anew keeps its newest sign of life', () => {
  model.apply([{ kind: 'environment', environment: environment(1, { lastSeenAtMs: 7 }) }]);
  model.subscribe((message) => told.push(message));
  model.seen(1, 41);
  model.apply([
    { kind: 'environment', environment: environment(1, { lastSeenAtMs: 7, name: 'renamed' }) },
  ]);
  vi.advanceTimersByTime(100);
  const [change] = changesOf(told.at(-1));
  expect(change).toMatchObject({ environment: { name: 'renamed', lastSeenAtMs: 41 } });
  vi.advanceTimersByTime(5_000);
  expect(told.at(-1)).toMatchObject({ kind: 'beat', seenAtMs: { 1: 41 } });
  expect(model.seenAtMs(1)).toBe(41);
});

test('a reader that has left hears nothing more', () => {
  const leave = model.subscribe((message) => told.push(message));
  leave();
  model.apply([{ kind: 'environment', environment: environment(1) }]);
  vi.advanceTimersByTime(10_000);
  expect(kinds()).toEqual(['snapshot']);
});

test('loads are told as they come, the last of an environment within 100 ms, and a snapshot has the latest', () => {
  const load = (environmentId: number, atMs: number) => ({
    environmentId,
    atMs,
    cpuPercent: 12,
    memoryBytes: 1,
    memoryTotalBytes: 2,
  });
  model.apply([{ kind: 'environment', environment: environment(1) }]);
  model.subscribe((message) => told.push(message));
  model.apply([1, 2, 2].map((atMs) => ({ kind: 'load', load: load(1, atMs) })));
  model.apply([{ kind: 'load', load: load(9, 3) }]);
  vi.advanceTimersByTime(100);
  expect(changesOf(told.at(-1))).toEqual([{ kind: 'load', load: load(1, 2) }]);
  expect(model.snapshot().loads).toEqual([load(1, 1), load(1, 2)]);
  model.apply([{ kind: 'environment-gone', environmentId: 1 }]);
  expect(model.snapshot().loads).toEqual([]);
});
