/** What lives on a grant ends with it, also when the end came between the credential and the stream. */
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type Grant, HeldGrants } from '../../../src/server/fleet/grant.ts';

const grantOf = (id: number, provedAtMs: number): Grant => ({
  user: { id, username: 'u', passwordHash: '', role: 2, tokensValidFromS: 0 },
  via: 'session',
  credentialId: 'x',
  expiresAtMs: null,
  teamIds: [],
  provedAtMs,
});

async function isEndedAfter(held: HeldGrants, grant: Grant): Promise<boolean> {
  using hold = held.hold(grant);
  let isEnded = false;
  hold.signal.addEventListener('abort', () => {
    isEnded = true;
  });
  await turn();
  await turn();
  return isEnded;
}

test('an end that came after the credential was looked at ends the stream that opens now', async () => {
  const held = new HeldGrants();
  const early = performance.now();
  held.end(({ user }) => user.id === 7);
  expect(await isEndedAfter(held, grantOf(7, early))).toBe(true);
  expect(await isEndedAfter(held, grantOf(8, early))).toBe(false);
  expect(await isEndedAfter(held, grantOf(7, performance.now() + 1))).toBe(false);
});
