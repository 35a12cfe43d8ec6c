/**
 * An engine's answer on its way to the client. What comes in one turn of the event loop goes out in one write, the head too:
 * each write is a record of its own in TLS, and wakes the process at the other end.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { asFault } from '../protocol/fault.ts';
import { responseHeaders } from './relay-headers.ts';

export interface RelayOptions {
  /** Headers that the answer to the client carries besides the engine's own. */
  readonly answerHeaders?: Readonly<Record<string, string>>;
  /** What the engine's answer passes through on its way to the client. */
  readonly filter?: (source: AsyncIterable<Buffer>) => AsyncIterable<string>;
  /** Is given what the engine sends after its head, as it passes; must not throw. */
  readonly tap?: ((bytes: Buffer) => void) | undefined;
}

/**
 * Sends the head, alone when no body comes with it, and the body as it comes. Resolves when all is with the kernel; rejects
 * when either side ends early, with Fault bad-peer when nothing was sent.
 */
export async function relayAnswer(
  incoming: IncomingMessage,
  response: ServerResponse,
  { answerHeaders, filter, tap }: RelayOptions,
): Promise<void> {
  writeHead(response, incoming, answerHeaders);
  if (tap) incoming.on('data', tap);
  if (!filter) return await relayBody(incoming, response);
  response.flushHeaders();
  await pipeline(incoming, filter, response);
}

function writeHead(
  response: ServerResponse,
  incoming: IncomingMessage,
  more: RelayOptions['answerHeaders'],
): void {
  const { statusCode = 502, statusMessage = '' } = incoming;
  try {
    response.writeHead(statusCode, statusMessage, responseHeaders(incoming, more));
  } catch (error) {
    throw asFault(error, 'bad-peer', 'The engine answered with a head that HTTP does not allow.');
  }
}

function relayBody(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const turn = new Turn(response);
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      turn.end();
      reject(error);
    };
    incoming.on('data', (chunk: Buffer) => {
      turn.begin();
      if (response.write(chunk)) return;
      turn.end();
      incoming.pause();
    });
    response.on('drain', () => incoming.resume());
    incoming.once('end', () => response.end());
    incoming.on('error', fail);
    incoming.once('close', () => {
      if (!incoming.readableEnded) fail(new Error('the engine broke off'));
    });
    response.once('close', () => {
      if (response.writableFinished) resolve();
      else fail(new Error('the client went away'));
    });
    if (incoming.destroyed || response.destroyed) fail(new Error('one side has left already'));
    turn.begin();
    // The head of a log that says nothing yet must not wait for its first line.
    response.flushHeaders();
  });
}

/** Holds back what is written until the turn of the event loop is over. */
class Turn {
  readonly #response: ServerResponse;
  #isOn = false;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  begin(): void {
    if (this.#isOn) return;
    this.#isOn = true;
    this.#response.cork();
    setImmediate(() => this.end());
  }

  end(): void {
    if (!this.#isOn) return;
    this.#isOn = false;
    this.#response.uncork();
  }
}
