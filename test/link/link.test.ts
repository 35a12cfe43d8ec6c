import { Agent, createServer, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { linkFingerprint } from '../../src/link/fingerprint.ts';
import { type Link, type LinkParts, linkFromAgent, linkFromServer } from '../../src/link/link.ts';
import { Fault } from '../../src/protocol/fault.ts';
import { type PipePair, pipePair, throwAwayIdentity, WAYS } from '../support/link-pair.ts';
import { until } from '../support/until.ts';

type Timing = Pick<LinkParts, 'pingIntervalMs' | 'silenceLimitMs'>;

const anyPeer = { checkPeer: () => undefined };

/** An HTTP server behind the agent's end, reached through the link as node:http reaches any host. */
async function linked(pair: PipePair, timing: { server?: Timing; agent?: Timing } = {}) {
  const api = createServer((incoming, answer) => {
    if (incoming.url === '/flood') {
      const flood = () => {
        while (!answer.destroyed && answer.write(Buffer.alloc(65_536)));
        answer.once('drain', flood);
      };
      flood();
    } else incoming.pipe(answer);
  });
  const [agent, server] = await Promise.all([
    linkFromAgent(
      pair.agent,
      { identity: await throwAwayIdentity(), ...anyPeer, ...timing.agent },
      (c) => api.emit('connection', c),
    ),
    linkFromServer(pair.server, {
      identity: await throwAwayIdentity(),
      ...anyPeer,
      ...timing.server,
    }),
  ]);
  return { agent, server, pool: poolOver(server) };
}

function poolOver(link: Link): Agent {
  const pool = new Agent({ keepAlive: true });
  pool.createConnection = () => link.open();
  return pool;
}

function call(pool: Agent, path: string, body = ''): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request({ agent: pool, path, method: 'POST' }, resolve).on('error', reject).end(body);
  });
}

describe.each(WAYS)('%s', (way) => {
  test('requests travel through it, and both ends hold the same secret of the connection', async () => {
    await using pair = await pipePair(way);
    const { agent, server, pool } = await linked(pair);
    expect(await text(await call(pool, '/', 'hello'))).toBe('hello');
    expect(server.exporter).toEqual(agent.exporter);
    expect(linkFingerprint(server.peerCertificate.publicKey)).toMatch(/^[A-Za-z0-9+/]{43}=$/);
    await server[Symbol.asyncDispose]();
    expect((await agent.ended).kind).toBe('closed');
  });

  test('twenty answers that nobody reads hold up no other', async () => {
    await using pair = await pipePair(way);
    const { server, pool } = await linked(pair);
    const stalled = await Promise.all(Array.from({ length: 20 }, () => call(pool, '/flood')));
    for (let i = 0; i < 50; i++) {
      expect(await text(await call(pool, '/', `answer ${i}`))).toBe(`answer ${i}`);
    }
    expect(stalled.every((answer) => answer.readableLength < 1 << 20)).toBe(true);
    await server[Symbol.asyncDispose]();
  });

  test('a cut is told as a cut on both sides, and opening afterwards says so', async () => {
    await using pair = await pipePair(way);
    const { agent, server } = await linked(pair);
    pair.cut();
    expect((await server.ended).kind).toBe('cut');
    expect((await agent.ended).kind).toBe('cut');
    expect(() => server.open()).toThrow('link to the agent has ended');
  });

  test('a peer that falls silent is given up, with how long it was silent', async () => {
    await using pair = await pipePair(way);
    // Pings far more often than HTTP/2 lets stand unanswered: those it refuses to send are no sign of life.
    const { server } = await linked(pair, { server: { pingIntervalMs: 5, silenceLimitMs: 200 } });
    pair.silence();
    expect((await server.ended).sentence).toMatch(/silent for \d+ s/);
  });

  test('at rest an interval costs one question and one answer, not one of each end', async () => {
    await using pair = await pipePair(way);
    const timing = { pingIntervalMs: 150 };
    const { server } = await linked(pair, { server: timing, agent: timing });
    const [startMs, before] = [performance.now(), pair.heard];
    // The server hears one message for each question of the agent, and one for each answer to its own.
    await until(() => pair.heard >= before + 12);
    expect(performance.now() - startMs).toBeGreaterThan(9 * timing.pingIntervalMs);
    await server[Symbol.asyncDispose]();
  });

  test('who asks nothing is asked, and its answers keep the link', async () => {
    await using pair = await pipePair(way);
    const timing = { pingIntervalMs: 50, silenceLimitMs: 400 };
    const { server } = await linked(pair, { server: timing });
    let isOver = false;
    void server.ended.then(() => {
      isOver = true;
    });
    await pause(1_500);
    expect(isOver).toBe(false);
    await server[Symbol.asyncDispose]();
  });

  test('a peer whose key is not the pinned one is refused before any stream', async () => {
    await using pair = await pipePair(way);
    const refusal = new Fault('wrong-certificate', 'Not the agent we know.');
    const served: unknown[] = [];
    const agent = linkFromAgent(
      pair.agent,
      { identity: await throwAwayIdentity(), ...anyPeer },
      (stream) => served.push(stream),
    ).then((link) => link.ended);
    const server = linkFromServer(pair.server, {
      identity: await throwAwayIdentity(),
      checkPeer: () => refusal,
    });
    await expect(server).rejects.toBe(refusal);
    await agent.catch(() => undefined);
    expect(served).toEqual([]);
  });

  test('a peer that offers no HTTP/2 is refused at once: nobody waits for its session', async () => {
    await using pair = await pipePair(way);
    const { keyPem: key, certificatePem: cert } = await throwAwayIdentity();
    const peer = connect({ socket: pair.server as never, key, cert, rejectUnauthorized: false });
    peer.on('error', () => undefined);
    const agent = linkFromAgent(
      pair.agent,
      { identity: await throwAwayIdentity(), ...anyPeer },
      () => expect.fail('a stream'),
    );
    await expect(agent).rejects.toMatchObject({ message: 'The peer speaks no HTTP/2.' });
    await until(() => pair.agent.destroyed);
    peer.destroy();
  });

  test.each(['closed', 'cut'] as const)(
    'when it is %s, the answers that nobody reads end, too',
    async (how) => {
      await using pair = await pipePair(way);
      let ended = 0;
      const flood = createServer((_incoming, answer) => {
        answer.once('close', () => {
          ended += 1;
        });
        const more = () => {
          while (!answer.destroyed && answer.write(Buffer.alloc(65_536)));
          answer.once('drain', more);
        };
        more();
      });
      const [agent, server] = await Promise.all([
        linkFromAgent(pair.agent, { identity: await throwAwayIdentity(), ...anyPeer }, (c) =>
          flood.emit('connection', c),
        ),
        linkFromServer(pair.server, { identity: await throwAwayIdentity(), ...anyPeer }),
      ]);
      const pool = poolOver(server);
      const answers = await Promise.all(Array.from({ length: 5 }, () => call(pool, '/')));
      for (const answer of answers) answer.on('error', () => undefined);
      if (how === 'cut') pair.cut();
      else await server[Symbol.asyncDispose]();
      await agent.ended;
      while (ended < 5) await new Promise((resolve) => setImmediate(resolve));
    },
  );
});
