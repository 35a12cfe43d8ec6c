/**
 * The link itself: WebSocket, the server's key, the hello. While the running agent holds a link, no second hello is said,
 * since the server would take it for the agent come back and drop the first.
 */
import type { X509Certificate } from 'node:crypto';
import { TLSSocket } from 'node:tls';
import { selfSigned } from '../../link/certificate.ts';
import { dialLink, EDGE_LINK_PATH } from '../../link/dial.ts';
import { linkFingerprint } from '../../link/fingerprint.ts';
import { type LinkPipe, linkFromAgent } from '../../link/link.ts';
import type { TlsIdentity } from '../../link/tls-pipe.ts';
import { errorCode } from '../../protocol/dial-fault.ts';
import { edgeDial, helloOf } from '../link/edge-link.ts';
import type { AgentIdentity } from '../link/identity.ts';
import type { LinkRecord } from '../link/link-record.ts';
import { type ServedLink, serveLink } from '../link/served-link.ts';
import type { ServerTrust } from '../link/server-trust.ts';
import type { EdgeSettings } from '../settings.ts';
import type { Examination, Finding } from './examination.ts';
import { span } from './network-steps.ts';

export interface LinkStepParts {
  readonly edge: EdgeSettings;
  /** Undefined when the agent has never run here. */
  readonly identity: AgentIdentity | undefined;
  readonly trust: ServerTrust;
  readonly record: LinkRecord;
}

const DAY_MS = 86_400_000;
const NOT_REACHED = 'Not reached: see the step that failed.';

/** For a way that ended before the WebSocket. */
export function skipLink(exam: Examination): void {
  for (const step of ['websocket', 'server key', 'join']) exam.skip(step, NOT_REACHED);
}

export async function examineLink(exam: Examination, parts: LinkStepParts): Promise<void> {
  const { record, identity } = parts;
  const pipe = await exam.step('websocket', async (signal) => await openPipe(parts, signal));
  if (!pipe) {
    for (const step of ['server key', 'join']) exam.skip(step, NOT_REACHED);
    return;
  }
  const { up } = record;
  const isLinked = up !== null && isAlive(up.pid);
  try {
    if (identity && !isLinked) {
      await greet(exam, pipe, { ...parts, identity });
      return;
    }
    const isGood = await exam.step('server key', async () => await checkServer(pipe, parts));
    if (!isGood) exam.skip('join', NOT_REACHED);
    else if (isLinked) await exam.step('join', () => linkedAlready(record));
    else exam.skip('join', 'This agent has never run here: it joins at its first start.');
  } finally {
    pipe.destroy();
  }
}

async function openPipe({ edge, trust }: LinkStepParts, signal: AbortSignal) {
  const { key } = edge;
  const startMs = performance.now();
  const pipe = await dialLink(edgeDial(edge, trust), signal);
  const ms = Math.round(performance.now() - startMs);
  const where = `${key.url} takes links at ${EDGE_LINK_PATH}`;
  return { sentence: `${where} ${wayWords(pipe, key.url)} (${ms} ms).`, value: pipe };
}

function wayWords(pipe: LinkPipe, url: string): string {
  if (pipe instanceof TLSSocket) return 'straight';
  const why = url.startsWith('https:') ? ', since something in between ends TLS' : '';
  return `as WebSockets${why}`;
}

/** As far as the server's key, and no further. */
async function checkServer(pipe: LinkPipe, { trust, identity }: LinkStepParts) {
  const own: TlsIdentity =
    identity?.current ??
    (await selfSigned({ commonName: 'fleet-agent', names: [], addresses: [] }));
  const checkPeer = (certificate: X509Certificate) => trust.refusal(certificate);
  const link = await linkFromAgent(pipe, { identity: own, checkPeer }, (stream) =>
    stream.destroy(),
  );
  const finding = serverFinding(link.peerCertificate);
  await link[Symbol.asyncDispose]();
  return finding;
}

interface GreetParts extends LinkStepParts {
  readonly identity: AgentIdentity;
}

/** One whole hello; the link is given up at once. */
async function greet(exam: Examination, pipe: LinkPipe, parts: GreetParts): Promise<void> {
  const { identity, trust, edge } = parts;
  let seen: X509Certificate | undefined;
  let fault: unknown;
  const hello = serveLink(pipe, {
    identity: identity.current,
    checkPeer(certificate) {
      const refusal = trust.refusal(certificate);
      if (!refusal) seen = certificate;
      return refusal;
    },
    answer: (_, link) => helloOf(edge, trust, link.exporter),
    accept: (connection) => connection.destroy(),
  }).catch((thrown: unknown) => {
    fault = thrown;
    return undefined;
  });
  await exam.step('server key', async () => {
    const served = await hello;
    if (seen === undefined) throw fault;
    await served?.link[Symbol.asyncDispose]();
    return serverFinding(seen);
  });
  if (seen === undefined) exam.skip('join', NOT_REACHED);
  else await exam.step('join', async () => joinFinding(await hello, fault, parts));
}

function joinFinding(
  served: ServedLink | undefined,
  fault: unknown,
  { edge, record }: LinkStepParts,
): Finding {
  if (!served) throw fault;
  const { versions, product } = served.hello;
  const own = record.boundAtMs === null ? 'The EDGE_ID was accepted' : 'This agent is known';
  const sentence = `${own} for environment ${edge.key.environmentId}; ${product} speaks link version ${versions.join(', ')}.`;
  return { sentence, value: undefined };
}

function serverFinding({ publicKey, validFrom }: X509Certificate): Finding<true> {
  const isFuture = Date.parse(validFrom) > Date.now() + DAY_MS;
  const more = isFuture
    ? ' Its certificate begins in the future: one of the two clocks is off.'
    : '';
  const sentence = `The server's key is the one we trust: ${linkFingerprint(publicKey)}.${more}`;
  return { sentence, isWarning: isFuture, value: true };
}

function linkedAlready({ up, boundAtMs }: LinkRecord): Finding {
  const sinceMs = Date.now() - (up?.sinceMs ?? 0);
  const joined = boundAtMs === null ? '' : `, joined ${new Date(boundAtMs).toISOString()}`;
  const sentence = `The running agent (pid ${up?.pid}) has been linked to ${up?.serverProduct} for ${span(sinceMs)}${joined}.`;
  return { sentence, value: undefined };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}
