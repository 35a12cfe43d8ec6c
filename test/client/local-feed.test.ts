/** The feed that a console makes for itself keeps the rules that a server's keeps. */
import { describe, expect, it, vi } from 'vitest';
import { localFeed } from '../../src/client/local-feed.ts';
import { sequenceCheck } from '../../src/client/server-feed.ts';
import type { EngineFacts, Environment } from '../../src/protocol/environment.ts';
import { type FeedMessage, feedMessageSchema } from '../../src/protocol/feed.ts';

const environment: Environment = {
  id: 1,
  name: 'local',
  kind: 'socket',
  address: 'unix:///x',
  connection: 'connecting',
  sinceMs: 1,
  reason: null,
  engine: null,
  lastSeenAtMs: null,
  tags: [],
};
const engine: EngineFacts = {
  kind: 'docker',
  version: '26.1.5',
  apiVersion: '1.45',
  hostName: 'alpha',
  operatingSystem: 'Debian 12',
  architecture: 'x86_64',
  cpus: 2,
  memoryBytes: 1,
};
const up: Environment = { ...environment, connection: 'up', engine };

function recorded() {
  const sent: FeedMessage[] = [];
  const feed = localFeed({
    environment,
    send: (message) => sent.push(feedMessageSchema.parse(message)),
    now: () => 1_000,
    beatIntervalMs: 5_000,
  });
  return { sent, feed };
}

describe('the feed of one engine', () => {
  it('starts with a snapshot and goes on without a gap', () => {
    const { sent, feed } = recorded();
    feed.change([{ kind: 'environment', environment: up }]);
    feed.change([{ kind: 'containers', environmentId: 1, containers: [] }]);
    feed[Symbol.dispose]();
    expect(sent.map(({ kind, sequence }) => [kind, sequence])).toEqual([
      ['snapshot', 0],
      ['changes', 1],
      ['changes', 2],
    ]);
    const inSequence = sequenceCheck();
    expect(sent.every((message) => inSequence(message))).toBe(true);
  });

  it('names the environment after the host of its engine', () => {
    const { sent, feed } = recorded();
    feed.change([{ kind: 'environment', environment: up }]);
    feed[Symbol.dispose]();
    expect(sent[1]).toMatchObject({ changes: [{ environment: { name: 'alpha' } }] });
    expect(feed.environment.name).toBe('alpha');
  });

  it('starts again from a snapshot that follows what came before', () => {
    const { sent, feed } = recorded();
    feed.change([{ kind: 'environment', environment: up }]);
    feed.restart([]);
    feed.change([]);
    feed[Symbol.dispose]();
    expect(sent[2]).toMatchObject({ kind: 'snapshot', environments: [{ connection: 'up' }] });
    const inSequence = sequenceCheck();
    expect(sent.every((message) => inSequence(message))).toBe(true);
  });

  it('beats whatever else happens, with the time of the last sign of life', () => {
    vi.useFakeTimers();
    try {
      const { sent, feed } = recorded();
      vi.advanceTimersByTime(4_000);
      feed.change([]);
      vi.advanceTimersByTime(999);
      expect(sent).toHaveLength(2);
      feed.seen(900);
      vi.advanceTimersByTime(1);
      feed[Symbol.dispose]();
      vi.advanceTimersByTime(60_000);
      expect(sent).toHaveLength(3);
      expect(sent[2]).toEqual({ kind: 'beat', sequence: 1, atMs: 1_000, seenAtMs: { 1: 900 } });
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('the rule of sequence numbers', () => {
  const snapshot: FeedMessage = {
    kind: 'snapshot',
    sequence: 7,
    atMs: 0,
    environments: [],
    containers: [],
  };
  const changes = (sequence: number): FeedMessage => ({
    kind: 'changes',
    sequence,
    atMs: 0,
    changes: [],
  });
  const beat = (sequence: number): FeedMessage => ({
    kind: 'beat',
    sequence,
    atMs: 0,
    seenAtMs: {},
  });

  it('wants a snapshot first', () => {
    expect(sequenceCheck()(changes(1))).toBe(false);
    expect(sequenceCheck()(beat(0))).toBe(false);
  });

  it('finds a gap, a repetition and a beat that tells of missed changes', () => {
    for (const wrong of [changes(9), changes(7), beat(9), beat(6)]) {
      const inSequence = sequenceCheck();
      expect(inSequence(snapshot)).toBe(true);
      expect(inSequence(wrong)).toBe(false);
    }
  });

  it('lets a beat repeat the last number or take the next one', () => {
    const inSequence = sequenceCheck();
    const messages = [snapshot, changes(8), beat(8), beat(9), changes(10)];
    expect(messages.every((message) => inSequence(message))).toBe(true);
  });
});
