/** Thousands of calls given up at once, as by a console that is closed over a large fleet: no harm to the link. */
import { createServer, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { expect, test } from 'vitest';
import { type Link, linkFromAgent, linkFromServer } from '../../src/link/link.ts';
import { pipePair, throwAwayIdentity, WAYS } from '../support/link-pair.ts';
import { until } from '../support/until.ts';

const STREAMS = 3_000;
const AT_ONCE = 100;
const anyPeer = { checkPeer: () => undefined };

/** Answers that stay open, as a followed log does, and at /flood more than anybody reads; counts what is open. */
function endless(): { api: Server; open: Set<unknown> } {
  const open = new Set<unknown>();
  const api = createServer((request, response) => {
    open.add(response);
    response.once('close', () => open.delete(response));
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(4_096)));
      response.once('drain', more);
    };
    if (request.url === '/flood') more();
    else response.write(Buffer.alloc(4_096));
  });
  return { api, open };
}

/** Calls over a stream of its own and gives up after the first bytes of the answer. */
async function giveUp(link: Link, path: string): Promise<void> {
  const stream: Duplex = link.open();
  stream.on('error', () => undefined);
  stream.write(`GET ${path} HTTP/1.1\r\nHost: agent\r\n\r\n`);
  await new Promise((resolve, reject) => {
    stream.once('data', resolve);
    stream.once('close', () => reject(new Error('ended before it answered')));
  });
  stream.destroy();
}

test.each(WAYS)(
  '3,000 streams aborted quickly leave a %s link up and nothing behind',
  async (way) => {
    await using pair = await pipePair(way);
    const { api, open } = endless();
    const parts = async () => ({ identity: await throwAwayIdentity(), ...anyPeer });
    const [agent, server] = await Promise.all([
      linkFromAgent(pair.agent, await parts(), (stream) => api.emit('connection', stream)),
      linkFromServer(pair.server, await parts()),
    ]);
    let isUp = true;
    const down = () => {
      isUp = false;
    };
    void server.ended.then(down);
    void agent.ended.then(down);
    const before = process.memoryUsage().rss;
    const paths = Array.from({ length: AT_ONCE }, (_, at) => (at % 25 === 0 ? '/flood' : '/log'));
    for (let count = 0; count < STREAMS; count += AT_ONCE) {
      await Promise.all(paths.map((path) => giveUp(server, path)));
      expect(isUp).toBe(true);
    }
    await until(() => open.size === 0, 20_000);
    expect(await server.ping()).toBeGreaterThan(0);
    await giveUp(server, '/log');
    expect(isUp).toBe(true);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 << 20);
    await server[Symbol.asyncDispose]();
  },
  60_000,
);
