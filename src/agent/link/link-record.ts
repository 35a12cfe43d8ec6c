/**
 * What an agent keeps about its links: whom it trusts, whether it has joined, and how the last links ended. One small
 * file, replaced whole at each change; the doctor reads it while the agent runs.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asFault } from '../../protocol/fault.ts';
import type { LinkEndNote } from '../../protocol/link-api.ts';

/** The part that is kept; every field has an empty value. */
export interface LinkRecord {
  /** Which EDGE_KEY and which EDGE_ID the rest belongs to, as hashes. */
  readonly edgeKeyHash: string | null;
  readonly edgeIdHash: string | null;
  /** When the server bound this agent's key to its environment. */
  readonly boundAtMs: number | null;
  /** Takes the place of the EDGE_KEY's fingerprint, after a first contact without one or a rotation of the server's key. */
  readonly serverFingerprint: string | null;
  /** Announced by the server over a link, good beside the present one until it is seen. */
  readonly nextServerFingerprint: string | null;
  /** The last refusal, until a link comes up. */
  readonly refusal: { readonly atMs: number; readonly sentence: string } | null;
  /** The link that is up, as long as the process lives that wrote this. */
  readonly up: {
    readonly pid: number;
    readonly sinceMs: number;
    readonly serverProduct: string;
  } | null;
  /** The newest ten, oldest first. */
  readonly ends: readonly LinkEndNote[];
}

const EMPTY: LinkRecord = {
  edgeKeyHash: null,
  edgeIdHash: null,
  boundAtMs: null,
  serverFingerprint: null,
  nextServerFingerprint: null,
  refusal: null,
  up: null,
  ends: [],
};
const KEPT_ENDS = 10;
const SENTENCE_LIMIT = 500;

export class LinkRecordFile {
  readonly #file: string;
  readonly #isReadOnly: boolean;
  #record: LinkRecord;

  /** A file that is missing or makes no sense counts as empty; one that can't be read is a Fault bad-settings. Read only: changes stay in memory. */
  constructor(dataFolder: string, { isReadOnly = false } = {}) {
    this.#isReadOnly = isReadOnly;
    this.#file = join(dataFolder, 'link.json');
    this.#record = read(this.#file);
  }

  get record(): LinkRecord {
    return this.#record;
  }

  /** Fault internal when the file can't be written. */
  change(part: Partial<LinkRecord>): void {
    this.#record = { ...this.#record, ...part };
    if (this.#isReadOnly) return;
    const fresh = `${this.#file}.new`;
    try {
      mkdirSync(join(this.#file, '..'), { recursive: true, mode: 0o700 });
      writeFileSync(fresh, `${JSON.stringify(this.#record)}\n`, { mode: 0o600, flush: true });
      renameSync(fresh, this.#file);
    } catch (cause) {
      throw asFault(cause, 'internal', `${this.#file} can't be written. Is the disk full?`);
    }
  }

  addEnd(end: Omit<LinkEndNote, 'side'>, more: Partial<LinkRecord> = {}): void {
    const note: LinkEndNote = {
      ...end,
      sentence: end.sentence.slice(0, SENTENCE_LIMIT),
      side: 'agent',
    };
    this.change({ ...more, ends: [...this.#record.ends, note].slice(-KEPT_ENDS) });
  }
}

function read(file: string): LinkRecord {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return EMPTY;
    throw asFault(cause, 'bad-settings', `${file} can't be read. Check its owner and mode.`);
  }
  try {
    const kept = JSON.parse(text) as Partial<LinkRecord> | null;
    const ends = Array.isArray(kept?.ends) ? kept.ends.slice(-KEPT_ENDS) : [];
    return { ...EMPTY, ...kept, ends };
  } catch {
    return EMPTY;
  }
}
