/** How a fleet that comes all at once is let in, and what those who can't be let in soon are told. */
import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { HandshakeLine, type Turn } from '../../../src/server/doors/handshake-line.ts';
import { startInProcessServer } from '../../support/in-process-server.ts';

const WIDE = { perSecond: 80, atOnce: 1_000, patienceMs: 8_000 } as const;
const stays = new AbortController().signal;

/** Everybody's answer so far, in the order in which they came. */
function crowd(line: HandshakeLine, count: number): (Turn | number | undefined)[] {
  const answers = Array.from<Turn | number | undefined>({ length: count });
  answers.forEach((_, index) => {
    void line.enter(stays).then((answer) => {
      answers[index] = answer;
    });
  });
  return answers;
}

const isTurn = (answer: Turn | number | undefined): answer is Turn => typeof answer === 'object';
const turnsIn = (answers: readonly (Turn | number | undefined)[]) => answers.filter(isTurn).length;
const waitsIn = (answers: readonly (Turn | number | undefined)[]) =>
  answers.filter((answer) => typeof answer === 'number');

describe('on a clock of the test', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('so many begin in any second, first come first served, and nobody who waits is forgotten', async () => {
    const line = new HandshakeLine(WIDE);
    const answers = crowd(line, 700);
    for (const [atMs, begun] of [
      [999, 80],
      [1_001, 160],
      [2_002, 240],
      [9_000, 700],
    ] as const) {
      await vi.advanceTimersByTimeAsync(atMs - performance.now());
      expect(turnsIn(answers)).toBe(begun);
      expect(turnsIn(answers.slice(0, begun))).toBe(begun);
    }
  });

  test('who finds the line full is told when to come, spread behind those who wait', async () => {
    const answers = crowd(new HandshakeLine(WIDE), 1_000);
    await vi.advanceTimersByTimeAsync(0);
    const waits = waitsIn(answers);
    expect(waits).toHaveLength(1_000 - 80 - 640);
    expect(Math.min(...waits)).toBe(9);
    expect(Math.max(...waits)).toBe(12);
  });

  test('ten thousand are each promised a moment of their own, and nobody waits longer than three minutes', async () => {
    const answers = crowd(new HandshakeLine(WIDE), 10_000);
    await vi.advanceTimersByTimeAsync(0);
    const waits = waitsIn(answers);
    expect(Math.max(...waits)).toBe(124);
    const perSecond = new Map<number, number>();
    for (const wait of waits) perSecond.set(wait, (perSecond.get(wait) ?? 0) + 1);
    expect(Math.max(...perSecond.values())).toBe(80);
    const more = crowd(new HandshakeLine(WIDE), 20_000);
    await vi.advanceTimersByTimeAsync(0);
    expect(Math.max(...waitsIn(more))).toBe(180);
  });

  test('so many are under way at once; one that ends or takes long makes room', async () => {
    const answers = crowd(new HandshakeLine({ ...WIDE, atOnce: 10 }), 30);
    await vi.advanceTimersByTimeAsync(1_500);
    expect(turnsIn(answers)).toBe(10);
    for (const answer of answers.filter(isTurn).slice(0, 3)) {
      answer.done();
      answer.done();
    }
    await vi.advanceTimersByTimeAsync(0);
    expect(turnsIn(answers)).toBe(13);
    await vi.advanceTimersByTimeAsync(600);
    expect(turnsIn(answers)).toBe(20);
  });

  test('when they take long, fewer are kept waiting, and the others are told to come later', async () => {
    const line = new HandshakeLine({ ...WIDE, atOnce: 40 });
    const first = crowd(line, 400);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(turnsIn(first)).toBe(120);
    // Twenty a second get in: the 280 who wait already are more than eight seconds' worth.
    const second = crowd(line, 20);
    await vi.advanceTimersByTimeAsync(0);
    expect(waitsIn(second)).toHaveLength(20);
    expect(Math.min(...waitsIn(second))).toBeGreaterThan(8);
  });

  test('who leaves is missed by nobody', async () => {
    const line = new HandshakeLine({ ...WIDE, perSecond: 1 });
    const gone = new AbortController();
    const [first] = crowd(line, 1);
    const leaver = line.enter(gone.signal);
    const last = crowd(line, 1);
    gone.abort();
    expect(await leaver).toBe(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(first === undefined && turnsIn(last)).toBe(1);
  });

  test('who has waited for ten seconds, or when the server stops, is sent away', async () => {
    const line = new HandshakeLine({ ...WIDE, atOnce: 1 });
    const answers = crowd(line, 20);
    await vi.advanceTimersByTimeAsync(9_999);
    expect(waitsIn(answers)).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(waitsIn(answers)).toHaveLength(20 - 5);
    const late = crowd(line, 2);
    line.close();
    await vi.advanceTimersByTimeAsync(0);
    expect(waitsIn(late).length).toBeGreaterThan(0);
    expect(await line.enter(stays)).toBe(1);
  });
});

test('over the length of the line a dial is answered 503 with a time to come back', async () => {
  await using server = await startInProcessServer({
    settings: { http: { host: '127.0.0.1', port: 0 } },
  });
  const port = server.server.http?.port;
  const headers = {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
  };
  let standing = 0;
  const told: (string | undefined)[] = [];
  const knocks = Array.from({ length: 800 }, () => {
    const outgoing = request({ port, host: '127.0.0.1', path: '/api/edge/link', headers });
    outgoing.on('error', () => undefined);
    outgoing.on('upgrade', () => {
      standing += 1;
    });
    outgoing.on('response', (response) => {
      response.resume();
      if (response.statusCode === 503) told.push(response.headers['retry-after']);
    });
    return outgoing.end();
  });
  await vi.waitFor(() => expect(told.length).toBeGreaterThan(0), 20_000);
  for (const seconds of told) expect(Number(seconds)).toBeGreaterThan(0);
  await vi.waitFor(() => expect(standing).toBeGreaterThan(0), 20_000);
  expect((await server.call('/api/edge/link')).status).toBe(426);
  for (const knock of knocks) knock.destroy();
});
