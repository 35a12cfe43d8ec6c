/**
 * The inner TLS 1.3 of a link: both sides show a certificate, which is judged by its key alone, never by name or date
 * (a clock that is years off must not lock a host out). What is trusted is this layer, whatever carries it.
 */
import { constants, type X509Certificate } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { connect, createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import { Fault } from '../protocol/fault.ts';
import { PlainStream } from './plain-stream.ts';

export interface TlsIdentity {
  readonly keyPem: string;
  readonly certificatePem: string;
}

export interface TlsPipe {
  readonly stream: Duplex;
  readonly peerCertificate: X509Certificate;
  /** 32 bytes that only the two ends of this very connection know (RFC 5705 exporter, label "fleet-link"). */
  readonly exporter: Buffer;
}

/** "h2" in wire form. A DataView, since of a list or a Buffer Node keeps a copy in a shared piece of 8 KiB, for each connection. */
const ALPN = new DataView(Uint8Array.of(2, 0x68, 0x32).buffer);

/** Made once for each identity: reading its key and certificate anew is dearer than a handshake. */
const CONTEXTS = new WeakMap<TlsIdentity, SecureContext>();

function contextOf(own: TlsIdentity): SecureContext {
  const known = CONTEXTS.get(own);
  if (known) return known;
  const { keyPem: key, certificatePem: cert } = own;
  // No session is ever resumed: each link proves both keys anew.
  const secureOptions = constants.SSL_OP_NO_TICKET;
  // Keys are judged, no issuers: left out, Node would read all the world's.
  const ca: string[] = [];
  const made = createSecureContext({ key, cert, ca, minVersion: 'TLSv1.3', secureOptions });
  CONTEXTS.set(own, made);
  return made;
}

/** The side that speaks first (the server or a console), over an open byte stream. */
export function tlsClient(pipe: Duplex, own: TlsIdentity, signal: AbortSignal): Promise<TlsPipe> {
  const socket = connect({
    socket: pipe,
    secureContext: contextOf(own),
    rejectUnauthorized: false,
    ALPNProtocols: ALPN,
  });
  return settle(socket, pipe, 'secureConnect', signal);
}

/** The side that answers (the agent), over an open byte stream. */
export function tlsServer(pipe: Duplex, own: TlsIdentity, signal: AbortSignal): Promise<TlsPipe> {
  const socket = new TLSSocket(
    pipe as never,
    {
      isServer: true,
      secureContext: contextOf(own),
      rejectUnauthorized: false,
      requestCert: true,
      ALPNProtocols: ALPN,
    } as never,
  );
  // Node says so of the sockets of a tls.Server only, and HTTP/2 waits for it.
  socket.once('secure', () => Object.assign(socket, { secureConnecting: false }));
  return settle(socket, pipe, 'secure', signal);
}

/** Of a chain's end, which the link tells in its own words. */
const ignore = (): void => undefined;

function settle(
  socket: TLSSocket,
  pipe: Duplex,
  ready: 'secure' | 'secureConnect',
  signal: AbortSignal,
): Promise<TlsPipe> {
  return new Promise((resolve, reject) => {
    const fail = (code: 'bad-peer' | 'timeout', sentence: string, cause?: unknown) => {
      signal.removeEventListener('abort', expire);
      socket.destroy();
      reject(new Fault(code, sentence, { cause }));
    };
    const expire = () => fail('timeout', 'The peer did not finish the handshake in time.');
    const broken = (cause: Error) =>
      fail('bad-peer', `The handshake failed: ${cause.message}.`, cause);
    const closed = () => fail('bad-peer', 'The peer closed the connection during the handshake.');
    socket.on('error', broken);
    socket.on('close', closed);
    socket.once(ready, () => {
      signal.removeEventListener('abort', expire);
      const certificate = socket.getPeerX509Certificate();
      if (!certificate) return fail('bad-peer', 'The peer shows no certificate.');
      // HTTP/2 would say so to the peer alone, and we would wait for it.
      if (socket.alpnProtocol !== 'h2') return fail('bad-peer', 'The peer speaks no HTTP/2.');
      // TLS on TLS is one chain of Node's own, down to the kernel; anything else it must not reach through.
      const isChain = pipe instanceof TLSSocket;
      const stream = isChain ? socket : new PlainStream(socket, { allowHalfOpen: false });
      // The stream hears of them from here on; what only the handshake needs is let go.
      if (isChain) socket.on('error', ignore);
      socket.off('error', broken);
      socket.off('close', closed);
      resolve({
        stream,
        peerCertificate: certificate,
        exporter: socket.exportKeyingMaterial(32, 'fleet-link', Buffer.alloc(0)),
      });
    });
    if (signal.aborted) expire();
    else signal.addEventListener('abort', expire, { once: true });
  });
}
