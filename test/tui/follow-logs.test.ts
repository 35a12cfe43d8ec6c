import { expect, test } from 'vitest';
import { Fault } from '../../src/protocol/fault.ts';
import type { LogLine } from '../../src/protocol/log-line.ts';
import { followLogs } from '../../src/tui/follow-logs.ts';
import type { AppEvent } from '../../src/tui/model/event.ts';
import { FakeFleet } from '../support/fake-fleet.ts';

const lines = (count: number): LogLine[] =>
  Array.from({ length: count }, (_, index) => ({ atMs: null, stream: 'stdout', text: `${index}` }));

type Source = (signal: AbortSignal) => AsyncIterable<readonly LogLine[]>;

function follow(source: Source, signal = new AbortController().signal, most?: number) {
  const events: AppEvent[] = [];
  const fleet = new FakeFleet({ logs: (_id, own) => source(own) });
  const effect = {
    kind: 'follow-logs',
    viewId: 7,
    key: '1/a',
    tail: 10,
    sinceMs: undefined,
    most,
  } as const;
  const done = followLogs(
    { fleet, send: (event) => events.push(event), now: () => 0 },
    effect,
    signal,
  );
  const batches = () =>
    events.flatMap((event) => (event.kind === 'log-lines' ? [event.lines.length] : []));
  return { events, done, batches };
}

test('many small batches become one event, and the end is told after the last line', async () => {
  const { events, done, batches } = follow(async function* () {
    for (let index = 0; index < 100; index++) yield lines(3);
  });
  await done;
  expect(batches()).toEqual([300]);
  expect(events.at(-1)).toMatchObject({ kind: 'log-ended', viewId: 7, why: undefined });
});

test('no event is larger than 16,000 lines, and no line is lost', async () => {
  const { done, batches } = follow(async function* () {
    for (let index = 0; index < 50; index++) yield lines(1_000);
  });
  await done;
  expect(Math.max(...batches())).toBeLessThanOrEqual(16_000);
  expect(batches().reduce((sum, count) => sum + count, 0)).toBe(50_000);
});

test('a fast log is not read ahead of what was taken', async () => {
  let pulled = 0;
  const stop = new AbortController();
  const { done, batches } = follow(async function* (signal) {
    while (!signal.aborted) {
      pulled += 1_000;
      yield lines(1_000);
      if (batches().length >= 2) stop.abort();
      const taken = batches().reduce((sum, count) => sum + count, 0);
      expect(pulled - taken).toBeLessThanOrEqual(17_000);
    }
  }, stop.signal);
  await done;
  expect(pulled).toBeGreaterThan(16_000);
});

test('a range with more lines than are wanted says that it was cut, one with as many does not', async () => {
  const never = new AbortController().signal;
  const source: Source = async function* () {
    for (let index = 0; index < 3; index++) yield lines(10);
  };
  const cut = follow(source, never, 20);
  await cut.done;
  expect(cut.batches()).toEqual([20]);
  expect(cut.events.at(-1)).toMatchObject({ kind: 'log-ended', isDone: true, isCut: true });
  const whole = follow(source, never, 30);
  await whole.done;
  expect(whole.batches()).toEqual([30]);
  expect(whole.events.at(-1)).not.toHaveProperty('isCut');
});

test('a stream that breaks says why and whether trying again may help', async () => {
  const broken = follow(async function* () {
    yield lines(1);
    throw new Fault('unreachable', 'The host went away.');
  });
  await broken.done;
  expect(broken.events.at(-1)).toMatchObject({ why: 'The host went away.', mayRetry: true });
  // biome-ignore lint/correctness/useYield: this log can't be read at all
  const refused = follow(async function* () {
    throw new Fault('engine-refused', 'The log driver keeps nothing to read.');
  });
  await refused.done;
  expect(refused.events).toMatchObject([{ kind: 'log-ended', mayRetry: false }]);
});

test('nothing is told after the reader left', async () => {
  const stop = new AbortController();
  const { events, done } = follow(async function* (signal) {
    stop.abort();
    yield lines(2);
    expect(signal.aborted).toBe(true);
  }, stop.signal);
  await done;
  expect(events).toEqual([]);
});
