/**
 * Two raw connections joined after an upgrade. Each direction ends on its own, so that `echo x | docker exec -i` sees
 * the output that comes after its input has ended.
 */
import type { Duplex } from 'node:stream';

/** After the engine has ended and the client has been sent everything, the client has this long to end its side. */
const LINGER_MS = 10_000;

/** Resolves when both are closed; an error or a close of one, or the signal, ends the other. */
export function joinStreams(client: Duplex, engine: Duplex, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    let linger: NodeJS.Timeout | undefined;
    let open = 2;
    const destroyBoth = () => {
      client.destroy();
      engine.destroy();
    };
    const closed = () => {
      open -= 1;
      if (open > 0) return;
      clearTimeout(linger);
      signal?.removeEventListener('abort', destroyBoth);
      resolve();
    };
    onceClosed(client, () => {
      engine.destroy();
      closed();
    });
    onceClosed(engine, () => {
      // What it sent last may still be on its way to the client.
      if (!client.writableEnded) client.destroy();
      closed();
    });
    client.on('error', destroyBoth);
    engine.on('error', () => engine.destroy());
    client.once('finish', () => {
      linger = setTimeout(destroyBoth, LINGER_MS);
    });
    signal?.addEventListener('abort', destroyBoth, { once: true });
    if (signal?.aborted) destroyBoth();
    client.pipe(engine);
    engine.pipe(client);
  });
}

function onceClosed(stream: Duplex, listener: () => void): void {
  if (stream.closed) queueMicrotask(listener);
  else stream.once('close', listener);
}
