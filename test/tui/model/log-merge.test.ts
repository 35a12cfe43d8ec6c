import { describe, expect, test } from 'vitest';
import type { LogEntry } from '../../../src/tui/model/log-buffer.ts';
import {
  CATCH_UP_MS,
  freshMerge,
  type Merge,
  nextReleaseMs,
  pushLines,
  REORDER_MS,
  releaseLines,
  withPhase,
} from '../../../src/tui/model/log-merge.ts';
import { seededRandom } from '../../support/seeded-random.ts';

const START = 1_000_000;

const entry = (atMs: number | null, text: string, source: number): LogEntry => ({
  atMs,
  stream: 'stdout',
  text,
  source,
});

/** A merge whose clock is moved by hand; what left it lies in `out`. */
class Run {
  merge: Merge;
  readonly out: LogEntry[] = [];
  nowMs = START;

  constructor(count: number, isOpen = true) {
    this.merge = freshMerge(count, START);
    if (!isOpen) return;
    for (let lane = 0; lane < count; lane++) {
      this.merge = withPhase(this.merge, lane, 'open', START - CATCH_UP_MS);
    }
  }

  push(source: number, ...entries: readonly LogEntry[]): this {
    this.merge = pushLines(this.merge, source, { entries, nowMs: this.nowMs, aheadMs: 0 });
    return this.release();
  }

  line(source: number, atMs: number, text = `${source}@${atMs}`): this {
    return this.push(source, entry(atMs, text, source));
  }

  phase(source: number, phase: 'opening' | 'open' | 'over'): this {
    this.merge = withPhase(this.merge, source, phase, this.nowMs);
    return this.release();
  }

  release(limits?: Parameters<typeof releaseLines>[2]): this {
    const released = releaseLines(this.merge, this.nowMs, limits);
    this.merge = released.merge;
    this.out.push(...released.entries);
    return this;
  }

  /** Sleeps as the loop does: until something may leave. */
  until(nowMs: number): this {
    for (;;) {
      const dueMs = nextReleaseMs(this.merge, this.nowMs);
      if (dueMs === undefined || Math.max(dueMs, this.nowMs + 1) > nowMs) break;
      this.nowMs = Math.max(dueMs, this.nowMs + 1);
      this.release();
    }
    this.nowMs = nowMs;
    return this.release();
  }

  texts(): readonly string[] {
    return this.out.map(({ text, isLate }) => (isLate ? `${text} late` : text));
  }
}

interface Sent {
  readonly source: number;
  readonly atMs: number;
  readonly arrivesMs: number;
  readonly text: string;
}

/** Lines of several sources; each arrives up to `delayMs` after its time, in its source's own order. */
function randomLines(seed: number, delayMs: number): { sources: number; sent: Sent[] } {
  const random = seededRandom(seed);
  const sources = 2 + random(6);
  const sent: Sent[] = [];
  for (let source = 0; source < sources; source++) {
    let atMs = START + random(300);
    let arrivesMs = 0;
    const count = random(80);
    for (let line = 0; line < count; line++) {
      atMs += random(random(5) === 0 ? 900 : 40);
      arrivesMs = Math.max(arrivesMs, atMs + random(delayMs));
      sent.push({ source, atMs, arrivesMs, text: `${source}:${line}` });
    }
  }
  return { sources, sent: sent.sort((a, b) => a.arrivesMs - b.arrivesMs) };
}

function played(seed: number, delayMs: number): { run: Run; sent: readonly Sent[] } {
  const { sources, sent } = randomLines(seed, delayMs);
  const run = new Run(sources);
  for (const { source, atMs, arrivesMs, text } of sent) {
    run.until(arrivesMs).line(source, atMs, text);
  }
  run.until(run.nowMs + REORDER_MS + CATCH_UP_MS);
  return { run, sent };
}

const SEEDS = Array.from({ length: 60 }, (_, index) => index + 1);

function ownOrder(run: Run): boolean {
  const next = new Map<string, number>();
  return run.out.every(({ text }) => {
    const [source = '', line = ''] = text.split(':');
    const isNext = Number(line) === (next.get(source) ?? 0);
    next.set(source, Number(line) + 1);
    return isNext;
  });
}

describe('whatever the order of arrival', () => {
  test.each(SEEDS)('within the window all leave in order of time, none late (seed %i)', (seed) => {
    const { run, sent } = played(seed, REORDER_MS);
    const times = run.out.map(({ atMs }) => atMs ?? 0);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(run.out.some(({ isLate }) => isLate)).toBe(false);
    expect(run.out.map(({ text }) => text).sort()).toEqual(sent.map(({ text }) => text).sort());
    expect(ownOrder(run)).toBe(true);
  });

  test.each(SEEDS)('beyond it nothing is lost, and just the late are marked (seed %i)', (seed) => {
    const { run, sent } = played(seed, 8 * REORDER_MS);
    expect(run.out.map(({ text }) => text).sort()).toEqual(sent.map(({ text }) => text).sort());
    expect(ownOrder(run)).toBe(true);
    let newestMs = 0;
    for (const { atMs, isLate, text } of run.out) {
      expect([text, isLate ?? false]).toEqual([text, (atMs ?? 0) < newestMs]);
      newestMs = Math.max(newestMs, atMs ?? 0);
    }
    const counted = run.merge.lanes.reduce((sum, { late }) => sum + late, 0);
    expect(counted).toBe(run.out.filter(({ isLate }) => isLate).length);
    expect(run.merge).toMatchObject({ lines: 0, bytes: 0 });
  });

  test('late lines do occur in these rounds', () => {
    const late = SEEDS.flatMap((seed) => played(seed, 8 * REORDER_MS).run.out);
    expect(late.filter(({ isLate }) => isLate).length).toBeGreaterThan(100);
  });
});

test('a line leaves at once when no source can bring an earlier one', () => {
  const run = new Run(2).line(0, START + 10).line(1, START + 20);
  expect(run.texts()).toEqual([`0@${START + 10}`]);
  expect(run.phase(0, 'over').texts()).toHaveLength(2);
});

test('a silent source holds others up for the window and no longer', () => {
  const run = new Run(2).line(0, START).until(START + REORDER_MS - 1);
  expect(run.texts()).toEqual([]);
  expect(run.until(START + REORDER_MS).texts()).toHaveLength(1);
});

test('what was logged before is waited for while a source is opened or still sends it', () => {
  const run = new Run(2, false).line(0, START - 9_000).line(0, START - 100);
  expect(run.until(START + 2_000).texts()).toEqual([]);
  run.phase(1, 'open').until(START + 2_200);
  run
    .line(1, START - 10_000)
    .until(START + 2_450)
    .line(1, START - 500);
  expect(run.until(START + 2_800).texts()).toEqual([
    `1@${START - 10_000}`,
    `0@${START - 9_000}`,
    `1@${START - 500}`,
    `0@${START - 100}`,
  ]);
});

test('a host that never answers is not waited for longer than the limit', () => {
  const run = new Run(2, false).line(0, START - 10).until(START + CATCH_UP_MS - 1);
  expect(run.texts()).toEqual([]);
  expect(run.until(START + CATCH_UP_MS).texts()).toHaveLength(1);
});

test('a clock that is ahead is taken back before lines are compared', () => {
  const run = new Run(2);
  const ahead = [entry(START + 60_010, 'second', 1)];
  run.merge = pushLines(run.merge, 1, { entries: ahead, nowMs: START, aheadMs: 60_000 });
  run
    .line(0, START, 'first')
    .line(0, START + 20, 'third')
    .until(START + REORDER_MS);
  expect(run.texts()).toEqual(['first', 'second', 'third']);
});

test('lines of one source keep their order although its clock was set back', () => {
  const run = new Run(1)
    .line(0, START, 'a')
    .line(0, START - 5_000, 'b')
    .line(0, START - 4_000, 'c');
  expect(run.texts()).toEqual(['a', 'b', 'c']);
});

test('lines without a time stand where they came', () => {
  const run = new Run(2).push(0, entry(null, 'no time', 0)).line(1, START - 1, 'before');
  expect(run.until(START + REORDER_MS).texts()).toEqual(['before', 'no time']);
});

test('beyond the limits the oldest leave early; nothing is lost', () => {
  const run = new Run(2, false);
  const entries = Array.from({ length: 100 }, (_, index) => entry(START + index, `${index}`, 0));
  run.merge = pushLines(run.merge, 0, { entries, nowMs: START, aheadMs: 0 });
  run.release({ lines: 60, bytes: 1e9 });
  expect(run.out.length).toBeGreaterThanOrEqual(40);
  run.release({ lines: 60, bytes: 1 });
  expect(run.texts()).toEqual(entries.map(({ text }) => text));
});
