/**
 * What the server knows of each environment's link: whom it trusts, how links ended, who was turned away. Kept in memory whole;
 * trust is on disk before anybody is told of it, mere history is written in groups, since every commit waits for the disk.
 */
import type { Logger } from 'pino';
import type { Fault } from '../../protocol/fault.ts';
import type { LinkEndNote, LinkStatus } from '../../protocol/link-api.ts';
import type { BindingStore, LinkBinding } from '../store/store.ts';

export type Refusal = LinkStatus['refused'][number];
type Join = Pick<LinkBinding, 'joinKey' | 'joinExpiresAtMs' | 'serverFingerprint'>;
type History = Partial<Pick<LinkBinding, 'agentProduct' | 'lastSeenAtMs'>>;

const WRITE_DELAY_MS = 250;
const KEPT_ENDS_PER_SIDE = 10;
const KEPT_REFUSALS = 20;

const NOTHING = {
  joinKey: null,
  joinExpiresAtMs: null,
  agentFingerprint: null,
  nextFingerprint: null,
  serverFingerprint: null,
  boundAtMs: null,
  rotatedAtMs: null,
  agentProduct: null,
  lastSeenAtMs: null,
  ends: [],
} as const satisfies Omit<LinkBinding, 'environmentId'>;

export interface LinkBookParts {
  readonly store: BindingStore;
  readonly log: Logger;
  readonly now: () => number;
}

/** All bindings of a server. Methods that change trust resolve when the change is on disk. */
export class LinkBook implements AsyncDisposable {
  readonly #parts: LinkBookParts;
  readonly #bindings = new Map<number, LinkBinding>();
  readonly #refusals = new Map<number, Refusal[]>();
  readonly #unwritten = new Set<number>();
  #boundCount = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  private constructor(parts: LinkBookParts) {
    this.#parts = parts;
  }

  static async open(parts: LinkBookParts): Promise<LinkBook> {
    const book = new LinkBook(parts);
    for (const binding of await parts.store.list()) book.#put(binding);
    return book;
  }

  /** What is kept; all nulls for an environment that never had a link. */
  get(environmentId: number): LinkBinding {
    return this.#bindings.get(environmentId) ?? { environmentId, ...NOTHING };
  }

  /** How many environments an agent has bound itself to. */
  get boundCount(): number {
    return this.#boundCount;
  }

  all(): Iterable<LinkBinding> {
    return this.#bindings.values();
  }

  /** Opens the environment for one agent that knows the join secret; whoever was bound is bound no more. */
  async openJoin(environmentId: number, join: Join): Promise<void> {
    this.#refusals.delete(environmentId);
    const { ends } = this.get(environmentId);
    await this.#trust({ environmentId, ...NOTHING, ends, ...join });
  }

  /** The agent accepts this key of the server. */
  async noteServerKey(environmentId: number, serverFingerprint: string): Promise<void> {
    const before = this.#bindings.get(environmentId);
    if (before === undefined || before.serverFingerprint === serverFingerprint) return;
    await this.#trust({ ...before, serverFingerprint });
  }

  /** Binds the first agent; false when another was quicker. */
  async bind(environmentId: number, fingerprint: string): Promise<boolean> {
    const before = this.get(environmentId);
    if (before.agentFingerprint !== null) return before.agentFingerprint === fingerprint;
    await this.#trust({
      ...before,
      agentFingerprint: fingerprint,
      nextFingerprint: null,
      boundAtMs: this.#parts.now(),
      joinKey: null,
      joinExpiresAtMs: null,
    });
    return true;
  }

  /** Accepts another key of the bound agent beside its present one. */
  async offerNext(environmentId: number, fingerprint: string): Promise<void> {
    await this.#trust({ ...this.get(environmentId), nextFingerprint: fingerprint });
  }

  /** The agent has come with its next key: the old one is trusted no more. */
  async promoteNext(environmentId: number): Promise<void> {
    const before = this.get(environmentId);
    if (before.nextFingerprint === null) return;
    await this.#trust({
      ...before,
      agentFingerprint: before.nextFingerprint,
      nextFingerprint: null,
      rotatedAtMs: this.#parts.now(),
    });
  }

  /** Another peer stands at the address now: nobody is trusted until it has linked. */
  async unbind(environmentId: number): Promise<void> {
    if (this.#bindings.has(environmentId)) await this.#trust({ environmentId, ...NOTHING });
  }

  /** After the environment was removed. */
  forget(environmentId: number): void {
    this.#drop(environmentId);
    this.#refusals.delete(environmentId);
    this.#unwritten.delete(environmentId);
  }

  noteHistory(environmentId: number, history: History): void {
    this.#later({ ...this.get(environmentId), ...history });
  }

  noteEnd(environmentId: number, end: LinkEndNote): void {
    const before = this.get(environmentId);
    const own = before.ends.filter(({ side }) => side === end.side).slice(1 - KEPT_ENDS_PER_SIDE);
    const others = before.ends.filter(({ side }) => side !== end.side);
    this.#later({ ...before, ends: inOrder([...others, ...own, end]) });
  }

  /** The agent's own list, which replaces what was known of it. */
  noteAgentEnds(environmentId: number, ends: readonly LinkEndNote[]): void {
    const before = this.get(environmentId);
    const own = before.ends.filter(({ side }) => side === 'server');
    this.#later({ ...before, ends: inOrder([...own, ...ends.slice(-KEPT_ENDS_PER_SIDE)]) });
  }

  /** Remembers, in memory, that somebody was turned away. */
  noteRefusal(environmentId: number, address: string, fault: Fault): void {
    const known = this.#refusals.get(environmentId) ?? [];
    const { code, message } = fault;
    known.push({ atMs: this.#parts.now(), address, code, sentence: message });
    this.#refusals.set(environmentId, known.slice(-KEPT_REFUSALS));
  }

  /** Newest last. */
  refusalsOf(environmentId: number): readonly Refusal[] {
    return this.#refusals.get(environmentId) ?? [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer);
    await this.#write();
  }

  async #trust(binding: LinkBinding): Promise<void> {
    const { environmentId } = binding;
    const before = this.#bindings.get(environmentId);
    // In memory at once: of two agents that join in the same moment only one may find the place free.
    this.#put(binding);
    try {
      await this.#parts.store.putAll([binding]);
    } catch (thrown) {
      if (before === undefined) this.#drop(environmentId);
      else this.#put(before);
      throw thrown;
    }
  }

  #put(binding: LinkBinding): void {
    this.#count(binding.environmentId, binding);
    this.#bindings.set(binding.environmentId, binding);
  }

  #drop(environmentId: number): void {
    this.#count(environmentId, undefined);
    this.#bindings.delete(environmentId);
  }

  #count(environmentId: number, after: LinkBinding | undefined): void {
    const isBound = (binding: LinkBinding | undefined) => Boolean(binding?.agentFingerprint);
    this.#boundCount += Number(isBound(after)) - Number(isBound(this.#bindings.get(environmentId)));
  }

  #later(binding: LinkBinding): void {
    this.#put(binding);
    this.#unwritten.add(binding.environmentId);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#writing = this.#writing.then(() => this.#write());
    }, WRITE_DELAY_MS).unref();
  }

  async #write(): Promise<void> {
    const bindings = [...this.#unwritten].flatMap((id) => this.#bindings.get(id) ?? []);
    this.#unwritten.clear();
    if (bindings.length === 0) return;
    await this.#parts.store.putAll(bindings).catch((error: unknown) => {
      this.#parts.log.error({ err: error }, 'the history of links could not be kept');
    });
  }
}

function inOrder(ends: readonly LinkEndNote[]): LinkEndNote[] {
  return [...ends].sort((a, b) => a.atMs - b.atMs);
}
