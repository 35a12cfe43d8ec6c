/** What a failed connection means to a person: operating system and TLS codes become one sentence. */
import { Fault, type FaultCode } from './fault.ts';

type Wording = readonly [code: FaultCode, clause: string];

const WORDINGS: Readonly<Record<string, Wording>> = {
  ENOENT: ['unreachable', 'there is no such socket. Is Docker running?'],
  EACCES: [
    'unreachable',
    'permission denied. Run as a user who may use this socket (group docker, or root).',
  ],
  EPERM: ['unreachable', 'permission denied by the operating system.'],
  ECONNREFUSED: ['unreachable', 'nothing listens there. Is it running, and is the port right?'],
  EHOSTUNREACH: ['unreachable', 'no route to that host. Is the machine up?'],
  ENETUNREACH: ['unreachable', 'no route to that network.'],
  ETIMEDOUT: ['timeout', 'no answer in time. Is a firewall in the way?'],
  ENOTFOUND: ['unreachable', 'the host name is unknown. Check its spelling or your DNS.'],
  EAI_AGAIN: ['unreachable', 'the name server did not answer. Try again in a moment.'],
  ECONNRESET: ['unreachable', 'the peer closed the connection.'],
  EPIPE: ['unreachable', 'the peer closed the connection.'],
  EPROTO: ['bad-peer', 'it does not speak TLS. Is it the right port?'],
  ERR_SSL_WRONG_VERSION_NUMBER: ['bad-peer', 'it does not speak TLS. Is it the right port?'],
  ERR_SSL_PACKET_LENGTH_TOO_LONG: ['bad-peer', 'it does not speak TLS. Is it the right port?'],
  ERR_TLS_CERT_ALTNAME_INVALID: ['wrong-certificate', 'its certificate is for another name.'],
  CERT_HAS_EXPIRED: ['wrong-certificate', 'its certificate has expired.'],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['wrong-certificate', 'its certificate is self-signed.'],
  SELF_SIGNED_CERT_IN_CHAIN: ['wrong-certificate', 'its certificate comes from an unknown issuer.'],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [
    'wrong-certificate',
    'its certificate comes from an unknown issuer.',
  ],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [
    'wrong-certificate',
    'its certificate comes from an unknown issuer.',
  ],
};

/** The `code` of a system, TLS or HTTP parser error, '' when it has none. */
export function errorCode(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return '';
  return typeof thrown.code === 'string' ? thrown.code : '';
}

/** A network error while talking to `address` as a Fault: unreachable, timeout, bad-peer, wrong-certificate or cancelled. */
export function dialFault(thrown: unknown, address: string): Fault {
  if (thrown instanceof Fault) return thrown;
  const first = thrown instanceof AggregateError ? (thrown.errors[0] as unknown) : thrown;
  const code = errorCode(first) || errorCode(thrown);
  if (code === 'ABORT_ERR') {
    return new Fault('cancelled', `The call to ${address} was cancelled.`, { cause: thrown });
  }
  const known = WORDINGS[code];
  if (known) return new Fault(known[0], `${address}: ${known[1]}`, { cause: thrown });
  if (code.startsWith('HPE_')) {
    return new Fault('bad-peer', `${address}: what answers there does not speak HTTP.`, {
      cause: thrown,
    });
  }
  const words = first instanceof Error ? first.message : String(first);
  return new Fault('unreachable', `${address}: the connection failed (${words}).`, {
    cause: thrown,
  });
}
