/**
 * The closed list of what can go wrong, and the one error class that crosses a program's border.
 * A sentence in a Fault is for a person: what failed, on what, what to do; never a secret.
 */

interface FaultKind {
  /** What the code means, as printed in docs/errors.md. */
  readonly meaning: string;
  /** The HTTP status a door answers with. */
  readonly status: number;
  /** Whether trying the same thing again later may succeed without anybody changing anything. */
  readonly retry: boolean;
}

export const FAULTS = {
  'bad-request': {
    meaning: 'The request is malformed or misses a field.',
    status: 400,
    retry: false,
  },
  unauthorized: {
    meaning: 'No valid credential came with the request.',
    status: 401,
    retry: false,
  },
  forbidden: { meaning: 'The account may not do this.', status: 403, retry: false },
  'cross-site': {
    meaning: 'A browser sent this for the page of another site, or without its CSRF token.',
    status: 403,
    retry: false,
  },
  'not-found': { meaning: 'There is no such object.', status: 404, retry: false },
  conflict: {
    meaning: 'The object exists already or is in another state.',
    status: 409,
    retry: false,
  },
  'too-large': {
    meaning: 'The request is larger than this route accepts.',
    status: 413,
    retry: false,
  },
  'wrong-address': {
    meaning: 'No engine or agent that can be used answers at the address given in the request.',
    status: 422,
    retry: true,
  },
  'wrong-password': {
    meaning: 'The user name or the password is wrong.',
    status: 422,
    retry: false,
  },
  'second-factor': {
    meaning: 'The password is right; the code of the second factor is missing or wrong.',
    status: 422,
    retry: false,
  },
  'second-factor-due': {
    meaning: 'The server requires a second factor of this account, which has none yet.',
    status: 403,
    retry: false,
  },
  'too-many': {
    meaning: 'Too many attempts; wait as long as Retry-After says.',
    status: 429,
    retry: true,
  },
  cancelled: {
    meaning: 'The person or the program that asked went away.',
    status: 499,
    retry: true,
  },
  internal: {
    meaning: 'A bug or a failure of this machine; the log has the cause.',
    status: 500,
    retry: false,
  },
  unreachable: { meaning: 'Nothing answers at the address.', status: 502, retry: true },
  'bad-peer': {
    meaning: 'Something answers, but not in the protocol expected.',
    status: 502,
    retry: false,
  },
  'wrong-certificate': {
    meaning: 'The peer shows another certificate than the one pinned at first contact.',
    status: 502,
    retry: false,
  },
  'signature-refused': {
    meaning: 'The agent refuses our signature: another server owns it, or the secret differs.',
    status: 502,
    retry: false,
  },
  'engine-refused': {
    meaning: 'The Docker engine refused the call; its own words follow.',
    status: 500,
    retry: false,
  },
  'environment-down': {
    meaning: 'The environment has missed its heartbeats.',
    status: 502,
    retry: true,
  },
  'link-lost': {
    meaning:
      'The link to the agent ended while a change was under way; its outcome is told when it is back.',
    status: 502,
    retry: false,
  },
  timeout: {
    meaning: 'The peer accepted the call and did not answer in time.',
    status: 504,
    retry: true,
  },
  'no-engine': {
    meaning: 'No Docker engine was found on this machine.',
    status: 500,
    retry: false,
  },
  'data-in-use': {
    meaning: 'Another process has this data folder open.',
    status: 500,
    retry: true,
  },
  'bad-settings': {
    meaning: 'A flag, a variable or a settings file is wrong.',
    status: 500,
    retry: false,
  },
  'admin-timeout': {
    meaning: 'No administrator was created in the first five minutes; restart the server.',
    status: 303,
    retry: false,
  },
} as const satisfies Record<string, FaultKind>;

/** Names the code where the status alone does not tell a client of ours what to do. */
export const FAULT_HEADER = 'Fleet-Fault';

export type FaultCode = keyof typeof FAULTS;

export interface FaultOptions {
  readonly cause?: unknown;
  /** A second sentence, shown as `details` in REST answers. */
  readonly details?: string;
  /** Overrides the HTTP status of the code, for wire compatibility with one route. */
  readonly status?: number;
  /** Seconds after which trying again makes sense; becomes Retry-After. */
  readonly retryAfterS?: number;
}

/** The only error that may cross a door, a link or reach a person: a code of the table and a sentence. */
export class Fault extends Error {
  readonly code: FaultCode;
  readonly details: string | undefined;
  readonly status: number;
  readonly retryAfterS: number | undefined;

  constructor(code: FaultCode, sentence: string, options: FaultOptions = {}) {
    super(sentence, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Fault';
    this.code = code;
    this.details = options.details;
    this.status = options.status ?? FAULTS[code].status;
    this.retryAfterS = options.retryAfterS;
  }
}

/** The thrown value as a Fault: itself when it is one, else `code` with `sentence` and the value as cause. */
export function asFault(thrown: unknown, code: FaultCode, sentence: string): Fault {
  return thrown instanceof Fault ? thrown : new Fault(code, sentence, { cause: thrown });
}
