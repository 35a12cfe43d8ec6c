/**
 * Sends the audit trail to a syslog receiver, row after row, and remembers in the store how far the receiver has confirmed.
 * After a restart or a cut it goes on from there: a row may arrive twice, never not at all.
 */
import { hostname } from 'node:os';
import type { Logger } from 'pino';
import { pause } from '../../docker/deadline.ts';
import { asFault } from '../../protocol/fault.ts';
import type { AuditStore, SettingStore } from '../store/store.ts';
import type { Audit } from './audit.ts';
import { syslogFrame } from './syslog-line.ts';
import { receiverName, type SyslogReceiver, SyslogSession } from './syslog-session.ts';

const PAGE = 500;
/** A connection is closed, and so confirmed, after so many rows, so long, or when nothing has come for a while. */
const MOST_ROWS = 5_000;
const MOST_MS = 30_000;
const IDLE_MS = 2_000;
const LOOK_MS = 250;
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 60_000;

export interface SyslogParts {
  readonly receiver: SyslogReceiver;
  readonly audit: Pick<Audit, 'length'>;
  readonly store: { readonly audit: AuditStore; readonly settings: SettingStore };
  readonly log: Logger;
  readonly now: () => number;
  /** From 0 up to, not including, 1. */
  readonly random?: () => number;
}

export interface SyslogState {
  /** tls://HOST:PORT */
  readonly receiver: string;
  /** The last row that the receiver is known to have read. */
  readonly confirmed: number;
  /** Rows after it. */
  readonly waiting: number;
  /** Why it fails at the moment; null while it does not. */
  readonly failure: { readonly sentence: string; readonly sinceMs: number } | null;
}

/** Runs until it is disposed; nothing waits for it. */
export class SyslogForwarder implements AsyncDisposable {
  readonly #parts: SyslogParts;
  readonly #name: string;
  readonly #stop = new AbortController();
  readonly #source = { hostname: hostname(), pid: process.pid };
  readonly #loop: Promise<void>;
  #confirmed: number;
  #failures = 0;
  #failure: SyslogState['failure'] = null;

  private constructor(parts: SyslogParts, confirmed: number) {
    this.#parts = parts;
    this.#name = receiverName(parts.receiver);
    this.#confirmed = confirmed;
    this.#loop = this.#run();
  }

  /** Goes on where this receiver's rows ended; a receiver that is new gets the whole trail. */
  static async open(parts: SyslogParts): Promise<SyslogForwarder> {
    const kept = await parts.store.settings.get(cursorOf(parts.receiver));
    return new SyslogForwarder(parts, Math.min(Number(kept) || 0, parts.audit.length));
  }

  get state(): SyslogState {
    const waiting = this.#parts.audit.length - this.#confirmed;
    return { receiver: this.#name, confirmed: this.#confirmed, waiting, failure: this.#failure };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      if (this.#confirmed >= this.#parts.audit.length) {
        await pause(LOOK_MS, signal);
        continue;
      }
      try {
        await this.#forward(signal);
        this.#succeeded();
      } catch (thrown) {
        if (signal.aborted) return;
        await pause(this.#failed(thrown), signal);
      }
    }
  }

  /** One connection: what waits, and what comes while it is open. */
  async #forward(signal: AbortSignal): Promise<void> {
    const { receiver, store, now } = this.#parts;
    using session = await SyslogSession.open(receiver, signal);
    const first = this.#confirmed;
    const untilMs = now() + MOST_MS;
    let sent = first;
    while (sent - first < MOST_ROWS && now() < untilMs && (await this.#hasMore(sent, signal))) {
      for (const row of await store.audit.after(sent, PAGE)) {
        await session.write(syslogFrame(row, this.#source), signal);
        sent = row.sequence;
      }
    }
    await session.confirm(signal);
    await store.settings.set(cursorOf(receiver), String(sent));
    this.#confirmed = sent;
  }

  async #hasMore(sent: number, signal: AbortSignal): Promise<boolean> {
    for (let waitedMs = 0; waitedMs < IDLE_MS; waitedMs += LOOK_MS) {
      if (this.#parts.audit.length > sent) return true;
      await pause(LOOK_MS, signal);
    }
    return false;
  }

  #succeeded(): void {
    const { log } = this.#parts;
    if (this.#failure !== null) {
      log.info({ receiver: this.#name, confirmed: this.#confirmed }, 'audit rows arrive again');
    }
    this.#failure = null;
    this.#failures = 0;
  }

  /** How long to wait before the next attempt, in milliseconds. */
  #failed(thrown: unknown): number {
    const { log, now, random = Math.random } = this.#parts;
    const fault = asFault(thrown, 'internal', 'Forwarding failed for an unknown reason.');
    if (fault.message !== this.#failure?.sentence) {
      const { confirmed, waiting } = this.state;
      log.warn({ err: thrown, receiver: this.#name, confirmed, waiting }, 'audit rows wait here');
    }
    this.#failure = { sentence: fault.message, sinceMs: this.#failure?.sinceMs ?? now() };
    const ceilingMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#failures);
    this.#failures = Math.min(this.#failures + 1, 10);
    return Math.round(ceilingMs * (0.5 + random() / 2));
  }
}

const cursorOf = (receiver: SyslogReceiver): string => `syslog-confirmed ${receiverName(receiver)}`;
