/** Agents in this process, in edge or direct mode, for tests of their links; what they log is kept as lines. */
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { openDirectAgent } from '../../src/agent/direct-agent.ts';
import { openEdgeAgent } from '../../src/agent/edge-agent.ts';
import { openLog } from '../../src/agent/log.ts';
import { readSettings } from '../../src/agent/settings.ts';
import { EDGE_ID } from './link-server.ts';

export interface InProcessAgent extends AsyncDisposable {
  readonly lines: readonly string[];
  /** 0 in edge mode. */
  readonly port: number;
  /** Resolves when a line matches. */
  says(pattern: RegExp): Promise<string>;
}

type Env = Readonly<Record<string, string>>;

class Lines {
  readonly lines: string[] = [];
  #hear: (() => void)[] = [];
  readonly log = openLog({
    level: 'DEBUG',
    mode: 'NOCOLOR',
    sink: {
      write: (line) => {
        this.lines.push(line.trimEnd());
        for (const hear of this.#hear.splice(0)) hear();
      },
    },
  });

  async says(pattern: RegExp): Promise<string> {
    for (;;) {
      const line = this.lines.find((said) => pattern.test(said));
      if (line !== undefined) return line;
      await new Promise<void>((resolve) => this.#hear.push(resolve));
    }
  }
}

const NO_ENGINE = { DOCKER_HOST: 'unix:///nowhere/docker.sock' };

/** Joins with the right EDGE_ID and judges no outer certificate, unless the variables say otherwise. */
export async function startEdgeAgent(given: Env): Promise<InProcessAgent> {
  const lines = new Lines();
  const env = { EDGE: '1', EDGE_ID, EDGE_INSECURE_POLL: '1', ...NO_ENGINE, ...given };
  const settings = readSettings(env, (name) => name);
  if (!settings.edge) throw new Error('not in edge mode');
  const agent = await openEdgeAgent({ settings, edge: settings.edge, env, log: lines.log });
  return inProcess(agent, lines, 0);
}

export async function startDirectAgent(given: Env): Promise<InProcessAgent> {
  const lines = new Lines();
  const env = { AGENT_HOST: '127.0.0.1', AGENT_PORT: '0', ...NO_ENGINE, ...given };
  const settings = readSettings(env, (name) => name);
  const agent = await openDirectAgent({ settings, env, log: lines.log });
  const port = Number(/port=(\d+)/.exec(await lines.says(/Listening on/))?.[1]);
  return inProcess(agent, lines, port);
}

function inProcess(agent: AsyncDisposable, lines: Lines, port: number): InProcessAgent {
  return {
    lines: lines.lines,
    port,
    says: (pattern) => lines.says(pattern),
    [Symbol.asyncDispose]: () => agent[Symbol.asyncDispose](),
  };
}

export interface FakeEngine extends AsyncDisposable {
  /** For DOCKER_HOST. */
  readonly address: string;
  readonly server: Server;
}

/** A program on a unix socket that answers as the handler does; /_ping is answered without it. */
export async function startFakeEngine(
  folder: string,
  answer: RequestListener,
): Promise<FakeEngine> {
  const path = join(folder, 'engine.sock');
  const open = new Set<Socket>();
  const server = createServer((request, response) => {
    if (request.url === '/_ping') response.end('OK');
    else answer(request, response);
  });
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  server.listen(path);
  await once(server, 'listening');
  return {
    address: `unix://${path}`,
    server,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
