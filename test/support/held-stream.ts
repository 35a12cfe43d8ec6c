/** A stream of the engine through a server's proxy, held open until somebody ends it. */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { expect } from 'vitest';

export interface Held {
  /** When it ended, whichever way, by performance.now(). */
  readonly ended: Promise<number>;
}

/** Opens it as a call to the Docker API of environment 1, and reads what comes. */
export async function holdStream(
  serverUrl: string,
  path: string,
  headers: Record<string, string>,
): Promise<Held> {
  const { hostname, port } = new URL(serverUrl);
  const url = `/api/endpoints/1/docker${path}`;
  const outgoing = request({ hostname, port, path: url, headers, rejectUnauthorized: false });
  outgoing.on('error', () => undefined).end();
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  expect(response.statusCode).toBe(200);
  const ended = new Promise<number>((resolve) => {
    response.once('close', () => resolve(performance.now()));
  });
  response.on('error', () => undefined).resume();
  return { ended };
}
