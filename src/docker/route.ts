/**
 * A route: how bytes reach one Docker Engine API, whatever lies between (a socket, TLS, an agent, our server's proxy).
 * Everything above it speaks plain HTTP/1.1 into `agent`; TLS, pins and dialling happen when the agent opens a connection.
 */
import type { Agent } from 'node:http';

export interface EngineRoute extends AsyncDisposable {
  /** For sentences and logs: unix:///var/run/docker.sock, tcp://10.0.0.7:9001. Never holds a secret. */
  readonly address: string;
  /**
   * Keep-alive pool for node:http requests (protocol http:, even over TLS: see above). A connection attempt fails after
   * 5 s with a Fault (unreachable, wrong-certificate, timeout) as the request's 'error'.
   */
  readonly agent: Agent;
  /** Put before every Engine path, no trailing slash: '' or '/api/endpoints/3/docker'. */
  readonly pathPrefix: string;
  /** Headers that every request must carry (credentials, signature), computed anew at each call. */
  headers(): Readonly<Record<string, string>>;
}
