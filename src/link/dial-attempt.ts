/**
 * One attempt to reach a peer, through a proxy when the environment names one: how far it came, within which limits, and in one
 * sentence why it failed: what the name server, the proxy, the certificate or the web server in the way answered.
 */
import type { Agent, ClientRequest } from 'node:http';
import { createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import { getProxyForUrl } from 'proxy-from-env';
import { dialFault } from '../protocol/dial-fault.ts';
import { Fault } from '../protocol/fault.ts';

/** For the connection; once it stands, as long again for the answer: a server to which a whole fleet comes back takes its time. */
export const DIAL_TIMEOUT_MS = 15_000;

export interface DialOptions {
  /** https://host:port or http://host:port; the link's path is put behind it. */
  readonly url: string;
  readonly path: string;
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

/** By whether the system's roots are asked; they are some MiB, and dearer to read than a handshake. */
const CONTEXTS = new Map<boolean, SecureContext>();

function contextFor(verify: boolean): SecureContext {
  const context = CONTEXTS.get(verify) ?? createSecureContext(verify ? {} : { ca: [] });
  CONTEXTS.set(verify, context);
  return context;
}

/** What is done once the connection is there, and how it is ended. */
interface Conversation<Opened> {
  begin(succeed: (opened: Opened) => void, fail: (fault: Fault) => void): void;
  end(): void;
}

export class DialAttempt {
  readonly url: URL;
  /** Of what answers: the server, or the proxy until that let us through. Without credentials. */
  address: string;
  /** Undefined without a proxy; then the status of its answer to CONNECT, 0 before it. */
  proxyStatus: number | undefined;
  isConnected = false;
  /** Whether TLS stands: from here on the peer, or whoever ends TLS for it, has our words. */
  isSecure = false;
  /** Undefined dials directly. */
  agent: Agent | undefined;
  readonly #options: DialOptions;
  /** Ends the connection to a proxy, which nothing else would while the proxy keeps silent. */
  readonly #giveUp = new AbortController();

  private constructor(options: DialOptions) {
    this.#options = options;
    this.url = new URL(options.url + options.path);
    this.address = this.url.origin;
  }

  /** Fault bad-settings, or cancelled when the signal has fired. */
  static async prepare(options: DialOptions, signal: AbortSignal): Promise<DialAttempt> {
    const attempt = new DialAttempt(options);
    if (options.throughProxy !== false) await attempt.#findProxy();
    if (signal.aborted) throw attempt.#cancelled();
    return attempt;
  }

  get path(): string {
    return this.#options.path;
  }

  /** For a request of node:https or the ws package. */
  get secureOptions() {
    const { verify } = this.#options;
    return { rejectUnauthorized: verify, secureContext: contextFor(verify) };
  }

  /** Sends the request: at once, or when TLS stands where somebody judges the certificate or has something to add in `ready`. */
  send(request: ClientRequest, ready?: (socket: TLSSocket) => void): void {
    const isHeld = this.#options.checkPeer !== undefined || ready !== undefined;
    request.once('socket', (socket) => {
      if (!socket.connecting) this.isConnected = true;
      socket.once('connect', () => {
        this.isConnected = true;
      });
      socket.once('secureConnect', () => {
        this.isSecure = true;
        if (!isHeld) return;
        const refusal = this.#judge(socket as TLSSocket);
        if (refusal) {
          request.destroy(refusal);
          return;
        }
        ready?.(socket as TLSSocket);
        request.end();
      });
    });
    if (!isHeld) request.end();
  }

  /** As the conversation goes, but within the limits and the signal. */
  hold<Opened>(conversation: Conversation<Opened>, signal: AbortSignal): Promise<Opened> {
    const { timeoutMs = DIAL_TIMEOUT_MS, connectMs = timeoutMs } = this.#options;
    return new Promise((resolve, reject) => {
      const settle = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', cancel);
      };
      const fail = (fault: Fault) => {
        settle();
        conversation.end();
        this.#giveUp.abort();
        reject(fault);
      };
      const cancel = () => fail(this.#cancelled());
      let isExtended = false;
      const expire = () => {
        if (isExtended || !this.isConnected) return fail(this.#timedOut());
        isExtended = true;
        timer = setTimeout(expire, timeoutMs);
      };
      let timer = setTimeout(expire, connectMs);
      signal.addEventListener('abort', cancel, { once: true });
      const succeed = (opened: Opened) => {
        settle();
        resolve(opened);
      };
      conversation.begin(succeed, fail);
      if (signal.aborted) cancel();
    });
  }

  /** What an error of the connection, or of HTTP on it, means. */
  translate(error: Error): Fault {
    const { address } = this;
    if (/^proxy connection ended|proxy connect response/i.test(error.message)) {
      return new Fault('bad-peer', `${address} hung up, or does not speak HTTP.`, { cause: error });
    }
    if (/^invalid|unexpected server response|^missing|^server sent/i.test(error.message)) {
      const sentence = `${address}: what answers there is no fleet server or agent.`;
      return new Fault('bad-peer', sentence, { cause: error });
    }
    return dialFault(error, address);
  }

  /** The package is loaded only where there is a proxy: most agents have none. */
  async #findProxy(): Promise<void> {
    const proxy = proxyFor(this.url.href);
    if (!proxy) return;
    this.address = `The proxy ${proxy.host}`;
    this.proxyStatus = 0;
    // Bundled, a CommonJS package that is loaded lazily has its default export only.
    const { default: loaded } = await import('https-proxy-agent');
    const { HttpsProxyAgent } = loaded;
    const agent = new HttpsProxyAgent(proxy, { signal: this.#giveUp.signal });
    agent.on('proxyConnect', ({ statusCode }: { statusCode: number }) => {
      this.proxyStatus = statusCode;
      if (statusCode === 200) {
        this.address = `${this.url.origin} through the proxy ${proxy.host}`;
      }
    });
    this.agent = agent as Agent;
  }

  #judge(socket: TLSSocket): Fault | undefined {
    const { checkPeer } = this.#options;
    if (!checkPeer) return undefined;
    const certificate = socket.getPeerX509Certificate();
    if (certificate) return checkPeer(certificate.raw);
    return new Fault('wrong-certificate', 'The peer shows no certificate.');
  }

  #cancelled(): Fault {
    return new Fault('cancelled', `Dialling ${this.address} was cancelled.`);
  }

  #timedOut(): Fault {
    const { address, isConnected, proxyStatus } = this;
    const clause =
      isConnected || proxyStatus !== undefined
        ? 'the connection stands, and then nothing is said.'
        : 'no answer in time. Is a firewall in the way?';
    return new Fault('timeout', `${address}: ${clause}`);
  }
}
