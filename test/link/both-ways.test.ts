/** Both ends have much to say on many streams at once: neither waits in a write for the other to read, for ever. */
import type { Duplex } from 'node:stream';
import { expect, test } from 'vitest';
import { linkFromAgent, linkFromServer } from '../../src/link/link.ts';
import { pipePair, throwAwayIdentity, WAYS } from '../support/link-pair.ts';
import { until } from '../support/until.ts';

const STREAMS = 10;
const CHUNK = Buffer.alloc(65_536);
const anyPeer = { checkPeer: () => undefined };

/** Writes as much as is taken, for as long as it lives. */
function flood(stream: Duplex): void {
  stream.on('error', () => undefined);
  const more = () => {
    if (stream.destroyed) return;
    if (stream.write(CHUNK)) setImmediate(more);
    else stream.once('drain', more);
  };
  more();
}

test.each(WAYS)(
  'over a %s link ten uploads and ten downloads go on beside one another',
  async (way) => {
    await using pair = await pipePair(way);
    const heard = { agent: 0, server: 0 };
    const parts = async () => ({ identity: await throwAwayIdentity(), ...anyPeer });
    const take = (end: keyof typeof heard, stream: Duplex) => {
      stream.on('data', (data: Buffer) => {
        heard[end] += data.length;
      });
      flood(stream);
    };
    const [agent, server] = await Promise.all([
      linkFromAgent(pair.agent, await parts(), (stream) => take('agent', stream)),
      linkFromServer(pair.server, await parts()),
    ]);
    for (let count = 0; count < STREAMS; count += 1) take('server', server.open());
    await until(() => Math.min(heard.agent, heard.server) > 30 << 20, 30_000);
    expect(await server.ping()).toBeGreaterThan(0);
    await server[Symbol.asyncDispose]();
    await agent.ended;
  },
  60_000,
);
