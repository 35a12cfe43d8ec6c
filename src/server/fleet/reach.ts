/**
 * How the server reaches an environment: which route, with which keys, pins and headers.
 * An agent is always reached over TLS, whatever the record's TLS flag says, and its certificate is pinned at first contact.
 */
import type { KeyObject } from 'node:crypto';
import { parseDockerAddress, routeTo } from '../../docker/docker-address.ts';
import { networkRoute } from '../../docker/network-route.ts';
import type { EngineRoute } from '../../docker/route.ts';
import { checkPin } from '../../link/pin.ts';
import { signatureHeaders } from '../../link/signature.ts';
import type { Secret } from '../../protocol/secret.ts';
import type { EnvironmentRecord } from '../store/store.ts';
import { parseAgentAddress } from './environment-address.ts';

/** What of a record decides how it is reached. */
export type Destination = Pick<
  EnvironmentRecord,
  'name' | 'type' | 'url' | 'tls' | 'tlsSkipVerify' | 'tlsCa' | 'tlsCert' | 'tlsKey'
>;

/** The pin of an agent's certificate: what is known, and whom to tell at first contact. */
export interface PinMemory {
  readonly pinned: string | undefined;
  onFirst(fingerprint: string): void;
}

/** The server's side of every connection to an engine or agent. */
export class Reach {
  readonly #key: KeyObject;
  readonly #agentSecret: Secret | undefined;

  /** `key` signs for agents (P-256); `agentSecret` is the AGENT_SECRET shared with them, if any. */
  constructor(key: KeyObject, agentSecret: Secret | undefined) {
    this.#key = key;
    this.#agentSecret = agentSecret;
  }

  /** A route that the caller disposes of; opens nothing by itself. Fault bad-request for an unreadable URL. */
  routeTo(destination: Destination, pin: PinMemory): EngineRoute {
    if (destination.type === 2) return this.#agentRoute(destination, pin);
    const address = parseDockerAddress(destination.url);
    if (address.kind === 'socket' || !destination.tls) return routeTo(address);
    const { tlsCa, tlsCert, tlsKey, tlsSkipVerify } = destination;
    return routeTo(address, {
      verify: !tlsSkipVerify,
      ...(tlsCa !== '' && { ca: tlsCa }),
      ...(tlsCert !== '' && { cert: tlsCert }),
      ...(tlsKey !== '' && { key: tlsKey }),
    });
  }

  #agentRoute(destination: Destination, pin: PinMemory): EngineRoute {
    const checkPeer = checkPin({
      ...(pin.pinned !== undefined && { pinned: pin.pinned }),
      onFirst: (fingerprint) => pin.onFirst(fingerprint),
      subject: `The agent of environment "${destination.name}" (${destination.url})`,
    });
    return networkRoute({
      address: destination.url,
      ...parseAgentAddress(destination.url),
      tls: { verify: false, checkPeer },
      headers: () => signatureHeaders(this.#key, this.#agentSecret?.reveal()),
    });
  }
}
