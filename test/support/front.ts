/** A plain HTTP server in front of an engine, as thin as can be: everything it gets goes through passThrough/passUpgrade. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type PassOptions, passThrough, passUpgrade } from '../../src/docker/pass-through.ts';
import type { EngineRoute } from '../../src/docker/route.ts';
import type { Fault } from '../../src/protocol/fault.ts';

export interface Front extends AsyncDisposable {
  readonly port: number;
  /** What onError was told, in order. */
  readonly faults: readonly Fault[];
  /** Exchanges that have begun and not yet ended. */
  readonly open: number;
}

/** Listens on 127.0.0.1; a fault is answered with its status and sentence. */
export async function startFront(
  route: EngineRoute,
  more: Partial<PassOptions> = {},
): Promise<Front> {
  const faults: Fault[] = [];
  let open = 0;
  const during = async (exchange: Promise<void>) => {
    open += 1;
    await exchange;
    open -= 1;
  };
  const server = createServer((request, response) => {
    const onError = (fault: Fault) => {
      faults.push(fault);
      response.writeHead(fault.status).end(fault.message);
    };
    void during(
      passThrough(request, response, { route, path: request.url ?? '/', onError, ...more }),
    );
  });
  server.on('upgrade', (request, socket, head) => {
    const onError = (fault: Fault) => {
      faults.push(fault);
      socket.end(`HTTP/1.1 ${fault.status} Refused\r\nConnection: close\r\n\r\n${fault.message}`);
    };
    void during(
      passUpgrade(request, socket, head, { route, path: request.url ?? '/', onError, ...more }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    faults,
    get open() {
      return open;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
