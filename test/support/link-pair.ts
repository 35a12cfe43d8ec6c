/** Two ends of a byte connection over a real WebSocket on loopback, and throw-away identities, for tests of the link. */
import type { Duplex } from 'node:stream';
import { generate } from 'selfsigned';
import { WebSocket, WebSocketServer } from 'ws';
import type { TlsIdentity } from '../../src/link/tls-pipe.ts';
import { websocketPipe } from '../../src/link/websocket-pipe.ts';

export interface PipePair extends AsyncDisposable {
  readonly server: Duplex;
  readonly agent: Duplex;
  /** Ends the TCP connection under both, as a cut cable does. */
  cut(): void;
}

export async function pipePair(): Promise<PipePair> {
  const listener = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  await new Promise((resolve) => listener.once('listening', resolve));
  const address = listener.address();
  if (typeof address === 'string' || address === null) throw new Error('no port');
  const accepted = new Promise<WebSocket>((resolve) => listener.once('connection', resolve));
  const dialled = new WebSocket(`ws://127.0.0.1:${address.port}`, { perMessageDeflate: false });
  const opened = new Promise((resolve) => dialled.once('open', resolve));
  const [server] = await Promise.all([accepted, opened]);
  return {
    server: websocketPipe(server),
    agent: websocketPipe(dialled),
    cut: () => server.terminate(),
    async [Symbol.asyncDispose]() {
      server.terminate();
      dialled.terminate();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}

export async function throwAwayIdentity(): Promise<TlsIdentity> {
  const pems = await generate([{ name: 'commonName', value: 'test' }], {
    keyType: 'ec',
    curve: 'P-256',
  });
  return { keyPem: pems.private, certificatePem: pems.cert };
}
