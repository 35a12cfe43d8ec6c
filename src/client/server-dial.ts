/**
 * One connection to a server: TCP, then TLS, then the question whether we trust its certificate, before any byte is sent.
 * Trusted is what an authority of this machine vouches for, or what carries the fingerprint a person accepted.
 */
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { fingerprintOf } from '../link/pin.ts';
import { Fault } from '../protocol/fault.ts';
import type { ServerAddress } from './server-address.ts';
import {
  changedCertificate,
  dialFault,
  dialTimeout,
  networkCode,
  plainPort,
  silence,
  strangeProtocol,
  unknownCertificate,
} from './server-words.ts';
import { systemRoots } from './system-roots.ts';

export interface DialOptions {
  readonly signal: AbortSignal;
  /** Fingerprint that a person accepted. */
  readonly pin?: string | undefined;
  /** For TCP and for TLS, each; 5 s unless said. */
  readonly deadlineMs?: number;
}

/** Who vouches for the server: Node's roots, the system's, the accepted fingerprint, or nobody (plain HTTP). */
export type TrustedBy = 'roots' | 'system-roots' | 'pin' | 'nobody';

export interface Dialled {
  readonly socket: Socket;
  readonly trustedBy: TrustedBy;
}

/** A certificate that is not trusted (yet); `fault` says so with its fingerprint. */
export interface Untrusted {
  readonly fingerprint: string;
  readonly fault: Fault;
}

const DEADLINE_MS = 5_000;

interface Ready {
  readonly event: 'connect' | 'secureConnect';
  readonly signal: AbortSignal;
  readonly deadlineMs: number;
  readonly late: () => Fault;
}

/** Resolves at the event; destroys the socket and rejects when it fails, ends, takes too long or is not wanted any more. */
async function ready(socket: Socket, options: Ready): Promise<void> {
  const { event, signal, deadlineMs, late } = options;
  const timer = setTimeout(() => socket.destroy(late()), deadlineMs);
  const abort = () => socket.destroy(new Fault('cancelled', 'The connection was given up.'));
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once(event, resolve);
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('The connection was closed.')));
    });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

/** A bare TCP connection with Nagle's delay off; every failure is a Fault with a sentence. */
export async function dialTcp(address: ServerAddress, options: DialOptions): Promise<Socket> {
  const { signal, deadlineMs = DEADLINE_MS } = options;
  const socket = connectTcp({ host: address.host, port: address.port, noDelay: true });
  try {
    const late = () => dialTimeout(address, deadlineMs);
    await ready(socket, { event: 'connect', signal, deadlineMs, late });
    return socket;
  } catch (error) {
    throw error instanceof Fault ? error : dialFault(address, error);
  }
}

async function answersPlainHttp(address: ServerAddress, options: DialOptions): Promise<boolean> {
  const socket = await dialTcp(address, options).catch(() => undefined);
  if (!socket) return false;
  const timer = setTimeout(() => socket.destroy(), options.deadlineMs ?? DEADLINE_MS);
  try {
    socket.write(`GET / HTTP/1.1\r\nHost: ${address.where}\r\nConnection: close\r\n\r\n`);
    for await (const chunk of socket) return String(chunk).startsWith('HTTP/');
    return false;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}

async function handshake(
  address: ServerAddress,
  options: DialOptions & { readonly ca?: string },
): Promise<TLSSocket> {
  const { signal, deadlineMs = DEADLINE_MS, ca } = options;
  const tcp = await dialTcp(address, options);
  const socket = connectTls({
    socket: tcp,
    host: address.host,
    ...(isIP(address.host) ? {} : { servername: address.host }),
    ...(ca ? { ca } : {}),
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: false,
  });
  try {
    const late = () => silence(address, 'the TLS handshake', deadlineMs);
    await ready(socket, { event: 'secureConnect', signal, deadlineMs, late });
    return socket;
  } catch (error) {
    tcp.destroy();
    if (error instanceof Fault) throw error;
    throw (await answersPlainHttp(address, options))
      ? plainPort(address)
      : strangeProtocol(address, networkCode(error) ?? error);
  }
}

/** Whether a TLS handshake succeeds there, whatever the certificate. */
export async function answersTls(address: ServerAddress, options: DialOptions): Promise<boolean> {
  const socket = await handshake(address, options).catch(() => undefined);
  socket?.destroy();
  return socket !== undefined;
}

/** Node's roots are tried first and the system's in a second connection, since loading those is slow. */
async function dialTls(address: ServerAddress, options: DialOptions): Promise<Dialled | Untrusted> {
  const { pin } = options;
  const socket = await handshake(address, options);
  if (socket.authorized) return { socket, trustedBy: 'roots' };
  const shown = fingerprintOf(socket.getPeerCertificate().raw);
  if (shown === pin) return { socket, trustedBy: 'pin' };
  socket.destroy();
  const second = await handshake(address, { ...options, ca: await systemRoots() });
  if (second.authorized) return { socket: second, trustedBy: 'system-roots' };
  second.destroy();
  const fault = pin
    ? changedCertificate(address, { shown, pinned: pin })
    : unknownCertificate(address, shown);
  return { fingerprint: shown, fault };
}

/** A connection ready for HTTP, or the certificate that nobody vouches for; rejects with a Fault otherwise. */
export async function tryDial(
  address: ServerAddress,
  options: DialOptions,
): Promise<Dialled | Untrusted> {
  if (address.isTls) return await dialTls(address, options);
  return { socket: await dialTcp(address, options), trustedBy: 'nobody' };
}

/** A connection ready for HTTP; an unknown or changed certificate is Fault wrong-certificate. */
export async function dialServer(address: ServerAddress, options: DialOptions): Promise<Dialled> {
  const dialled = await tryDial(address, options);
  if ('fault' in dialled) throw dialled.fault;
  return dialled;
}
