/** Is it an agent, and does it accept us: asked before its engine is, since its own answers are clearer. */
import { type IncomingMessage, request } from 'node:http';
import type { Engine } from '../docker/engine.ts';
import type { EngineRoute } from '../docker/route.ts';
import { asFault, Fault } from '../protocol/fault.ts';

export interface AgentToCheck {
  /** host:port, for sentences. */
  readonly where: string;
  readonly route: EngineRoute;
  readonly engine: Engine;
  readonly signal: AbortSignal;
}

const PING_DEADLINE_MS = 5_000;

function silent(where: string, cause: unknown): Fault {
  const sentence = `${where} takes connections, but GET /ping brought no answer.`;
  return new Fault('timeout', sentence, { cause });
}

/** For an agent that turned us away. */
export function notAccepted(where: string, cause: unknown): Fault {
  const sentence = `The agent ${where} refuses this console: its AGENT_SECRET differs from the one given (--secret-file), or it belongs to another server.`;
  return new Fault('signature-refused', sentence, { cause });
}

async function ping({ where, route, signal }: AgentToCheck): Promise<IncomingMessage> {
  const deadline = AbortSignal.timeout(PING_DEADLINE_MS);
  try {
    return await new Promise<IncomingMessage>((resolve, reject) => {
      const call = request(
        { agent: route.agent, path: '/ping', signal: AbortSignal.any([signal, deadline]) },
        resolve,
      );
      call.once('error', reject);
      call.end();
    });
  } catch (error) {
    if (deadline.aborted) throw silent(where, error);
    throw asFault(
      error,
      'bad-peer',
      `Something listens on ${where}, but it does not answer like an agent; check the port (an agent's is usually 9001).`,
    );
  }
}

/** Resolves when an agent answers; rejects with a Fault that says what does instead. */
export async function checkIsAgent(agent: AgentToCheck): Promise<void> {
  const { where } = agent;
  const answer = await ping(agent);
  answer.resume();
  if (answer.statusCode !== 204 || !answer.headers['portainer-agent'])
    throw new Fault(
      'bad-peer',
      `${where} answers HTTPS, but is no agent (GET /ping: status ${answer.statusCode}); check the port, an agent's is usually 9001.`,
    );
}

/** Resolves when the agent accepts our signature, whatever its engine does; rejects with a Fault otherwise. */
export async function checkAccess({ where, engine, signal }: AgentToCheck): Promise<void> {
  try {
    await engine.ping(signal);
  } catch (error) {
    const fault = asFault(error, 'internal', `The engine behind ${where} can't be asked.`);
    if (fault.code === 'signature-refused' || fault.code === 'forbidden')
      throw notAccepted(where, error);
  }
}
