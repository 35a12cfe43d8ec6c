/**
 * Terminals of a genuine Portainer, which passes no connection on: a WebSocket each (GET /api/websocket/exec and /attach).
 * It carries text one way, and at most 2,048 bytes a message the other way.
 */
import { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { HijackCall, StreamWay } from '../docker/upgrade.ts';
import { asFault, Fault } from '../protocol/fault.ts';
import type { ServerAddress } from './server-address.ts';
import { dialServer } from './server-dial.ts';

const HANDSHAKE_DEADLINE_MS = 30_000;
const MESSAGE_LIMIT_BYTES = 2_048;
/** Of what a person pastes; the server takes it as fast as the container reads. */
const UNSENT_LIMIT_BYTES = 1 << 20;

export interface TerminalDoor {
  readonly address: ServerAddress;
  readonly pin: string | undefined;
  headers(): Readonly<Record<string, string>>;
}

/** The way to the streams of one environment's processes. */
export function portainerTerminals(door: TerminalDoor, environmentId: number): StreamWay {
  return {
    isTextOnly: true,
    open: (_route, call) => openTerminal(door, environmentId, call),
  };
}

/** /exec/ID/start and /containers/ID/attach are what an engine would be asked. */
function socketPath(environmentId: number, { path }: HijackCall): string {
  const [, exec] = /^\/exec\/([0-9a-f]+)\/start$/u.exec(path) ?? [];
  if (exec !== undefined) return `/api/websocket/exec?endpointId=${environmentId}&id=${exec}`;
  const [, container = ''] = /^\/containers\/([0-9a-f]+)\/attach\b/u.exec(path) ?? [];
  return `/api/websocket/attach?endpointId=${environmentId}&id=${container}`;
}

async function openTerminal(
  { address, pin, headers }: TerminalDoor,
  environmentId: number,
  call: HijackCall,
): Promise<Duplex> {
  const { signal } = call;
  const [{ WebSocket: Socket }, dialled] = await Promise.all([
    import('ws'),
    dialServer(address, { signal, pin }),
  ]);
  const path = `${address.basePath}${socketPath(environmentId, call)}`;
  const socket = new Socket(`ws://${address.where}${path}`, {
    createConnection: () => dialled.socket,
    headers: headers(),
    handshakeTimeout: HANDSHAKE_DEADLINE_MS,
    perMessageDeflate: false,
  });
  const stream = new TerminalStream(socket);
  try {
    await opened(socket, address, signal);
    return stream;
  } catch (thrown) {
    stream.destroy();
    dialled.socket.destroy();
    throw thrown;
  }
}

async function opened(
  socket: WebSocket,
  { where }: ServerAddress,
  signal: AbortSignal,
): Promise<void> {
  const abort = () => socket.terminate();
  signal.addEventListener('abort', abort, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', (error) =>
        reject(asFault(error, 'unreachable', `${where} did not open a terminal.`)),
      );
      socket.once('unexpected-response', (_request, response) => {
        response.resume();
        const status = response.statusCode ?? 0;
        const code = status === 401 ? 'unauthorized' : status === 403 ? 'forbidden' : 'bad-peer';
        reject(new Fault(code, `${where} refuses a terminal there (status ${status}).`));
      });
    });
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

class TerminalStream extends Duplex {
  readonly #socket: WebSocket;

  constructor(socket: WebSocket) {
    super({ allowHalfOpen: false });
    this.#socket = socket;
    socket.binaryType = 'nodebuffer';
    socket.on('message', (data: Buffer) => {
      if (!this.push(data)) socket.pause();
    });
    // What came before the end is still to be read; the other half ends with it.
    socket.on('close', () => this.push(null));
    socket.on('error', () => this.destroy());
  }

  override _read(): void {
    if (this.#socket.isPaused) this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    const socket = this.#socket;
    if (socket.readyState !== socket.OPEN) {
      done(new Error('the terminal is closed'));
      return;
    }
    const isFull = socket.bufferedAmount > UNSENT_LIMIT_BYTES;
    for (let at = 0; at < chunk.length; at += MESSAGE_LIMIT_BYTES) {
      const isLast = at + MESSAGE_LIMIT_BYTES >= chunk.length;
      const piece = chunk.subarray(at, at + MESSAGE_LIMIT_BYTES);
      socket.send(piece, { binary: true }, isLast && isFull ? () => done() : () => undefined);
    }
    if (!isFull) done();
  }

  override _final(done: () => void): void {
    // There is no half of a WebSocket to close; the process ends by itself.
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.terminate();
    done(error);
  }
}
