/**
 * The audit trail: who did or saw what, from where, and how it ended. A change on a host is noted before it is sent and
 * again when it has ended; everything else once, before its answer goes out. Rows are gathered for a moment and committed
 * together; nobody is answered before the row is on disk.
 */
import { createPublicKey, type KeyObject, randomUUID } from 'node:crypto';
import type { AuditRecord } from '../../protocol/audit.ts';
import type { AuditRow, AuditStore } from '../store/store.ts';
import { hashOf, NO_HASH, signedHead, type Verdict, verifyTrail } from './audit-chain.ts';
import type { Proof } from './grant.ts';

const GATHER_MS = 10;
const MAX_TEXT = 1_000;

/** What is kept of one moment of one request. Never a query, a body or a credential. */
export interface AuditEntry extends Omit<AuditRecord, 'sequence' | 'atMs'> {
  readonly via: Proof['via'] | 'none';
}

interface Waiting {
  readonly atMs: number;
  readonly entry: string;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

export class Audit {
  readonly #store: AuditStore;
  readonly #key: KeyObject;
  readonly #now: () => number;
  #last: { sequence: number; hash: string };
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;

  private constructor(
    store: AuditStore,
    last: { sequence: number; hash: string },
    parts: { readonly key: KeyObject; readonly now: () => number },
  ) {
    this.#store = store;
    this.#last = last;
    this.#key = parts.key;
    this.#now = parts.now;
  }

  static async open(
    store: AuditStore,
    parts: { readonly key: KeyObject; readonly now: () => number },
  ): Promise<Audit> {
    const last = await store.last();
    return new Audit(store, last ?? { sequence: 0, hash: NO_HASH }, parts);
  }

  /** A new name for a request. */
  requestId(): string {
    return randomUUID();
  }

  /** Resolves when the row is on disk; rejects when it can't be written, and then nothing may be done either. */
  note(entry: AuditEntry): Promise<void> {
    const short = Object.fromEntries(
      Object.entries(entry).map(([name, value]) => [
        name,
        typeof value === 'string' ? value.slice(0, MAX_TEXT) : value,
      ]),
    );
    return new Promise((resolve, reject) => {
      this.#waiting.push({ atMs: this.#now(), entry: JSON.stringify(short), resolve, reject });
      this.#writing ??= this.#write();
    });
  }

  /** The newest first, at most `limit`, older than the row `beforeSequence`. */
  async list(beforeSequence: number, limit: number): Promise<readonly AuditRecord[]> {
    const rows = await this.#store.before(beforeSequence, limit);
    return rows.map(({ sequence, atMs, entry }) => ({ ...JSON.parse(entry), sequence, atMs }));
  }

  /** How many rows there are. */
  get length(): number {
    return this.#last.sequence;
  }

  /** Checks the whole trail as it is on disk now. */
  async verify(): Promise<Verdict> {
    await this.#writing;
    return await verifyTrail(this.#store, createPublicKey(this.#key));
  }

  /** Resolves when everything noted so far is on disk or has failed. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing;
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
      await this.#commit(this.#waiting.splice(0));
    }
    this.#writing = undefined;
  }

  async #commit(batch: readonly Waiting[]): Promise<void> {
    const rows: AuditRow[] = [];
    let { sequence, hash } = this.#last;
    for (const { atMs, entry } of batch) {
      sequence += 1;
      hash = hashOf(hash, { sequence, atMs, entry });
      rows.push({ sequence, atMs, entry, hash });
    }
    try {
      await this.#store.append(rows, signedHead(this.#key, rows.at(-1) as AuditRow));
      this.#last = { sequence, hash };
      for (const { resolve } of batch) resolve();
    } catch (thrown) {
      for (const { reject } of batch) reject(thrown);
    }
  }
}
