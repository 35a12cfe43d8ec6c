/** What runs all the time over an edge link while something else is tried on it: a followed log and lists, one after another. */
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import type { EdgeHost } from './edge-host.ts';

const CONTAINER = 'ticker';
const SCRIPT = 'i=0; while :; do echo $i; i=$((i+1)); sleep 0.1; done';
/** The container speaks ten times a second: a log silent for so long stands still. */
const STILL_MS = 20_000;
const AGAIN_MS = 100;

export class LinkTraffic implements AsyncDisposable {
  /** Lists that were answered with the containers. */
  lists = 0;
  /** Lists that were refused or broke off. */
  failures = 0;
  slowestListMs = 0;
  /** How often the log was asked for; more than once after each break. */
  follows = 0;
  /** Next number that the log owes us: every one before it has come. */
  owed = 0;
  /** What came in place of the number that was owed, and times when nothing came. */
  readonly troubles: string[] = [];
  readonly #host: EdgeHost;
  readonly #stop = new AbortController();
  readonly #running: Promise<unknown>;
  #since = '0';

  constructor(host: EdgeHost) {
    this.#host = host;
    this.#running = Promise.all([this.#list(), this.#follow()]);
  }

  get words(): string {
    return `${this.owed} log lines in ${this.follows} follows, ${this.lists} lists (${this.failures} refused, slowest ${Math.round(this.slowestListMs)} ms)`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #list(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const startMs = performance.now();
      const path = `/api/endpoints/${this.#host.id}/docker/containers/json`;
      const answer = await this.#host.server.api('GET', path).catch(() => undefined);
      this.slowestListMs = Math.max(this.slowestListMs, performance.now() - startMs);
      if (answer?.status === 200) this.lists += 1;
      else this.failures += 1;
      await pause(AGAIN_MS);
    }
  }

  async #follow(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      this.follows += 1;
      await this.#followOnce().catch(() => undefined);
      await pause(AGAIN_MS);
    }
  }

  /** Until the log breaks off, from the last line on. */
  async #followOnce(): Promise<void> {
    const { server, id } = this.#host;
    const query = `follow=1&stdout=1&timestamps=1&since=${this.#since}`;
    const path = `/api/endpoints/${id}/docker/containers/${CONTAINER}/logs?${query}`;
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const asked = request(server.url + path, {
        agent: false,
        rejectUnauthorized: false,
        headers: { Authorization: `Bearer ${server.token}` },
        signal: this.#stop.signal,
        timeout: STILL_MS,
      });
      asked.on('response', resolve).on('error', reject);
      asked.on('timeout', () => asked.destroy(new Error('silent'))).end();
    });
    if (answer.statusCode !== 200) {
      answer.destroy();
      return;
    }
    answer.setTimeout(STILL_MS, () => {
      this.troubles.push(`after ${this.owed} the log stood still`);
      answer.destroy();
    });
    let rest = '';
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      const lines = (rest + chunk.toString()).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#take(line);
    }
  }

  /** `2026-01-02T03:04:05.678901234Z 17`; after a break the last ones may come again. */
  #take(line: string): void {
    const [at = '', word] = line.split(' ');
    const [, second = '', fraction = ''] = /^(.*)\.(\d+)Z$/.exec(at) ?? [];
    const number = Number(word);
    if (number > this.owed || Number.isNaN(number)) this.troubles.push(`${line}, not ${this.owed}`);
    if (number < this.owed) return;
    this.owed = number + 1;
    this.#since = `${Date.parse(`${second}Z`) / 1000}.${fraction}`;
  }
}

/** Starts the container that speaks, and the traffic; resolves when both kinds have come through. */
export async function startTraffic(host: EdgeHost): Promise<LinkTraffic> {
  // A terminal's output is not framed.
  await host.engine.docker('run', '-dt', '--name', CONTAINER, 'busybox', 'sh', '-c', SCRIPT);
  const traffic = new LinkTraffic(host);
  while (traffic.lists === 0 || traffic.owed === 0) await pause(20);
  return traffic;
}
