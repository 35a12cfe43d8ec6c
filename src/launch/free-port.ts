/** The first port from 9443 on that nobody listens on. */
import { createServer } from 'node:net';
import { Fault } from '../protocol/fault.ts';

const TRIES = 50;

/** The first free TCP port of `host` at or after `first`; Fault conflict when none of the next 50 is. */
export async function freePort(host: string, first: number): Promise<number> {
  for (let port = first; port < first + TRIES; port += 1) {
    if (await isFree(host, port)) return port;
  }
  throw new Fault(
    'conflict',
    `No port from ${first} to ${first + TRIES - 1} is free on ${host}; stop what listens there.`,
  );
}

async function isFree(host: string, port: number): Promise<boolean> {
  const probe = createServer();
  try {
    return await new Promise<boolean>((resolve, reject) => {
      probe.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
        else reject(error);
      });
      probe.listen({ host, port, exclusive: true }, () => resolve(true));
    });
  } finally {
    probe.close();
  }
}
