/** kill -9 of the server in the middle of its writes, a few times; `test/soak` does it fifty times over ten thousand writes. */
import { expect, test } from 'vitest';
import { killAgainAndAgain } from '../support/killed-server.ts';

test('nothing acknowledged is missing, the audit trail is whole, the store opens', async () => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 100_000);
  console.log(`SEED=${seed}`);
  const { missing, broken, audited, acknowledged, rounds } = await killAgainAndAgain({
    seed,
    rounds: 8,
    perRound: 150,
    acks: 0,
  });
  console.log(`${acknowledged} acknowledged writes, ${rounds} rounds, ${audited} audited`);
  expect(missing).toEqual([]);
  expect(broken).toEqual([]);
  expect(audited).toBeGreaterThanOrEqual(acknowledged);
  expect(acknowledged).toBeGreaterThan(0);
}, 300_000);
