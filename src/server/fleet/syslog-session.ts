/**
 * One connection to a syslog receiver. Syslog has no answer to a message; that a receiver closes its side after we closed ours
 * is the one sign that it has read everything (it saw the end of the stream, which comes after every byte of it).
 */
import { once } from 'node:events';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { within } from '../../docker/deadline.ts';
import { asFault, type Fault } from '../../protocol/fault.ts';

const CONNECT_MS = 10_000;
const WRITE_MS = 30_000;
const CONFIRM_MS = 30_000;

export interface SyslogReceiver {
  readonly host: string;
  readonly port: number;
  /** Undefined: plain TCP. PEM; `ca` instead of the system's authorities, `cert` and `key` for a receiver that asks who we are. */
  readonly tls: { readonly ca?: string; readonly cert?: string; readonly key?: string } | undefined;
}

/** tls://HOST:PORT or tcp://HOST:PORT. */
export function receiverName({ host, port, tls }: SyslogReceiver): string {
  return `${tls === undefined ? 'tcp' : 'tls'}://${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}

export class SyslogSession implements Disposable {
  readonly #name: string;
  readonly #socket: Socket;
  readonly #failed: Promise<never>;
  #isClosing = false;
  #hasEndedEarly = false;

  private constructor(name: string, socket: Socket) {
    this.#name = name;
    this.#socket = socket;
    this.#failed = new Promise((_, reject) => {
      socket.on('error', (error) => reject(this.#fault(error)));
      socket.on('close', () => reject(this.#fault(new Error('the connection ended'))));
    });
    this.#failed.catch(() => undefined);
    socket.on('end', () => {
      this.#hasEndedEarly = !this.#isClosing;
    });
    socket.resume();
  }

  /** Faults: unreachable, timeout, cancelled. */
  static async open(receiver: SyslogReceiver, signal: AbortSignal): Promise<SyslogSession> {
    const { host, port, tls } = receiver;
    const servername = isIP(host) === 0 ? host : '';
    const session = new SyslogSession(
      receiverName(receiver),
      tls === undefined
        ? connectTcp({ host, port })
        : connectTls({ ...tls, host, port, servername, minVersion: 'TLSv1.2' }),
    );
    const opened = tls === undefined ? 'connect' : 'secureConnect';
    try {
      await session.#until(CONNECT_MS, signal, once(session.#socket, opened));
      return session;
    } catch (thrown) {
      session[Symbol.dispose]();
      throw thrown;
    }
  }

  /** Resolves when there is room for more; a receiver that reads nothing for 30 s is a Fault timeout. */
  async write(frame: Buffer, signal: AbortSignal): Promise<void> {
    if (this.#socket.destroyed || this.#hasEndedEarly) await this.#failed;
    if (this.#socket.write(frame)) return;
    await this.#until(WRITE_MS, signal, once(this.#socket, 'drain'));
  }

  /** Resolves when the receiver has read everything; anything else rejects, and then nobody knows. */
  async confirm(signal: AbortSignal): Promise<void> {
    if (this.#hasEndedEarly) await this.#failed;
    this.#isClosing = true;
    const ended = once(this.#socket, 'end');
    this.#socket.end();
    await this.#until(CONFIRM_MS, signal, ended);
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  async #until(deadlineMs: number, signal: AbortSignal, done: Promise<unknown>): Promise<void> {
    done.catch(() => undefined);
    const limits = { signal, deadlineMs, address: this.#name };
    await within(limits, () => Promise.race([done, this.#failed]));
  }

  #fault(error: Error): Fault {
    return asFault(error, 'unreachable', `${this.#name}: ${error.message}.`);
  }
}
