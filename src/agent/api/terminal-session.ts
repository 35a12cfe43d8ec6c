/** A WebSocket joined with an engine's raw stream: text one way, bytes the other, neither faster than the other side reads. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, WebSocket, WebSocketServer } from 'ws';
import type { TerminalText } from './terminal-text.ts';

/** Portainer's agent takes 2 KiB, less than one paste. */
const MESSAGE_LIMIT_BYTES = 64 << 10;
/** Output that the browser has not taken yet; past this the engine is not read. */
const UNSENT_LIMIT_BYTES = 256 << 10;
const PING_MS = 50_000;
const CLOSE_DEADLINE_MS = 2_000;

const acceptor = new WebSocketServer({
  noServer: true,
  clientTracking: false,
  perMessageDeflate: false,
  maxPayload: MESSAGE_LIMIT_BYTES,
  handleProtocols: () => false,
});

/** Answers the handshake; undefined when it was malformed or the client has gone, which is then answered already. */
export function acceptTerminal(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<WebSocket | undefined> {
  return new Promise((resolve) => {
    const gone = () => resolve(undefined);
    socket.once('close', gone);
    acceptor.handleUpgrade(request, socket, head, (websocket) => {
      socket.off('close', gone);
      resolve(websocket);
    });
  });
}

export interface TerminalSides {
  readonly websocket: WebSocket;
  readonly engine: Duplex;
  readonly text: TerminalText;
  readonly stopping: AbortSignal;
}

/** Resolves when the WebSocket is closed; the engine's stream is destroyed then. */
export function joinTerminal({ websocket, engine, text, stopping }: TerminalSides): Promise<void> {
  return new Promise((resolve) => {
    const close = (code: number, reason: string) => {
      websocket.close(code, reason);
      setTimeout(() => websocket.terminate(), CLOSE_DEADLINE_MS).unref();
    };
    const stop = () => close(1001, 'The agent is stopping.');
    const alive = keepAlive(websocket);
    websocket.on('error', () => websocket.terminate());
    websocket.on('close', () => {
      clearInterval(alive);
      stopping.removeEventListener('abort', stop);
      engine.destroy();
      resolve();
    });
    stopping.addEventListener('abort', stop, { once: true });
    if (stopping.aborted) stop();
    engine.on('error', () => engine.destroy());
    engine.on('end', () => close(1000, ''));
    engine.on('close', () => close(1000, ''));
    sendOutput(engine, websocket, text);
    sendInput(websocket, engine);
  });
}

function sendOutput(engine: Duplex, websocket: WebSocket, text: TerminalText): void {
  const sent = () => {
    if (websocket.bufferedAmount < UNSENT_LIMIT_BYTES) engine.resume();
  };
  engine.on('data', (chunk: Buffer) => {
    const message = text.push(chunk);
    if (message === '' || websocket.readyState !== WebSocket.OPEN) return;
    websocket.send(message, sent);
    if (websocket.bufferedAmount >= UNSENT_LIMIT_BYTES) engine.pause();
  });
}

function sendInput(websocket: WebSocket, engine: Duplex): void {
  engine.on('drain', () => websocket.resume());
  websocket.on('message', (message: RawData) => {
    // One Buffer, since binaryType is 'nodebuffer'.
    if (!engine.write(message as Buffer)) websocket.pause();
  });
}

/** Pings; a client that answered none since the last one is gone. */
function keepAlive(websocket: WebSocket): NodeJS.Timeout {
  let isAlive = true;
  websocket.on('pong', () => {
    isAlive = true;
  });
  return setInterval(() => {
    if (!isAlive) {
      websocket.terminate();
      return;
    }
    isAlive = false;
    websocket.ping();
  }, PING_MS);
}
