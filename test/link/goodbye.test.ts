/** A peer that says goodbye in HTTP/2 (GOAWAY, RFC 9113, 6.8) and leaves its connection open: the link is over all the same. */
import { expect, test } from 'vitest';
import { linkFromServer } from '../../src/link/link.ts';
import { tlsServer } from '../../src/link/tls-pipe.ts';
import { pipePair, throwAwayIdentity, WAYS } from '../support/link-pair.ts';
import { until } from '../support/until.ts';

const SETTINGS = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
/** The last stream that it has seen, and no complaint. */
const GOAWAY = Buffer.from([0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]);

test.each(WAYS)(
  'who says goodbye and stays is left in a moment over a %s link, whatever is open',
  async (way) => {
    await using pair = await pipePair(way);
    const identity = await throwAwayIdentity();
    const tls = tlsServer(pair.agent, identity, AbortSignal.timeout(20_000));
    const parts = { identity, checkPeer: () => undefined, silenceLimitMs: 600_000 };
    const linking = linkFromServer(pair.server, parts);
    const { stream } = await tls;
    stream.on('error', () => undefined);
    stream.write(SETTINGS);
    const link = await linking;
    const opened = link.open();
    opened.on('error', () => undefined).resume();
    stream.write(GOAWAY);
    expect(await link.ended).toMatchObject({ kind: 'closed' });
    await until(() => opened.destroyed);
    stream.destroy();
  },
);
