/** How a fleet that comes all at once is let in, on a clock of the test's own; and what those who must wait are told. */
import { request } from 'node:http';
import { expect, test } from 'vitest';
import { HandshakeBudget } from '../../../src/server/doors/handshake-budget.ts';
import { startInProcessServer } from '../../support/in-process-server.ts';

test('so many are let in in any second, and the others come back spread', () => {
  let nowMs = 0;
  const budget = new HandshakeBudget(80, () => nowMs);
  const first = Array.from({ length: 1_000 }, () => budget.take());
  expect(first.filter((wait) => wait === undefined)).toHaveLength(80);
  const perSecond = new Map<number, number>();
  for (const wait of first) {
    if (wait !== undefined) perSecond.set(wait, (perSecond.get(wait) ?? 0) + 1);
  }
  expect([...perSecond.keys()]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  expect(Math.max(...perSecond.values())).toBeLessThanOrEqual(81);
  nowMs = 999;
  expect(budget.take()).toBeGreaterThan(0);
  nowMs = 1_001;
  expect(budget.take()).toBeUndefined();
});

test('nobody is told to wait longer than twenty seconds', () => {
  const budget = new HandshakeBudget(80, () => 0);
  const waits = Array.from({ length: 10_000 }, () => budget.take() ?? 0);
  expect(Math.max(...waits)).toBe(20);
  expect(waits.filter((wait) => wait === 20).length).toBeLessThan(1_000);
});

test('over the budget a dial is answered 503 with a time to come back', async () => {
  await using server = await startInProcessServer({
    settings: { http: { host: '127.0.0.1', port: 0 } },
  });
  const port = server.server.http?.port;
  const knock = (): Promise<{ status: number; retryAfter: string | undefined }> =>
    new Promise((resolve, reject) => {
      const headers = {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
      };
      const outgoing = request({ port, host: '127.0.0.1', path: '/api/edge/link', headers });
      outgoing.on('error', reject);
      outgoing.on('upgrade', (_, socket) => {
        socket.destroy();
        resolve({ status: 101, retryAfter: undefined });
      });
      outgoing.on('response', (response) => {
        response.resume();
        const { statusCode: status = 0, headers: told } = response;
        resolve({ status, retryAfter: told['retry-after'] });
      });
      outgoing.end();
    });
  const answers = await Promise.all(Array.from({ length: 200 }, knock));
  const refused = answers.filter(({ status }) => status === 503);
  expect(refused.length).toBeGreaterThan(0);
  for (const { retryAfter } of refused) expect(Number(retryAfter)).toBeGreaterThan(0);
  expect(answers.filter(({ status }) => status === 101).length).toBeGreaterThanOrEqual(80);
  expect((await server.call('/api/edge/link')).status).toBe(426);
});
