/** 20,000 requests made up from docs/openapi.json: no 5xx, no hang, no crash. A part of them is in test/server/fuzz. */
import { expect, test } from 'vitest';
import { fuzzApi } from '../support/api-fuzz-run.ts';

test('no made-up request is more than the server bears', async () => {
  const { failures, ...report } = await fuzzApi(20_000, []);
  console.log(JSON.stringify(report));
  expect(failures.join('\n')).toBe('');
}, 1_800_000);
