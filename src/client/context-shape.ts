/** What a saved context is, and the check of a file that a person may have edited; by hand, since zod is slow to load. */

/** A token made by `fleet-tui login`: an API key of the account, named by its id so that logout can revoke it. */
export interface Credential {
  readonly token: string;
  readonly tokenId?: number;
  readonly userId?: number;
  readonly username?: string;
}

export interface ServerContext {
  readonly kind: 'server';
  /** Absent for a fleet-server; a genuine Portainer has no feed. */
  readonly product?: 'portainer';
  readonly name: string;
  /** https://jump:9443, without a trailing slash. */
  readonly url: string;
  readonly credential?: Credential;
  /** Of the server's certificate, when no authority known to this machine vouches for it. */
  readonly fingerprint?: string;
}

export interface AgentContext {
  readonly kind: 'agent';
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** The agent's AGENT_SECRET. */
  readonly secret?: string;
}

export interface DockerContext {
  readonly kind: 'docker';
  readonly name: string;
  /** unix:///var/run/docker.sock or tcp://10.0.0.7:2375. */
  readonly address: string;
}

export type Context = ServerContext | AgentContext | DockerContext;

export interface AgentPin {
  /** host:port */
  readonly address: string;
  /** Of the certificate of its port, in the form of link/pin.ts. */
  readonly fingerprint: string;
  /** Of its link key, in the form of link/fingerprint.ts, once it was linked. */
  readonly linkFingerprint?: string;
}

/** The file as it stands on disk. */
export interface StoredBook {
  /** Name of the context that `fleet-tui` opens by itself. */
  readonly current: string | null;
  readonly contexts: readonly Context[];
  readonly agentPins: readonly AgentPin[];
}

export interface ContextBook extends StoredBook {
  /** A sentence for the person, when the file was broken and has been moved aside. */
  readonly movedAside?: string;
}

type Fields = Readonly<Record<string, unknown>>;
type Kind = 'string' | 'number' | 'boolean';

export const EMPTY_BOOK: StoredBook = { current: null, contexts: [], agentPins: [] };

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Names ending in `?` may be missing. */
function has(fields: unknown, shape: Readonly<Record<string, Kind>>): fields is Fields {
  if (!isFields(fields)) return false;
  return Object.entries(shape).every(([name, kind]) => {
    const value = fields[name.replace('?', '')];
    return typeof value === kind || (name.endsWith('?') && value === undefined);
  });
}

const CREDENTIAL = {
  token: 'string',
  'tokenId?': 'number',
  'userId?': 'number',
  'username?': 'string',
} as const;

function isContext(value: unknown): value is Context {
  if (!has(value, { kind: 'string', name: 'string' })) return false;
  switch (value.kind) {
    case 'server':
      return (
        has(value, { url: 'string', 'fingerprint?': 'string' }) &&
        (value.product === undefined || value.product === 'portainer') &&
        (value.credential === undefined || has(value.credential, CREDENTIAL))
      );
    case 'agent':
      return has(value, { host: 'string', port: 'number', 'secret?': 'string' });
    case 'docker':
      return has(value, { address: 'string' });
    default:
      return false;
  }
}

function isPin(value: unknown): value is AgentPin {
  return has(value, { address: 'string', fingerprint: 'string', 'linkFingerprint?': 'string' });
}

/** The parsed JSON of the file as a book, or undefined when its shape is not ours; missing parts count as empty. */
export function parseBook(value: unknown): StoredBook | undefined {
  if (!isFields(value)) return undefined;
  const { current = null, contexts = [], agentPins = [] } = value;
  if (current !== null && typeof current !== 'string') return undefined;
  if (!Array.isArray(contexts) || !contexts.every(isContext)) return undefined;
  if (!Array.isArray(agentPins) || !agentPins.every(isPin)) return undefined;
  return { current, contexts, agentPins };
}
