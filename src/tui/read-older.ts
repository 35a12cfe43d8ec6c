/** Reads what a log holds before a moment: the lines next to it, however long the log is. */
import type { Fleet } from '../client/fleet.ts';
import { asFault } from '../protocol/fault.ts';
import type { LogLine } from '../protocol/log-line.ts';
import type { EffectOf } from './effect-rows.ts';
import type { FollowParts } from './follow-logs.ts';
import { containerIdOf, environmentIdOf } from './model/live-fleet.ts';

/** Text kept while reading; a page of longer lines has fewer of them. */
const KEPT_UNITS = 4 * 1024 * 1024;

interface Page {
  readonly lines: readonly LogLine[];
  readonly isWhole: boolean;
}

/** Says `log-older` with the lines or why there are none, unless the signal fired. Never rejects. */
export async function readOlder(
  { fleet, send, now }: FollowParts,
  effect: EffectOf<'fetch-older'>,
  signal: AbortSignal,
): Promise<void> {
  const { requestId } = effect;
  try {
    const page = await olderPage(fleet, effect, signal);
    if (!signal.aborted) send({ kind: 'log-older', requestId, ...page, atMs: now() });
  } catch (thrown) {
    if (signal.aborted) return;
    const { message: why } = asFault(thrown, 'internal', 'Reading the log failed.');
    send({ kind: 'log-older', requestId, lines: [], isWhole: false, why, atMs: now() });
  }
}

/**
 * Docker counts `tail` from the log's end before it looks at `until`, so the lines known to come after the seam are
 * asked for too. Where they are not known, or more have come, the log is read from its beginning up to the seam.
 */
async function olderPage(
  fleet: Fleet,
  { key, beforeMs, atSeam, known, want }: EffectOf<'fetch-older'>,
  signal: AbortSignal,
): Promise<Page> {
  const engine = fleet.engine(environmentIdOf(key));
  const most = want + atSeam;
  const read = async (tail?: number) => {
    const request = { follow: false, untilMs: beforeMs, ...(tail !== undefined && { tail }) };
    const kept = new LastLines(most);
    for await (const lines of engine.logs(containerIdOf(key), request, signal)) kept.add(lines);
    return kept.lines.slice(0, Math.max(0, kept.lines.length - atSeam));
  };
  const near = known === undefined ? [] : await read(known + want);
  if (near.length > 0) return { lines: near, isWhole: false };
  const lines = await read();
  return { lines, isWhole: lines.length === 0 };
}

/** The last lines of many, bounded in number and size. */
class LastLines {
  readonly #most: number;
  #lines: LogLine[] = [];
  #units = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  add(lines: readonly LogLine[]): void {
    for (const line of lines) {
      this.#lines.push(line);
      this.#units += line.text.length;
    }
    let gone = Math.max(0, this.#lines.length - this.#most);
    let left = this.#lines
      .slice(0, gone)
      .reduce((units, { text }) => units - text.length, this.#units);
    while (left > KEPT_UNITS && gone < this.#lines.length - 1) {
      left -= this.#lines[gone]?.text.length ?? 0;
      gone++;
    }
    if (gone === 0) return;
    this.#lines = this.#lines.slice(gone);
    this.#units = left;
  }
}
