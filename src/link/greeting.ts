/**
 * The first exchange on a link, before anything else may be served: who speaks which version, for which environment, and
 * (while nothing is bound yet) the proof of the join secret. Three JSON lines: the server's hello, the agent's, the verdict.
 */
import type { Duplex } from 'node:stream';
import { asFault, FAULTS, Fault, type FaultCode } from '../protocol/fault.ts';

/** 1: first version. A side that shares no version with its peer refuses in words. */
export const LINK_VERSIONS: readonly number[] = [1];
export const GREETING_TIMEOUT_MS = 10_000;
const LINE_LIMIT_BYTES = 16 * 1024;

export interface ServerHello {
  readonly versions: readonly number[];
  readonly product: string;
  readonly atMs: number;
  /** How often the agent's feed beats when nothing happens. */
  readonly beatIntervalMs: number;
  /** Base64; present when the server knows an AGENT_SECRET. */
  readonly proof?: string;
}

export interface AgentHello {
  readonly versions: readonly number[];
  readonly product: string;
  readonly atMs: number;
  /** From the EDGE_KEY; 0 for a direct agent, whose server knows whom it dialled. */
  readonly environmentId: number;
  readonly capabilities: readonly string[];
  /** Base64; present while the agent isn't bound to a server, or has an AGENT_SECRET. */
  readonly proof?: string;
}

type Verdict =
  | { readonly accepted: true }
  | { readonly accepted: false; readonly code: FaultCode; readonly sentence: string };

/** Judges the other side's hello: a Fault refuses it, in words that the other side will show. */
export type Judge<Hello> = (hello: Hello) => Fault | undefined | Promise<Fault | undefined>;

/** The server's side, over the link's first stream. Rejects with the Fault that ended it, its own or the agent's. */
export async function greetAgent(
  stream: Duplex,
  own: ServerHello,
  judge: Judge<AgentHello>,
): Promise<AgentHello> {
  const lines = new LineExchange(stream);
  lines.send(own);
  const hello = agentHello(await lines.receive());
  const refusal = noSharedVersion(own.versions, hello) ?? (await judge(hello));
  lines.send(refusal ? refused(refusal) : { accepted: true });
  if (refusal) throw refusal;
  throwIfRefused(await lines.receive());
  lines.done();
  return hello;
}

/** The agent's side. `answer` makes its hello from the server's, or refuses with a Fault. */
export async function greetServer(
  stream: Duplex,
  answer: (hello: ServerHello) => AgentHello | Fault,
): Promise<ServerHello> {
  const lines = new LineExchange(stream);
  const hello = serverHello(await lines.receive());
  const own = answer(hello);
  if (own instanceof Fault) {
    lines.send(refused(own));
    throw own;
  }
  lines.send(own);
  throwIfRefused(await lines.receive());
  lines.send({ accepted: true });
  lines.done();
  return hello;
}

function refused(fault: Fault): Verdict {
  return { accepted: false, code: fault.code, sentence: fault.message };
}

function noSharedVersion(own: readonly number[], hello: AgentHello): Fault | undefined {
  if (own.some((version) => hello.versions.includes(version))) return undefined;
  return new Fault(
    'bad-peer',
    `The server speaks link version ${own.join(', ')}, the agent ${hello.versions.join(', ')}: update the older one.`,
  );
}

function throwIfRefused(message: Record<string, unknown>): void {
  if (message.accepted === true) return;
  const code = String(message.code);
  const sentence = String(message.sentence ?? 'The peer refused the link.').slice(0, 500);
  throw new Fault(code in FAULTS ? (code as FaultCode) : 'bad-peer', sentence);
}

function numbers(value: unknown): readonly number[] {
  if (!Array.isArray(value) || value.length > 100 || !value.every((v) => Number.isInteger(v))) {
    throw malformed();
  }
  return value as number[];
}

function shared(message: Record<string, unknown>) {
  const { versions, product, atMs, proof } = message;
  if (typeof product !== 'string' || typeof atMs !== 'number') throw malformed();
  if (proof !== undefined && typeof proof !== 'string') throw malformed();
  return { versions: numbers(versions), product, atMs, ...(proof === undefined ? {} : { proof }) };
}

function serverHello(message: Record<string, unknown>): ServerHello {
  if (typeof message.beatIntervalMs !== 'number') throw malformed();
  return { ...shared(message), beatIntervalMs: message.beatIntervalMs };
}

function agentHello(message: Record<string, unknown>): AgentHello {
  if (message.accepted === false) throwIfRefused(message);
  const { environmentId, capabilities } = message;
  if (!Number.isInteger(environmentId) || !Array.isArray(capabilities)) throw malformed();
  return {
    ...shared(message),
    environmentId: environmentId as number,
    capabilities: capabilities.filter((name) => typeof name === 'string').slice(0, 100),
  };
}

function malformed(cause?: unknown): Fault {
  const sentence = 'The peer sent a malformed hello: it is not a fleet server or agent.';
  return new Fault('bad-peer', sentence, { cause });
}

/** One JSON object a line, each way, within one deadline for all of it. */
class LineExchange {
  readonly #stream: Duplex;
  readonly #lines: string[] = [];
  readonly #timer: NodeJS.Timeout;
  #rest = Buffer.alloc(0);
  #failure: Fault | undefined;
  #wake: () => void = () => {};

  constructor(stream: Duplex) {
    this.#stream = stream;
    this.#timer = setTimeout(
      () => this.#fail(new Fault('timeout', 'The peer did not say hello in time.')),
      GREETING_TIMEOUT_MS,
    );
    stream.on('data', (data: Buffer) => this.#take(data));
    stream.on('error', (cause) =>
      this.#fail(asFault(cause, 'bad-peer', 'The link broke in the hello.')),
    );
    const closed = () => new Fault('bad-peer', 'The peer closed the link in the hello.');
    stream.on('close', () => this.#fail(closed()));
    // What came before it is still read, and what we said may still be on its way.
    stream.on('end', () => this.#note(closed()));
  }

  send(message: ServerHello | AgentHello | Verdict): void {
    this.#stream.write(`${JSON.stringify(message)}\n`);
  }

  async receive(): Promise<Record<string, unknown>> {
    while (this.#lines.length === 0) {
      if (this.#failure) throw this.#failure;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    try {
      const message: unknown = JSON.parse(this.#lines.shift() ?? '');
      if (typeof message === 'object' && message !== null)
        return message as Record<string, unknown>;
    } catch (cause) {
      throw malformed(cause);
    }
    throw malformed();
  }

  done(): void {
    clearTimeout(this.#timer);
    this.#stream.end();
  }

  #take(data: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, data]);
    for (let at = this.#rest.indexOf(10); at >= 0; at = this.#rest.indexOf(10)) {
      this.#lines.push(this.#rest.subarray(0, at).toString('utf8'));
      this.#rest = this.#rest.subarray(at + 1);
    }
    if (this.#rest.length > LINE_LIMIT_BYTES) {
      this.#fail(new Fault('bad-peer', 'The peer sent a hello without end.'));
    }
    this.#wake();
  }

  #note(fault: Fault): void {
    clearTimeout(this.#timer);
    this.#failure ??= fault;
    this.#wake();
  }

  #fail(fault: Fault): void {
    this.#note(fault);
    if (fault.code !== 'bad-peer' || !this.#stream.destroyed) this.#stream.destroy();
  }
}
