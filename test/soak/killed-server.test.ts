/** kill -9 of the server at random moments during ten thousand acknowledged writes, fifty rounds. */
import { expect, test } from 'vitest';
import { killAgainAndAgain } from '../support/killed-server.ts';

test('nothing acknowledged is missing, the audit trail is whole, the store opens', async () => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 100_000);
  console.log(`SEED=${seed}`);
  const startMs = performance.now();
  const wish = { seed, rounds: 50, perRound: 200, acks: 10_000 };
  const { missing, broken, audited, acknowledged, rounds } = await killAgainAndAgain(wish);
  const seconds = Math.round((performance.now() - startMs) / 1000);
  console.log(
    `${acknowledged} acknowledged writes, ${rounds} rounds, ${audited} audited, ${seconds} s`,
  );
  expect(missing).toEqual([]);
  expect(broken).toEqual([]);
  expect(audited).toBeGreaterThanOrEqual(acknowledged);
}, 1_800_000);
