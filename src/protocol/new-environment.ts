/** Adding an environment to a server: what a person gives, and what the server answers once. */

export const ADDABLE_KINDS = ['agent', 'edge-agent'] as const;
/** `agent`: the server dials it. `edge-agent`: it dials the server. */
export type AddableKind = (typeof ADDABLE_KINDS)[number];

export interface EnvironmentDraft {
  readonly name: string;
  readonly kind: AddableKind;
  /** agent: tcp://10.0.0.7:9001. edge-agent: the server's own URL as its agents reach it. */
  readonly url: string;
}

export interface AddedEnvironment {
  readonly environmentId: number;
  /** Only for an edge agent: names the server, its key and the environment. */
  readonly edgeKey?: string;
  /** Only for an edge agent, and only in this answer: the join secret. */
  readonly edgeId?: string;
  /** No authority vouches for the server's certificate: an edge agent has to be told not to judge it. */
  readonly isOwnCertificate: boolean;
}
