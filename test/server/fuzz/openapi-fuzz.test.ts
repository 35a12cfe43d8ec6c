/** Thousands of requests made up from docs/openapi.json: no 5xx, no hang, no crash. All 20,000 are in test/soak. */
import { expect, test } from 'vitest';
import { fuzzApi } from '../../support/api-fuzz-run.ts';

test('no made-up request is more than the server bears', async () => {
  const { failures, ...report } = await fuzzApi(2_000, []);
  console.log(JSON.stringify(report));
  expect(failures.join('\n')).toBe('');
}, 120_000);
