/**
 * The link of an edge agent: dialled from here, kept up for as long as the agent runs, told in the log once per change and
 * kept on disk for the doctor. Nothing of this agent listens.
 */
import type { Duplex } from 'node:stream';
import { dialLink, EDGE_LINK_PATH } from '../../link/dial.ts';
import { DIAL_TIMEOUT_MS, type DialOptions } from '../../link/dial-attempt.ts';
import type { AgentHello } from '../../link/greeting.ts';
import { joinKey, joinProof } from '../../link/join-proof.ts';
import type { Link, LinkPipe } from '../../link/link.ts';
import { keepLinked, type LinkAttemptEnd, type Redial } from '../../link/redial.ts';
import { asFault, Fault } from '../../protocol/fault.ts';
import { SERVER_KEY_HEADER } from '../../protocol/link-api.ts';
import type { Log } from '../log.ts';
import type { EdgeSettings } from '../settings.ts';
import { agentHello } from './hello.ts';
import type { AgentIdentity } from './identity.ts';
import type { LinkRecordFile } from './link-record.ts';
import { hearNetworkNews, networkOf } from './network-news.ts';
import { type LinkPeer, type ServedLink, serveLink } from './served-link.ts';
import type { ServerTrust } from './server-trust.ts';

export interface EdgeLinkParts {
  readonly edge: EdgeSettings;
  readonly identity: AgentIdentity;
  readonly trust: ServerTrust;
  accept(connection: Duplex, peer: LinkPeer): void;
}

/** One link to the server that the EDGE_KEY names; rejects with the Fault of the step that failed, of either side. */
export async function openEdgeLink(
  parts: EdgeLinkParts,
  signal: AbortSignal,
  connectMs = DIAL_TIMEOUT_MS,
): Promise<ServedLink> {
  const { edge, identity, trust } = parts;
  const pipe = await openPipe(edge, { ...edgeDial(edge, trust), connectMs }, signal);
  const cancel = () => pipe.destroy();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const served = await serveLink(pipe, {
      identity: identity.current,
      checkPeer: (certificate) => trust.refusal(certificate),
      answer: (_, { exporter }) => helloOf(edge, trust, exporter),
      accept: parts.accept,
    });
    trust.joined(served.link.peerCertificate, Date.now());
    return served;
  } catch (thrown) {
    const fault = asFault(thrown, 'internal', 'The link could not be made.');
    if (fault.code === 'forbidden') trust.turnedAway();
    throw fault;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

async function openPipe(
  { key }: EdgeSettings,
  options: DialOptions,
  signal: AbortSignal,
): Promise<LinkPipe> {
  try {
    return await dialLink(options, signal);
  } catch (thrown) {
    throw advised(asFault(thrown, 'internal', 'Dialling failed.'), key.fingerprint);
  }
}

/** Where to, and which of its keys the server may show. */
export function edgeDial({ key, verify }: EdgeSettings, { accepted }: ServerTrust): DialOptions {
  const headers = accepted.length > 0 ? { [SERVER_KEY_HEADER]: accepted.join(',') } : {};
  return { url: key.url, path: EDGE_LINK_PATH, verify, headers };
}

function advised(fault: Fault, fingerprint: string): Fault {
  if (fault.code !== 'wrong-certificate' || fingerprint === '') return fault;
  const advice = 'With EDGE_INSECURE_POLL=1 only the key counts that the EDGE_KEY names.';
  return new Fault(fault.code, `${fault.message} ${advice}`, { cause: fault });
}

/** For this connection only: the join proof, where one is due, is bound to it. */
export function helloOf(edge: EdgeSettings, trust: ServerTrust, exporter: Buffer): AgentHello {
  const proof =
    edge.id !== undefined && trust.needsProof()
      ? joinProof(joinKey(edge.id.reveal()), exporter, 'agent')
      : undefined;
  return agentHello(edge.key.environmentId, proof);
}

export interface KeptLinkParts extends EdgeLinkParts {
  readonly record: LinkRecordFile;
  readonly log: Log;
}

/** Dials at once and for ever; disposing closes the link. */
export function keepEdgeLink(parts: KeptLinkParts): Redial {
  const { edge, record, log } = parts;
  const said = new LastSaid();
  let served: ServedLink | undefined;
  let fault: Fault | undefined;
  const dial = async (signal: AbortSignal, connectMs: number): Promise<Link> => {
    fault = undefined;
    served = undefined;
    try {
      served = await openEdgeLink(parts, signal, connectMs);
      return served.link;
    } catch (thrown) {
      fault = asFault(thrown, 'internal', 'The link failed for an unknown reason.');
      if (fault.code === 'internal') log.error(fault.message, { cause: causeOf(fault) });
      throw fault;
    }
  };
  let news: Disposable | undefined;
  const up = () => {
    news?.[Symbol.dispose]();
    news = undefined;
    const server = served?.peer.product ?? '';
    said.forget();
    log.info('Linked.', { url: edge.key.url, environment: edge.key.environmentId, server });
    const now = Date.now();
    note(log, () =>
      record.change({
        refusal: null,
        up: { pid: process.pid, sinceMs: now, serverProduct: server },
      }),
    );
  };
  const down = (end: LinkAttemptEnd, retryAtMs: number) => {
    const refusal =
      fault?.code === 'forbidden' ? { atMs: end.atMs, sentence: end.sentence } : undefined;
    note(log, () => record.addEnd(end, { up: null, ...(refusal ? { refusal } : {}) }));
    const level = said.isNew(end.sentence) ? 'warn' : 'debug';
    const retryInS = Math.round((retryAtMs - Date.now()) / 100) / 10;
    log[level](end.upMs > 0 ? `The link ended. ${end.sentence}` : `No link. ${end.sentence}`, {
      retryInS,
    });
  };
  const redial = keepLinked({
    dial,
    up,
    down(end, retryAtMs) {
      down(end, retryAtMs);
      news ??= hearNetworkNews(
        () => networkOf(edge.key.url),
        () => redial.retryNow(),
      );
    },
  });
  return {
    ends: redial.ends,
    retryNow: () => redial.retryNow(),
    async [Symbol.asyncDispose]() {
      await redial[Symbol.asyncDispose]();
      news?.[Symbol.dispose]();
    },
  };
}

/** A reason that repeats at every attempt is told once, and again after it was another one. */
class LastSaid {
  #sentence: string | undefined;

  isNew(sentence: string): boolean {
    const isNew = sentence !== this.#sentence;
    this.#sentence = sentence;
    return isNew;
  }

  forget(): void {
    this.#sentence = undefined;
  }
}

/** A full disk must not end the link. */
function note(log: Log, write: () => void): void {
  try {
    write();
  } catch (error) {
    log.warn(asFault(error, 'internal', 'The state of the link could not be kept.').message);
  }
}

function causeOf({ cause }: Fault): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}
