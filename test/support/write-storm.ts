/**
 * Many kinds of changes at once on a server, and a memory of what it has acknowledged: after a kill -9 each object must be as
 * the last acknowledged change left it, or as a change left it whose answer never came.
 */
import { Agent } from 'node:https';
import { httpsCall } from './https-call.ts';
import type { TestServer } from './server.ts';

type Random = (below: number) => number;
type Kind = 'tags' | 'teams' | 'users';

const KINDS: readonly Kind[] = ['tags', 'teams', 'users'];
const NAME_OF = { tags: 'Name', teams: 'Name', users: 'Username' } as const;
const ID_OF = { tags: 'ID', teams: 'Id', users: 'Id' } as const;
const WRITERS = 12;
/** A server has room for a thousand tags. */
const MAX_LIVE = 900;

/** What an object may be after a kill: its names; null stands for its absence. */
interface Known {
  readonly kind: Kind;
  readonly id: number;
  readonly may: Set<string | null>;
}

export class WriteStorm {
  /** Changes that were answered with success. */
  acknowledged = 0;
  readonly #known = new Map<string, Known>();
  readonly #random: Random;
  #count = 0;
  #live = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Writes until the server is gone; kills it after `acks` further acknowledgements and a moment. */
  async until(server: TestServer, acks: number): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: WRITERS });
    const killAt = this.acknowledged + acks;
    const momentMs = this.#random(12);
    const dead = new AbortController();
    void server.exit.then(() => dead.abort());
    let timer: NodeJS.Timeout | undefined;
    const write = async (): Promise<void> => {
      while (!dead.signal.aborted) {
        await this.#change(server, agent).catch((error: unknown) => {
          if (timer === undefined) throw error;
        });
        if (this.acknowledged < killAt) continue;
        // The others go on meanwhile, so that there is always a write under way.
        timer ??= setTimeout(() => server.kill('SIGKILL'), momentMs);
      }
    };
    await Promise.all(Array.from({ length: WRITERS }, write));
    agent.destroy();
  }

  /** One line for each object that is not as it was acknowledged. */
  async missing(server: TestServer): Promise<string[]> {
    const wrong: string[] = [];
    for (const kind of KINDS) {
      const list: Record<string, unknown>[] = (await server.api('GET', `/api/${kind}`)).body;
      const names = new Map(list.map((one) => [one[ID_OF[kind]], String(one[NAME_OF[kind]])]));
      for (const known of this.#known.values()) {
        if (known.kind !== kind) continue;
        const is = names.get(known.id) ?? null;
        if (!known.may.has(is)) wrong.push(`${kind} ${known.id}: ${is}, not ${[...known.may]}`);
        known.may.clear();
        known.may.add(is);
      }
    }
    return wrong;
  }

  async #change(server: TestServer, agent: Agent): Promise<void> {
    const isFull = this.#live > MAX_LIVE;
    const old = isFull || this.#random(3) === 0 ? this.#pick() : undefined;
    if (old === undefined) await this.#create(server, agent);
    else if (old.kind === 'teams' && this.#random(2) === 0) await this.#rename(server, agent, old);
    else await this.#remove(server, agent, old);
  }

  /** An object that no other writer is at, which is then this one's. */
  #pick(): Known | undefined {
    const all = [...this.#known.values()].slice(-3_000);
    for (let tries = 0; tries < 50; tries += 1) {
      const known = all[this.#random(Math.max(1, all.length))];
      if (known?.may.size === 1 && !known.may.has(null)) return known;
    }
    return undefined;
  }

  async #create(server: TestServer, agent: Agent): Promise<void> {
    this.#count += 1;
    // A password costs 12 ms of argon2: fewer users than the rest.
    const kind = KINDS[this.#random(20) === 0 ? 2 : this.#random(2)] as Kind;
    const name = `${kind}-${this.#count}`;
    const body = {
      [NAME_OF[kind]]: name,
      ...(kind === 'users' && { Password: 'a long enough password', Role: 2 }),
    };
    const answer = await this.#call(server, agent, 'POST', `/api/${kind}`, body);
    const id = answer.body[ID_OF[kind]] as number;
    this.#known.set(`${kind} ${id}`, { kind, id, may: new Set([name]) });
    this.acknowledged += 1;
    this.#live += 1;
  }

  async #rename(server: TestServer, agent: Agent, known: Known): Promise<void> {
    this.#count += 1;
    const name = `teams-${this.#count}`;
    known.may.add(name);
    await this.#call(server, agent, 'PUT', `/api/teams/${known.id}`, { Name: name });
    known.may.clear();
    known.may.add(name);
    this.acknowledged += 1;
  }

  async #remove(server: TestServer, agent: Agent, known: Known): Promise<void> {
    known.may.add(null);
    await this.#call(server, agent, 'DELETE', `/api/${known.kind}/${known.id}`);
    known.may.clear();
    known.may.add(null);
    this.acknowledged += 1;
    this.#live -= 1;
  }

  /** Rejects unless it is answered with success. */
  async #call(server: TestServer, agent: Agent, method: string, path: string, body?: unknown) {
    const headers = { Authorization: `Bearer ${server.token}` };
    const answer = await httpsCall(server.url, path, { method, headers, body, agent });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer;
  }
}
