/**
 * Dials a WebSocket for a link, through a proxy when the environment names one, and says in one sentence why it failed:
 * what the name server, the proxy, the certificate or the web server in the way answered.
 */
import type { Agent, ClientRequest } from 'node:http';
import { createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import { getProxyForUrl } from 'proxy-from-env';
import { WebSocket } from 'ws';
import { dialFault } from '../protocol/dial-fault.ts';
import { Fault } from '../protocol/fault.ts';
import { refusal } from './dial-refusal.ts';

/** Where a server takes links from edge agents. */
export const EDGE_LINK_PATH = '/api/edge/link';
/** Where a direct agent takes links from servers and consoles. */
export const AGENT_LINK_PATH = '/fleet/link';
/** How agents without links (Portainer's, and ours of older versions) answer the request for one. */
export const NO_LINK_STATUSES: ReadonlySet<number> = new Set([400, 401, 403, 404, 405, 426, 501]);

/** For the connection; once it stands, as long again for the answer: a server to which a whole fleet comes back takes its time. */
export const DIAL_TIMEOUT_MS = 15_000;
/** For both ends' `maxPayload`: a sender gathers far less into one message, so anything longer is no peer of ours. */
export const LINK_MESSAGE_LIMIT_BYTES = 4 << 20;

export interface DialOptions {
  /** https://host:port or http://host:port; the link's path is put behind it. */
  readonly url: string;
  readonly path: typeof EDGE_LINK_PATH | typeof AGENT_LINK_PATH;
  /** False dials directly, whatever proxies the environment names. */
  readonly throughProxy?: boolean;
  /** Judge the outer certificate by the system's roots; without it only the inner TLS decides. */
  readonly verify: boolean;
  /** Judges the outer certificate (DER) of an https address before anything is sent; a Fault ends the attempt. */
  readonly checkPeer?: (certificateDer: Buffer) => Fault | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  /** For the connection alone; as long as `timeoutMs` unless given. */
  readonly connectMs?: number;
}

/** The proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name for this address; undefined for none. Fault bad-settings for a malformed one. */
export function proxyFor(url: string): URL | undefined {
  const named = getProxyForUrl(url);
  if (named === '') return undefined;
  if (/^https?:\/\/[^/]/.test(named) && URL.canParse(named)) return new URL(named);
  const variable = url.startsWith('https:') ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  throw new Fault('bad-settings', `${variable} must look like http://proxy.example:3128.`);
}

/** How far an attempt came, for the sentence about its end. */
interface Progress {
  /** Of what answers: the server, or the proxy until that let us through. Without credentials. */
  address: string;
  readonly path: string;
  /** Undefined without a proxy; then the status of its answer to CONNECT, 0 before it. */
  proxyStatus: number | undefined;
  isConnected: boolean;
  /** Ends the connection to a proxy, which nothing else would while the proxy keeps silent. */
  readonly giveUp: AbortController;
}

/**
 * An open WebSocket that keeps what arrives from the first moment on, or a Fault that names the step that failed.
 * Honours HTTPS_PROXY, HTTP_PROXY and NO_PROXY unless told otherwise.
 */
export async function dialWebsocket(options: DialOptions, signal: AbortSignal): Promise<WebSocket> {
  const url = new URL(options.url + options.path);
  const progress: Progress = {
    address: url.origin,
    path: options.path,
    proxyStatus: undefined,
    isConnected: false,
    giveUp: new AbortController(),
  };
  const agent = options.throughProxy === false ? undefined : await proxyAgent(url, progress);
  if (signal.aborted) throw cancelled(progress);
  const socket = new WebSocket(url, {
    ...(agent ? { agent } : {}),
    rejectUnauthorized: options.verify,
    headers: options.headers ?? {},
    perMessageDeflate: false,
    maxPayload: LINK_MESSAGE_LIMIT_BYTES,
    finishRequest: (request) => {
      noteConnect(request, progress);
      sendWhenTrusted(request, options.checkPeer);
    },
    ...(url.protocol === 'https:' ? secureDial(options.verify) : {}),
  });
  const timeoutMs = options.timeoutMs ?? DIAL_TIMEOUT_MS;
  const connectMs = options.connectMs ?? timeoutMs;
  return await opened(socket, progress, { signal, timeoutMs, connectMs });
}

/** By whether the system's roots are asked; they are some MiB, and dearer to read than a handshake. */
const CONTEXTS = new Map<boolean, SecureContext>();

function contextFor(verify: boolean): SecureContext {
  const context = CONTEXTS.get(verify) ?? createSecureContext(verify ? {} : { ca: [] });
  CONTEXTS.set(verify, context);
  return context;
}

// Masking hides bytes from broken plain-text proxies only; under TLS it is pure cost.
const secureDial = (verify: boolean) => ({
  secureContext: contextFor(verify),
  generateMask: () => {},
});

interface DialLimits {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly connectMs: number;
}

function opened(socket: WebSocket, progress: Progress, limits: DialLimits): Promise<WebSocket> {
  const { signal, timeoutMs, connectMs } = limits;
  return new Promise((resolve, reject) => {
    const settle = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
    };
    const fail = (fault: Fault) => {
      settle();
      socket.terminate();
      progress.giveUp.abort();
      reject(fault);
    };
    const cancel = () => fail(cancelled(progress));
    let isExtended = false;
    const expire = () => {
      if (isExtended || !progress.isConnected) return fail(timedOut(progress));
      isExtended = true;
      timer = setTimeout(expire, timeoutMs);
    };
    let timer = setTimeout(expire, connectMs);
    signal.addEventListener('abort', cancel, { once: true });
    socket.once('open', () => {
      settle();
      socket.pause();
      resolve(socket);
    });
    socket.once('unexpected-response', (_request, response) => {
      void refusal(response, progress).then(fail);
    });
    // Stays: terminating a socket that is still dialling raises an error of its own.
    socket.on('error', (error) => fail(translate(error, progress)));
    if (signal.aborted) cancel();
  });
}

/** The package is loaded only where there is a proxy: most agents have none. */
async function proxyAgent(url: URL, progress: Progress): Promise<Agent | undefined> {
  const proxy = proxyFor(url.href);
  if (!proxy) return undefined;
  progress.address = `The proxy ${proxy.host}`;
  progress.proxyStatus = 0;
  // Bundled, a CommonJS package that is loaded lazily has its default export only.
  const { default: loaded } = await import('https-proxy-agent');
  const { HttpsProxyAgent } = loaded;
  const agent = new HttpsProxyAgent(proxy, { signal: progress.giveUp.signal });
  agent.on('proxyConnect', ({ statusCode }: { statusCode: number }) => {
    progress.proxyStatus = statusCode;
    if (statusCode === 200) progress.address = `${url.origin} through the proxy ${proxy.host}`;
  });
  return agent as Agent;
}

function noteConnect(request: ClientRequest, progress: Progress): void {
  request.once('socket', (socket) => {
    if (!socket.connecting) progress.isConnected = true;
    socket.once('connect', () => {
      progress.isConnected = true;
    });
  });
}

/** Sends the request, once the peer's certificate was judged where somebody judges it. */
function sendWhenTrusted(request: ClientRequest, checkPeer: DialOptions['checkPeer']): void {
  if (!checkPeer) {
    request.end();
    return;
  }
  request.once('socket', (socket) => {
    socket.once('secureConnect', () => {
      const certificate = (socket as TLSSocket).getPeerX509Certificate();
      const refusal = certificate
        ? checkPeer(certificate.raw)
        : new Fault('wrong-certificate', 'The peer shows no certificate.');
      if (refusal) request.destroy(refusal);
      else request.end();
    });
  });
}

function cancelled({ address }: Progress): Fault {
  return new Fault('cancelled', `Dialling ${address} was cancelled.`);
}

function timedOut({ address, isConnected, proxyStatus }: Progress): Fault {
  const clause =
    isConnected || proxyStatus !== undefined
      ? 'the connection stands, and then nothing is said.'
      : 'no answer in time. Is a firewall in the way?';
  return new Fault('timeout', `${address}: ${clause}`);
}

function translate(error: Error, progress: Progress): Fault {
  const { address } = progress;
  if (/^proxy connection ended|proxy connect response/i.test(error.message)) {
    return new Fault('bad-peer', `${address} hung up, or does not speak HTTP.`, { cause: error });
  }
  if (/^invalid|unexpected server response|^missing|^server sent/i.test(error.message)) {
    const sentence = `${address}: what answers there is no fleet server or agent.`;
    return new Fault('bad-peer', sentence, { cause: error });
  }
  return dialFault(error, address);
}
