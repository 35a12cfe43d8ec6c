/** A secret stays hidden wherever it is printed by mistake. */
import { inspect } from 'node:util';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { Secret, secretIn } from '../../src/protocol/secret.ts';

const TEXT = 'correct horse battery';
const secret = new Secret(TEXT);

test('it is hidden in text, JSON, inspection, spreads, errors and logs, and there for who asks', () => {
  const printed: string[] = [];
  pino({}, { write: (line: string) => void printed.push(line) }).info(
    { secret, deep: { secret } },
    '%s',
    secret,
  );
  const all = [
    ...printed,
    `${secret}`,
    String(secret),
    JSON.stringify({ secret, list: [secret] }),
    inspect({ secret, map: new Map([['k', secret]]) }, { depth: 9, showHidden: true }),
    JSON.stringify({ ...secret }),
    inspect(new Error('failed', { cause: { secret } })),
  ];
  for (const text of all) expect(text).not.toContain(TEXT);
  expect(printed.join()).toContain('[hidden]');
  expect(secret.reveal()).toBe(TEXT);
});

test('an empty variable holds no secret', () => {
  expect([secretIn(undefined), secretIn('')]).toEqual([undefined, undefined]);
  expect(secretIn(TEXT)?.reveal()).toBe(TEXT);
});
