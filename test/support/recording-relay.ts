/** A man in the middle of edge links who ends the outer TLS with a certificate of his own, and keeps what passes. */
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { EDGE_LINK_PATH } from '../../src/link/dial.ts';
import { certificateFor } from './listeners.ts';

export interface RecordingRelay extends AsyncDisposable {
  /** Where agents dial him. */
  readonly url: string;
  readonly toServer: readonly Buffer[];
  readonly toAgent: readonly Buffer[];
  /** From now on he answers agents himself, with what he has kept; the server hears nothing. */
  playServer(): void;
}

export async function startRecordingRelay(serverUrl: string): Promise<RecordingRelay> {
  const https = createServer(await certificateFor());
  const acceptor = new WebSocketServer({ server: https });
  const toServer: Buffer[] = [];
  const toAgent: Buffer[] = [];
  let isPlaying = false;
  acceptor.on('connection', (agent) => {
    if (isPlaying) for (const data of toAgent) agent.send(data);
    else relay(agent);
  });
  function relay(agent: WebSocket): void {
    const upstream = new WebSocket(serverUrl + EDGE_LINK_PATH, { rejectUnauthorized: false });
    const opened = new Promise((resolve) => upstream.once('open', resolve));
    agent.on('message', (data: Buffer) => {
      toServer.push(data);
      void opened.then(() => upstream.send(data));
    });
    upstream.on('message', (data: Buffer) => {
      toAgent.push(data);
      agent.send(data);
    });
    upstream.on('error', () => agent.terminate());
    upstream.on('close', () => agent.terminate());
    agent.on('close', () => upstream.terminate());
  }
  await new Promise<void>((resolve) => https.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://127.0.0.1:${(https.address() as AddressInfo).port}`,
    toServer,
    toAgent,
    playServer() {
      isPlaying = true;
      for (const socket of acceptor.clients) socket.terminate();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of acceptor.clients) socket.terminate();
      https.closeAllConnections();
      await new Promise((resolve) => https.close(resolve));
    },
  };
}
