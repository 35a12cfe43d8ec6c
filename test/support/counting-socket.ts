/** A socket that passes everything on to an engine's, and counts what is asked over it. */
import { connect, createServer } from 'node:net';

export interface CountingSocket extends AsyncDisposable {
  readonly path: string;
  /** Requests so far whose path matches. */
  asked(path: RegExp): number;
  /** The most requests for stats that were without an answer at one moment. */
  readonly mostStats: number;
}

/** Listens at `path`; pipelined requests are not understood, and our clients send none. */
export async function countingSocket(engine: string, path: string): Promise<CountingSocket> {
  const asked: string[] = [];
  let open = 0;
  let most = 0;
  const server = createServer((client) => {
    const upstream = connect(engine);
    let isStats = false;
    client.on('data', (chunk: Buffer) => {
      const [, target] = /^[A-Z]+ (\S+) HTTP/.exec(chunk.toString('latin1')) ?? [];
      if (target !== undefined) asked.push(target);
      if (target !== undefined && /\/stats\?/.test(target)) {
        isStats = true;
        open += 1;
        most = Math.max(most, open);
      }
      upstream.write(chunk);
    });
    upstream.on('data', (chunk: Buffer) => {
      if (isStats) open -= 1;
      isStats = false;
      client.write(chunk);
    });
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    path,
    asked: (pattern) => asked.filter((target) => pattern.test(target)).length,
    get mostStats() {
      return most;
    },
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
