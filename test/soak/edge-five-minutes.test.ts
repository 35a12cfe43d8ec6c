/** A line that swallows everything for five minutes; shorter cuts are in test/flows/edge-long-cuts.test.ts. */
import { afterAll, expect, test } from 'vitest';
import { Closing } from '../support/closing.ts';
import { openEdgeHost } from '../support/edge-host.ts';
import { comesThrough } from '../support/long-cut.ts';

const closing = new Closing();
afterAll(() => closing.close());

test('the host is shown down and up, with all that happened', async () => {
  const host = await openEdgeHost(closing, 'five');
  expect(await host.answers()).toBe(true);
  await comesThrough(host, { what: 'everything swallowed for 5 min', fault: 'drop', seconds: 300 });
}, 600_000);
