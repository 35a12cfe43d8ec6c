/** A grant: who asks, and through which credential. Long-lived streams hold on to one and end with it. */
import { Fault } from '../../protocol/fault.ts';
import type { RoleNumber, UserRecord } from '../store/store.ts';

/** What an API key was made for, when it was made for less than its account may do. */
export interface KeyScope {
  /** Null: every environment of the account. */
  readonly environmentIds: readonly number[] | null;
  /** The most powerful role that the key may use, as policies number them; null: any in an environment. */
  readonly roleId: number | null;
}

/** What a credential proves by itself. */
export interface Proof {
  readonly user: UserRecord;
  readonly via: 'session' | 'api-key';
  /** The token's jti, or the API key's id in decimal. */
  readonly credentialId: string;
  /** Null for an API key without an end. */
  readonly expiresAtMs: number | null;
  /** Absent when the credential may do all that the account may. */
  readonly scope?: KeyScope;
}

export interface Grant extends Proof {
  /** Of the teams that the user is in. */
  readonly teamIds: readonly number[];
  /** When its credential was looked at, by performance.now(): what ended since then has ended it, too. */
  readonly provedAtMs?: number;
}

/** Whether the account is an administrator's, whatever the credential is worth. */
export const isAdministratorAccount = ({ user }: Proof): boolean =>
  user.role === (1 satisfies RoleNumber);

/** Whether a grant may do what only administrators may; a key with a scope never may. */
export const isAdministrator = (grant: Proof): boolean =>
  isAdministratorAccount(grant) && grant.scope === undefined;

/** Fault forbidden for a key with a scope: it works in environments and touches neither accounts nor teams. */
export function checkUnscoped(grant: Proof): void {
  if (grant.scope === undefined) return;
  throw new Fault('forbidden', 'Access denied', {
    details: 'This API key was made for work in environments; sign in for anything else.',
  });
}

interface Held {
  readonly grant: Grant;
  readonly end: () => void;
  readonly timer: NodeJS.Timeout | undefined;
}

/** A stream's hold on its grant: the signal fires when the grant ends first. */
export interface Hold {
  readonly signal: AbortSignal;
  [Symbol.dispose](): void;
}

/** Node's timers reach no further; a stream that lives on a key with a later end begins anew then. */
const MAX_TIMER_MS = 2 ** 31 - 1;
/** Longer than any request takes from its credential to its stream. */
const REMEMBERED_MS = 120_000;

interface Ended {
  readonly atMs: number;
  readonly matches: (grant: Grant) => boolean;
}

/** All streams that live on a grant, so that a sign-out, an expiry or a removed user ends them. */
export class HeldGrants {
  readonly #held = new Set<Held>();
  #ended: Ended[] = [];
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  hold(grant: Grant): Hold {
    const controller = new AbortController();
    const watch = this.watch(grant, () => controller.abort());
    return { signal: controller.signal, [Symbol.dispose]: () => watch[Symbol.dispose]() };
  }

  /** Calls `end` when the grant ends first; for what would only listen to a signal, which is dearer. */
  watch(grant: Grant, end: () => void): Disposable {
    const held: Held = { grant, end, timer: this.#expire(grant, end) };
    this.#held.add(held);
    // It may have ended while its request was on the way here; whoever holds it listens first.
    if (this.#hasEnded(grant)) setImmediate(end);
    return {
      [Symbol.dispose]: () => {
        this.#held.delete(held);
        clearTimeout(held.timer);
      },
    };
  }

  /** Ends every stream whose grant `matches`; returns how many. */
  end(matches: (grant: Grant) => boolean): number {
    const atMs = performance.now();
    this.#ended = this.#ended.filter((end) => atMs - end.atMs < REMEMBERED_MS);
    this.#ended.push({ atMs, matches });
    const ended = [...this.#held].filter((held) => matches(held.grant));
    for (const held of ended) {
      this.#held.delete(held);
      clearTimeout(held.timer);
      held.end();
    }
    return ended.length;
  }

  #hasEnded(grant: Grant): boolean {
    const { provedAtMs } = grant;
    if (provedAtMs === undefined) return false;
    return this.#ended.some(({ atMs, matches }) => atMs >= provedAtMs && matches(grant));
  }

  #expire(grant: Grant, end: () => void): NodeJS.Timeout | undefined {
    if (grant.expiresAtMs === null) return undefined;
    const delayMs = Math.min(MAX_TIMER_MS, Math.max(0, grant.expiresAtMs - this.#now()));
    return setTimeout(end, delayMs).unref();
  }
}
