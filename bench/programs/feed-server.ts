/**
 * A server of a made-up fleet that speaks the console's real protocol: HTTPS, the feed's WebSocket, snapshot, changes, loads, beats.
 * ENVIRONMENTS, CONTAINERS (in all) and CHANGES (a second) say how large it is; prints one line of JSON: url, fingerprint.
 */
import { X509Certificate } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { fingerprintOf } from '../../src/link/pin.ts';
import { ABOUT_PATH } from '../../src/protocol/about.ts';
import type { Container } from '../../src/protocol/container.ts';
import type { FeedMessage } from '../../src/protocol/feed.ts';
import { BEAT_INTERVAL_MS, FEED_PATH } from '../../src/protocol/feed-pace.ts';
import { partsOf } from '../../src/protocol/feed-parts.ts';
import type { EnvironmentLoad } from '../../src/protocol/load.ts';
import { FeedOutbox } from '../../src/server/doors/feed-outbox.ts';
import { certificateFor } from '../../test/support/listeners.ts';
import { benchSnapshot } from '../support/bench-fleet.ts';

const BATCHES_PER_SECOND = 10;
const LOAD_EVERY_MS = 10_000;
const GATHER_MS = 100;
const MOST_UNSENT_BYTES = 64 << 20;

const environments = Number(process.env.ENVIRONMENTS ?? 50);
const containers = Number(process.env.CONTAINERS ?? 2_000);
const changesPerSecond = Number(process.env.CHANGES ?? 0);

const size = { environments, containersEach: Math.round(containers / environments) };
const snapshot = benchSnapshot(size, Date.now());
const snapshotTexts = [...partsOf(snapshot)].map((part) => JSON.stringify(part));

/** Where a container is in its life changes, so that counts, order and colours of the list do too. */
function changed(container: Container, turn: number): Container {
  const isUp = turn % 2 === 0;
  return {
    ...container,
    state: isUp ? 'running' : 'exited',
    exitCode: isUp ? null : 1,
    startedAtMs: isUp ? Date.now() : null,
    finishedAtMs: isUp ? null : Date.now(),
  };
}

/** It wanders, as real ones do. */
function loadOf(environmentId: number, turn: number): EnvironmentLoad {
  const cpuPercent = 40 + 35 * Math.sin(environmentId + turn / 3);
  const memoryTotalBytes = 32 * 1024 ** 3;
  const memoryBytes = memoryTotalBytes * (0.5 + 0.1 * Math.sin(turn / 20));
  return { environmentId, atMs: Date.now(), cpuPercent, memoryBytes, memoryTotalBytes };
}

function serve(socket: WebSocket): void {
  let { sequence } = snapshot;
  let turn = 0;
  const outbox = new FeedOutbox(socket, MOST_UNSENT_BYTES, () => socket.terminate());
  const send = (message: FeedMessage) => outbox.tell(JSON.stringify(message));
  const beat = (): void => {
    const now = Date.now();
    const seenAtMs = Object.fromEntries(snapshot.environments.map(({ id }) => [String(id), now]));
    send({ kind: 'beat', sequence, atMs: now, seenAtMs });
  };
  const tell = (): void => {
    const count = Math.max(1, Math.round(changesPerSecond / BATCHES_PER_SECOND));
    const changes = Array.from({ length: count }, () => {
      // 7919 is prime: the changes wander over all environments.
      const index = (turn++ * 7919) % snapshot.containers.length;
      const container = changed(snapshot.containers[index] as Container, turn);
      return { kind: 'container', container } as const;
    });
    send({ kind: 'changes', sequence: ++sequence, atMs: Date.now(), changes });
  };
  // Each environment is measured once in ten seconds, one after the other; the server gathers what it tells for 100 ms.
  let measured = 0;
  const perMessage = Math.ceil((snapshot.environments.length / LOAD_EVERY_MS) * GATHER_MS);
  const measure = (): void => {
    const changes = Array.from({ length: perMessage }, () => {
      const id = (measured % snapshot.environments.length) + 1;
      const load = loadOf(id, measured++ / snapshot.environments.length);
      return { kind: 'load', load } as const;
    });
    send({ kind: 'changes', sequence: ++sequence, atMs: Date.now(), changes });
  };
  outbox.tellAll(snapshotTexts);
  const timers = [
    setInterval(beat, BEAT_INTERVAL_MS),
    setInterval(measure, (perMessage * LOAD_EVERY_MS) / snapshot.environments.length),
  ];
  if (changesPerSecond > 0) timers.push(setInterval(tell, 1_000 / BATCHES_PER_SECOND));
  socket.on('close', () => timers.forEach(clearInterval));
}

const certificate = await certificateFor();
const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
const server = createServer(certificate, (request, response) => {
  if (request.url !== ABOUT_PATH) return response.writeHead(404).end();
  const about = { product: 'fleet-server', version: '0.1.0', instanceId: 'bench' };
  response.setHeader('Content-Type', 'application/json').end(JSON.stringify(about));
});
server.on('upgrade', (request, socket, head) => {
  if (request.url === FEED_PATH) sockets.handleUpgrade(request, socket, head, serve);
  else socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  const fingerprint = fingerprintOf(new X509Certificate(certificate.cert).raw);
  console.log(JSON.stringify({ url: `https://127.0.0.1:${port}`, fingerprint }));
});
process.on('disconnect', () => process.exit());
