/** The sentences for everything that can go wrong between dialling a server and its first answer: what failed, what to try. */
import { Fault } from '../protocol/fault.ts';
import type { ServerAddress } from './server-address.ts';

const SAY_PORT = 'a fleet-server usually listens on port 9443';

/** The first network error code in an error, its cause, or the attempts of a dial over several addresses. */
export function networkCode(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const { code, cause, errors } = thrown as NodeJS.ErrnoException & { errors?: unknown[] };
  return code ?? networkCode(errors?.[0]) ?? networkCode(cause);
}

/** For a TCP connection that did not come about. */
export function dialFault(address: ServerAddress, thrown: unknown): Fault {
  const { host, where, port } = address;
  const say = (sentence: string) => new Fault('unreachable', sentence, { cause: thrown });
  const code = networkCode(thrown);
  switch (code) {
    case 'ENOTFOUND':
      return say(`The name ${host} does not resolve; check its spelling or use an IP address.`);
    case 'EAI_AGAIN':
      return say(`The name ${host} can't be looked up now; check DNS or use an IP address.`);
    case 'ECONNREFUSED':
      return say(
        `Nothing listens on ${where}; check that fleet-server runs there and the port (${port === 9443 ? 'its log names it' : SAY_PORT}).`,
      );
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return say(`There is no route to ${host}; check the address and this machine's network.`);
    default:
      return say(
        `Can't connect to ${where} (${code ?? 'unknown reason'}); check the address and the network.`,
      );
  }
}

/** For an address that swallows the packets. */
export function dialTimeout(address: ServerAddress, deadlineMs: number): Fault {
  return new Fault(
    'timeout',
    `${address.where} did not answer within ${deadlineMs / 1000} s; check the address and the port, a firewall may drop the packets.`,
  );
}

/** For a port that takes the connection and then stays silent. */
export function silence(address: ServerAddress, during: string, deadlineMs: number): Fault {
  return new Fault(
    'timeout',
    `${address.where} takes connections, but ${during} brought no answer within ${deadlineMs / 1000} s; check the port (${SAY_PORT}) or whether that server hangs.`,
  );
}

/** For https:// to a port that answers plain HTTP. */
export function plainPort(address: ServerAddress): Fault {
  return new Fault(
    'bad-peer',
    `${address.where} speaks plain HTTP, not HTTPS; try ${address.url.replace('https:', 'http:')} or the server's HTTPS port.`,
  );
}

/** For http:// to a port that wants TLS. */
export function tlsPort(address: ServerAddress): Fault {
  return new Fault(
    'bad-peer',
    `${address.where} wants HTTPS; try ${address.url.replace('http:', 'https:')}.`,
  );
}

/** For a port that speaks neither TLS nor HTTP. */
export function strangeProtocol(address: ServerAddress, cause: unknown): Fault {
  return new Fault(
    'bad-peer',
    `Something listens on ${address.where}, but it does not speak ${address.isTls ? 'HTTPS' : 'HTTP'}; check the port (${SAY_PORT}).`,
    { cause },
  );
}

/** For a web server that is not ours. */
export function notOurs(address: ServerAddress, status: number): Fault {
  return new Fault(
    'bad-peer',
    `${address.where} answers HTTP, but is no fleet-server (status ${status}); check the port (${SAY_PORT}) and the path.`,
  );
}

/** For a proxy, or a server in trouble: what a later attempt may find healed. */
export function serverTrouble(address: ServerAddress, status: number): Fault {
  return new Fault(
    'unreachable',
    `${address.where} answers with status ${status}; the server behind it may be starting or down, try again shortly.`,
  );
}

/** For an answer that sends us elsewhere. */
export function redirected(address: ServerAddress, location: string): Fault {
  return new Fault(
    'bad-peer',
    `${address.where} redirects to ${location.slice(0, 200)}; use that address if it is your fleet-server.`,
  );
}

/** For a genuine Portainer server where a fleet-server was. */
export function genuinePortainer(address: ServerAddress, version: string): Fault {
  return new Fault(
    'bad-peer',
    `${address.where} is a Portainer server (${version}) by now; sign in again, so that it is opened as one: fleet-tui login ${address.url}`,
  );
}

/** For the port of an agent. */
export function isAgent(address: ServerAddress): Fault {
  return new Fault(
    'bad-peer',
    `${address.where} is an agent, not a server; try fleet-tui --agent ${address.where} --secret-file FILE.`,
  );
}

/** For a certificate that nobody vouches for and nobody has accepted yet. */
export function unknownCertificate(address: ServerAddress, fingerprint: string): Fault {
  return new Fault(
    'wrong-certificate',
    `${address.where} shows a certificate that this machine does not know, fingerprint ${fingerprint}; compare it with the server's log, then accept it with: fleet-tui login ${address.url} --trust ${fingerprint}`,
  );
}

/** For a certificate other than the accepted one. */
export function changedCertificate(
  address: ServerAddress,
  fingerprints: { readonly shown: string; readonly pinned: string },
): Fault {
  return new Fault(
    'wrong-certificate',
    `${address.where} shows another certificate (${fingerprints.shown}) than the one accepted before (${fingerprints.pinned}); if it was replaced on purpose: fleet-tui login ${address.url} --trust ${fingerprints.shown}`,
  );
}
