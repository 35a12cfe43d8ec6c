/** Servers that misbehave: whatever comes over the feed, it ends in a Fault with a sentence, and nothing wrong gets through. */
import type { IncomingMessage, RequestListener } from 'node:http';
import type { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { parseServerAddress } from '../../src/client/server-address.ts';
import { readFeed } from '../../src/client/server-feed.ts';
import { serverFleet } from '../../src/client/server-fleet.ts';
import type { FeedMessage, FeedSnapshot } from '../../src/protocol/feed.ts';
import { FEED_PARTS_HEADER, FEED_PATH } from '../../src/protocol/feed-pace.ts';
import { partsOf } from '../../src/protocol/feed-parts.ts';
import { FleetRecorder } from '../support/fleet-recorder.ts';
import { type Listener, listenUpgrades } from '../support/listeners.ts';
import { bigSnapshot } from '../support/sample-fleet.ts';

const credential = { token: 'ptr_token', username: 'admin' };

const snapshot: FeedMessage = {
  kind: 'snapshot',
  sequence: 5,
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
const beat = (sequence: number): FeedMessage => ({ kind: 'beat', sequence, atMs: 0, seenAtMs: {} });

type Meet = (socket: WebSocket, request: IncomingMessage) => void;

/** A server that accepts the feed and does with it what the test says; every other request gets `answer`. */
async function feedServer(meet: Meet, answer?: RequestListener): Promise<Listener> {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  return await listenUpgrades(
    answer ?? ((_request, response) => response.writeHead(404).end()),
    (request, socket, head) => sockets.handleUpgrade(request, socket, head, meet),
  );
}

/** A server that answers each upgrade with this status. */
async function refusing(status: number, answer: RequestListener): Promise<Listener> {
  return await listenUpgrades(answer, (_request, socket: Duplex) => {
    socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
  });
}

async function read(server: Listener, onMessage: (message: FeedMessage) => void = () => undefined) {
  const address = parseServerAddress(`http://${server.where}`);
  const reach = { address, signal: AbortSignal.timeout(10_000) };
  const headers = { 'x-api-key': credential.token };
  const trusted = () => undefined;
  return await readFeed(reach, { headers, silentMs: 300, trusted, message: onMessage });
}

describe('the feed of a server', () => {
  it('is asked for with the credential in a header and never in the address', async () => {
    let asked: IncomingMessage | undefined;
    await using server = await feedServer((socket, request) => {
      asked = request;
      socket.close(1001, 'going away');
    });
    await expect(read(server)).rejects.toThrow(/closed the connection: going away/);
    expect(asked?.url).toBe(FEED_PATH);
    expect(asked?.headers).toMatchObject({ 'x-api-key': 'ptr_token', [FEED_PARTS_HEADER]: '1' });
    expect(asked?.headers['sec-websocket-extensions']).toBeUndefined();
  });

  it.each([
    ['no JSON', ['{']],
    ['another shape', ['{"kind":"snapshot"}']],
    ['changes before a snapshot', [changes(1)]],
    ['a gap', [snapshot, changes(6), changes(8), changes(9)]],
    ['a beat from beyond a gap', [snapshot, beat(7)]],
    ['a repetition', [snapshot, changes(6), changes(6)]],
  ])('ends at %s, and what follows is not handed on', async (_, frames) => {
    await using server = await feedServer((socket) => {
      for (const frame of frames)
        socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
    });
    const got: number[] = [];
    const reading = read(server, ({ sequence }) => got.push(sequence));
    await expect(reading).rejects.toMatchObject({ code: 'bad-peer' });
    expect(got).toEqual([5, 6].slice(0, got.length));
  });

  it('that goes silent counts as lost, while beats keep it alive', async () => {
    await using server = await feedServer((socket) => {
      socket.send(JSON.stringify(snapshot));
      let beats = 0;
      const timer = setInterval(() => {
        beats += 1;
        if (beats > 6) clearInterval(timer);
        else socket.send(JSON.stringify(beat(5)));
      }, 100);
    });
    const got: string[] = [];
    const reading = read(server, ({ kind }) => got.push(kind));
    await expect(reading).rejects.toMatchObject({ code: 'timeout' });
    await expect(reading).rejects.toThrow(/the feed brought no answer within 0\.3 s/);
    expect(got).toHaveLength(7);
  });

  it.each([
    [401, 'unauthorized', /sign in again: fleet-tui login http/],
    [403, 'forbidden', /may not watch/],
    [502, 'unreachable', /status 502/],
    [404, 'bad-peer', /is no fleet-server \(status 404\)/],
  ])('refused with %i is %s', async (status, code, words) => {
    await using server = await refusing(status, (_request, response) => {
      response.writeHead(404).end('<html>');
    });
    const reading = read(server);
    await expect(reading).rejects.toMatchObject({ code });
    await expect(reading).rejects.toThrow(words);
  });
});

describe('a snapshot in parts', () => {
  const whole = bigSnapshot(2_500, 50) as FeedSnapshot;
  const frames = [...partsOf(whole)];

  /** What a console is told over one connection after another, each a list of frames. */
  const sending = (...connections: (readonly unknown[])[]) => {
    let count = 0;
    return feedServer((socket) => {
      for (const frame of connections[count] ?? []) socket.send(JSON.stringify(frame));
      count += 1;
      if (count < connections.length) socket.close();
    });
  };

  it('is asked for; its beginning is told first, then all of it', async () => {
    await using server = await sending(frames);
    await using fleet = serverFleet({ url: `http://${server.where}`, credential });
    const seen = new FleetRecorder(fleet);
    await seen.sees(() => seen.connection?.kind === 'live');
    expect(seen.messages).toHaveLength(2);
    expect(seen.messages[0]).toMatchObject({ left: 1_500 });
    const [, all] = seen.messages;
    if (all?.kind !== 'snapshot') throw new Error('No snapshot.');
    expect(all.left).toBeUndefined();
    const names = (one: FeedSnapshot) => one.containers.map(({ name }) => name).sort();
    expect(names(all).join()).toBe(names(whole).join());
    expect(all.environments.length).toBe(50);
  });

  it('that breaks off is no connection, and its beginning does not come in place of what is known', async () => {
    await using server = await sending(frames.slice(0, 2), frames, frames);
    await using fleet = serverFleet({ url: `http://${server.where}`, credential });
    const seen = new FleetRecorder(fleet);
    await seen.sees(() => seen.connections.filter(({ kind }) => kind === 'live').length === 2);
    const left = seen.messages.map((message) => message.kind === 'snapshot' && message.left);
    expect(left).toEqual([1_500, 1_500, undefined, undefined]);
  });

  it.each([
    ['one that is missing', [frames[0], frames[0]]],
    ['changes in between', [frames[0], changes(1)]],
  ])('ends at %s', async (_, wrong) => {
    await using server = await sending(wrong);
    await expect(read(server)).rejects.toMatchObject({ code: 'bad-peer' });
  });
});

describe('the fleet of a server', () => {
  it('dials again after each loss, and starts from a snapshot again', async () => {
    let connections = 0;
    await using server = await feedServer((socket) => {
      connections += 1;
      socket.send(JSON.stringify({ ...snapshot, sequence: connections * 100 }));
      if (connections < 3) socket.terminate();
    });
    await using fleet = serverFleet({ url: `http://${server.where}`, credential });
    expect(fleet.title).toBe(`http://${server.where} as admin`);
    const seen = new FleetRecorder(fleet);
    await seen.sees(() => connections === 3 && seen.connection?.kind === 'live');
    const kinds = seen.connections.map(({ kind }) => kind);
    expect(kinds.slice(0, 3)).toEqual(['connecting', 'live', 'lost']);
    expect(seen.connections[2]).toMatchObject({ retryAtMs: expect.any(Number) });
    expect(seen.messages.map(({ sequence }) => sequence)).toEqual([100, 200, 300]);
  });

  it('starts again from a snapshot when asked to', async () => {
    let connections = 0;
    await using server = await feedServer((socket) => {
      connections += 1;
      socket.send(JSON.stringify(snapshot));
    });
    await using fleet = serverFleet({ url: `http://${server.where}`, credential });
    const seen = new FleetRecorder(fleet);
    await seen.sees(() => seen.messages.length === 1);
    fleet.resync();
    await seen.sees(() => seen.messages.length === 2);
    expect(connections).toBe(2);
  });

  it('gives up when its credential is refused, even after it was live', async () => {
    let isRevoked = false;
    const sockets = new WebSocketServer({ noServer: true });
    await using server = await listenUpgrades(
      (_request, response) => response.writeHead(404).end(),
      (request, socket, head) => {
        if (isRevoked) socket.end('HTTP/1.1 401 No\r\nConnection: close\r\n\r\n');
        else
          sockets.handleUpgrade(request, socket, head, (feed) => {
            isRevoked = true;
            feed.send(JSON.stringify(snapshot));
            feed.close(4001);
          });
      },
    );
    await using fleet = serverFleet({ url: `http://${server.where}`, credential });
    const seen = new FleetRecorder(fleet);
    await seen.sees(() => seen.connection?.kind === 'refused');
    expect(seen.connection).toMatchObject({ reason: expect.stringContaining('sign in again') });
  });

  it('knows only the environments that the feed names', async () => {
    await using server = await feedServer((socket) => socket.send(JSON.stringify(snapshot)));
    await using fleet = serverFleet({ url: `http://${server.where}`, credential });
    const seen = new FleetRecorder(fleet);
    await seen.sees(() => seen.connection?.kind === 'live');
    expect(() => fleet.engine(1)).toThrow(/has no environment 1/);
  });

  it('lets go of everything when it is disposed in the midst of dialling', async () => {
    await using server = await feedServer(() => undefined);
    const fleet = serverFleet({ url: `http://${server.where}`, credential });
    fleet.watch({ feed: () => undefined, connection: () => undefined });
    await fleet[Symbol.asyncDispose]();
    expect(fleet.title).toContain('http');
  });
});
