/** Lines of many logs in one order. A line without a time goes with the one before it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { LogLine } from '../../protocol/log-line.ts';

export interface Log<Source> {
  readonly source: Source;
  readonly batches: AsyncIterable<readonly LogLine[]>;
}

export interface Sourced<Source> {
  readonly source: Source;
  readonly line: LogLine;
}

/** How long lines are gathered before they are put in order. */
const WINDOW_MS = 250;
/** Lines that wait in memory before the logs are read no further. */
const MAX_HELD = 20_000;
const BATCH = 1_000;

interface Head<Source> {
  readonly source: Source;
  readonly lines: AsyncIterator<LogLine>;
  line: LogLine;
  timeMs: number;
}

async function* eachLine(batches: AsyncIterable<readonly LogLine[]>): AsyncGenerator<LogLine> {
  for await (const batch of batches) yield* batch;
}

async function opened<Source>(log: Log<Source>): Promise<Head<Source> | undefined> {
  const lines = eachLine(log.batches);
  const first = await lines.next();
  if (first.done) return undefined;
  return { source: log.source, lines, line: first.value, timeMs: first.value.atMs ?? 0 };
}

/** Logs that end, merged exactly; no more of any is read than its turn needs. */
export async function* ordered<Source>(
  logs: readonly Log<Source>[],
): AsyncGenerator<readonly Sourced<Source>[]> {
  const heads = (await Promise.all(logs.map(opened))).filter((head) => head !== undefined);
  let out: Sourced<Source>[] = [];
  while (heads.length > 0) {
    const head = heads.reduce((first, other) => (other.timeMs < first.timeMs ? other : first));
    out.push({ source: head.source, line: head.line });
    const next = await head.lines.next();
    if (next.done) {
      heads.splice(heads.indexOf(head), 1);
    } else {
      head.line = next.value;
      head.timeMs = next.value.atMs ?? head.timeMs;
    }
    if (out.length < BATCH) continue;
    yield out;
    out = [];
  }
  if (out.length > 0) yield out;
}

interface Waiting<Source> extends Sourced<Source> {
  readonly timeMs: number;
}

/** Logs that go on: what came within a quarter of a second is put in order; ends when all of them have. */
export async function* inTurn<Source>(
  logs: readonly Log<Source>[],
): AsyncGenerator<readonly Sourced<Source>[]> {
  let held: Waiting<Source>[] = [];
  let open = logs.length;
  let wake: () => void = () => undefined;
  let resume: (() => void)[] = [];
  const all = Promise.all(
    logs
      .map(async ({ source, batches }) => {
        let timeMs = 0;
        for await (const batch of batches) {
          for (const line of batch) {
            timeMs = line.atMs ?? timeMs;
            held.push({ source, line, timeMs });
          }
          wake();
          if (held.length >= MAX_HELD) await new Promise<void>((resolve) => resume.push(resolve));
        }
      })
      .map((read) =>
        read.finally(() => {
          open -= 1;
          wake();
        }),
      ),
  );
  while (open > 0 || held.length > 0) {
    if (held.length === 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    if (open > 0) await sleep(WINDOW_MS);
    const lines = held.sort((a, b) => a.timeMs - b.timeMs);
    held = [];
    if (lines.length > 0) yield lines;
    const waiting = resume;
    resume = [];
    for (const go of waiting) go();
  }
  await all;
}
