import { describe, expect, test } from 'vitest';
import { appendLines, EMPTY_LOG, type LogEntry } from '../../../src/tui/model/log-buffer.ts';
import {
  freshLogs,
  knownTail,
  nextMatch,
  searchLog,
  withLines,
} from '../../../src/tui/model/log-view.ts';

const entry = (text: string, atMs: number | null = null): LogEntry => ({
  atMs,
  stream: 'stdout',
  text,
});
const texts = (view: ReturnType<typeof freshLogs>) =>
  view.log.chunks.flatMap((chunk) => chunk.entries.map((one) => one.text));

describe('a log that is opened again', () => {
  const first = withLines(freshLogs(1, '1/a'), [entry('a', 1), entry('b', 5), entry('c', 5)]);

  test('knows the time of its last line and how many lines share it, past our own notes', () => {
    const noted = appendLines(first.log, [{ atMs: null, stream: 'note', text: 'ended' }]);
    expect(knownTail(noted)).toEqual({ atMs: 5, count: 2 });
    expect(knownTail(EMPTY_LOG)).toBeUndefined();
  });

  test('takes no line twice and loses none of the same millisecond', () => {
    const again = { ...first, skip: knownTail(first.log) };
    const once = withLines(again, [entry('b', 5)]);
    const all = withLines(once, [entry('c', 5), entry('d', 5), entry('e', 6)]);
    expect(texts(all)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(all.skip).toBeUndefined();
  });
});

describe('a search', () => {
  const log = appendLines(
    EMPTY_LOG,
    ['error one', 'fine', 'Error two'].map((text) => entry(text)),
  );

  test('finds lines, and those that arrive later', () => {
    const search = searchLog(log, 'error');
    expect(search?.matches).toEqual([0, 2]);
    const view = withLines({ ...freshLogs(1, '1/a'), log, search }, [entry('ok'), entry('ERROR')]);
    expect(view.search?.matches).toEqual([0, 2, 4]);
  });

  test('goes round at both ends', () => {
    const search = searchLog(log, 'error');
    if (!search) throw new Error('no search');
    expect([nextMatch(search, 0, 1), nextMatch(search, 2, 1), nextMatch(search, 0, -1)]).toEqual([
      2, 0, 2,
    ]);
  });

  test('that cannot be read says why and matches nothing', () => {
    expect(searchLog(log, '/(')).toMatchObject({ why: 'unterminated group', matches: [] });
    expect(searchLog(log, ' ')).toBeUndefined();
  });
});
