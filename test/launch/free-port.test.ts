/** The port of the embedded server: the first one that is free. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { freePort } from '../../src/launch/free-port.ts';

async function listen(port: number) {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: taken } = server.address() as AddressInfo;
  return { taken, [Symbol.asyncDispose]: async () => void server.close() };
}

test('a port that is taken is passed over', async () => {
  await using first = await listen(0);
  const found = await freePort('127.0.0.1', first.taken);
  expect(found).toBeGreaterThan(first.taken);
  await using second = await listen(found);
  expect(second.taken).toBe(found);
});

test('a free port is taken as it is', async () => {
  const { taken } = await (async () => {
    await using probe = await listen(0);
    return probe;
  })();
  expect(await freePort('127.0.0.1', taken)).toBe(taken);
});
