/** A man in the middle who terminates the outer TLS, let in by EDGE_INSECURE_POLL: he carries ciphertext, and is nobody. */
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { agentHello } from '../../src/agent/link/hello.ts';
import { serveLink } from '../../src/agent/link/served-link.ts';
import { dialLink, EDGE_LINK_PATH } from '../../src/link/dial.ts';
import { formatEdgeKey, parseEdgeKey } from '../../src/link/edge-key.ts';
import { joinKey, joinProof } from '../../src/link/join-proof.ts';
import { startEdgeAgent } from '../support/link-agent.ts';
import { throwAwayIdentity } from '../support/link-pair.ts';
import {
  EDGE_ID,
  ENVIRONMENT_ID,
  type LinkServer,
  startLinkServer,
} from '../support/link-server.ts';
import { certificateFor } from '../support/listeners.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Relays every message and keeps a copy; `alter` may change what goes to the agent. */
async function startMiddle(server: LinkServer, alter = (data: Buffer) => data) {
  const { cert, key } = await certificateFor();
  const https = createServer({ cert, key });
  const acceptor = new WebSocketServer({ server: https });
  const seen: Buffer[] = [];
  acceptor.on('connection', (agent) => {
    const upstream = new WebSocket(server.url + EDGE_LINK_PATH, { rejectUnauthorized: false });
    const early: Buffer[] = [];
    agent.on('message', (data: Buffer) => {
      seen.push(data);
      if (upstream.readyState === WebSocket.OPEN) upstream.send(data);
      else early.push(data);
    });
    upstream.on('open', () => {
      for (const data of early) upstream.send(data);
    });
    upstream.on('message', (data: Buffer) => {
      seen.push(data);
      agent.send(alter(data));
    });
    upstream.on('close', () => agent.terminate());
    agent.on('close', () => upstream.terminate());
    upstream.on('error', () => agent.terminate());
  });
  await new Promise<void>((resolve) => https.listen(0, '127.0.0.1', resolve));
  const url = `https://127.0.0.1:${(https.address() as AddressInfo).port}`;
  return {
    edgeKey: formatEdgeKey({ ...parseEdgeKey(server.edgeKey), url }),
    seen: () => Buffer.concat(seen).toString('latin1'),
    async [Symbol.asyncDispose]() {
      for (const socket of acceptor.clients) socket.terminate();
      https.closeAllConnections();
      await new Promise((resolve) => https.close(resolve));
    },
  };
}

test('who terminates the outer TLS sees no plaintext of a link that works through him', async () => {
  await using folder = await temporaryFolder();
  await using server = await startLinkServer();
  await using middle = await startMiddle(server);
  await using _agent = await startEdgeAgent({ DATA_PATH: folder.path, EDGE_KEY: middle.edgeKey });
  const end = await server.next();
  const answer = await end.call('/fleet/report', {
    headers: { 'X-Marker': 'marker-in-the-clear' },
  });
  expect(answer.status).toBe(200);
  const seen = middle.seen();
  expect(seen.length).toBeGreaterThan(1_000);
  for (const clear of ['marker-in-the-clear', '/fleet/report', 'HTTP/1.1', 'versions', EDGE_ID]) {
    expect(seen).not.toContain(clear);
  }
  expect(seen).not.toContain(end.hello.proof);
});

test('without EDGE_INSECURE_POLL his certificate is refused, with what to do about it', async () => {
  await using folder = await temporaryFolder();
  await using server = await startLinkServer();
  await using middle = await startMiddle(server);
  const env = { DATA_PATH: folder.path, EDGE_KEY: middle.edgeKey, EDGE_INSECURE_POLL: '0' };
  await using agent = await startEdgeAgent(env);
  const line = await agent.says(/WARN .*No link/);
  expect(line).toContain('its certificate is self-signed. With EDGE_INSECURE_POLL=1 only the key');
});

test('one changed byte anywhere ends the link before it begins', async () => {
  await using folder = await temporaryFolder();
  await using server = await startLinkServer();
  const flip = (data: Buffer) => {
    const changed = Buffer.from(data);
    const last = changed.length - 1;
    changed[last] = (changed[last] ?? 0) ^ 1;
    return changed;
  };
  await using middle = await startMiddle(server, flip);
  await using agent = await startEdgeAgent({ DATA_PATH: folder.path, EDGE_KEY: middle.edgeKey });
  await agent.says(/WARN .*No link/);
  await server.nextFailure();
  expect(server.binding.bound.size).toBe(0);
});

test('as an agent he is refused: a proof of another connection proves nothing on his', async () => {
  await using server = await startLinkServer();
  const dial = { url: server.url, path: EDGE_LINK_PATH, verify: false } as const;
  const pipe = await dialLink(dial, new AbortController().signal);
  const stolen = joinProof(joinKey(EDGE_ID), Buffer.alloc(32, 7), 'agent');
  const attempt = serveLink(pipe, {
    identity: await throwAwayIdentity(),
    checkPeer: () => undefined,
    answer: () => agentHello(ENVIRONMENT_ID, stolen),
    accept: (connection) => connection.destroy(),
  });
  await expect(attempt).rejects.toThrow('not the one of the environment');
});

test("the server's own proof sent back to it as the agent's proves nothing", async () => {
  await using server = await startLinkServer();
  const dial = { url: server.url, path: EDGE_LINK_PATH, verify: false } as const;
  const pipe = await dialLink(dial, new AbortController().signal);
  const attempt = serveLink(pipe, {
    identity: await throwAwayIdentity(),
    checkPeer: () => undefined,
    answer: (_, { exporter }) =>
      agentHello(ENVIRONMENT_ID, joinProof(joinKey(EDGE_ID), exporter, 'server')),
    accept: (connection) => connection.destroy(),
  });
  await expect(attempt).rejects.toThrow('not the one of the environment');
});
