/** Inspect answers before they are shown: what is masked, how rows fold, what differs. */
import { expect, test } from 'vitest';
import { type Json, readDocument } from '../../../src/tui/model/document.ts';
import { diffDocuments } from '../../../src/tui/model/document-diff.ts';
import { entriesOf, matchingRows, pathOf, treeOf } from '../../../src/tui/model/document-tree.ts';
import { parseFilter } from '../../../src/tui/model/filter.ts';
import { inspectAnswer, maskedAnswer, SECRET } from '../../support/sample-inspect.ts';

const subjects = (left: Json, right: Json) =>
  diffDocuments(left, right).differences.map(
    ({ subject, name, left, right }) => `${subject} ${name}: ${left} -> ${right}`,
  );

test('every variable is masked, and what goes by the name of a secret', () => {
  const masked = JSON.stringify(maskedAnswer('web'));
  expect(masked).not.toContain(SECRET);
  expect(masked).not.toContain('/usr/bin');
  expect(masked).toContain('DB_PASSWORD=<masked 19>');
  expect(masked).toContain('"EMPTY="');
  expect(masked).toContain('"tier":"edge"');
  expect(JSON.stringify(readDocument(inspectAnswer('web'), undefined))).toContain(SECRET);
});

test('an answer that nests without end is cut, and no name of it means anything to JavaScript', () => {
  let deep: Record<string, unknown> = {};
  for (let depth = 0; depth < 10_000; depth++) deep = { deep };
  expect(() => readDocument(deep, undefined)).not.toThrow();
  const odd = readDocument(JSON.parse('{"__proto__":{"a":1},"constructor":2}'), undefined);
  expect(treeOf(odd).rows.map(({ name }) => name)).toEqual(['__proto__', 'a', 'constructor']);
});

test('rows, their paths, folding and closing lines', () => {
  const tree = treeOf({ a: [1, { 'b.c': 'x' }], d: {}, e: true });
  const paths = tree.rows.map((_, index) => pathOf(tree, index));
  expect(paths).toEqual(['.a', '.a[0]', '.a[1]', '.a[1]["b.c"]', '.d', '.e']);
  expect(entriesOf(tree, new Set(['.a[1]']), false)).toEqual([0, 1, 2, 4, 5]);
  expect(entriesOf(tree, new Set(), true)).toEqual([0, 1, 2, 3, ~2, ~0, 4, 5]);
  const parsed = parseFilter('b.c x', 'text');
  expect(parsed.kind === 'ok' && matchingRows(tree, parsed.filter)).toEqual([3]);
});

test('two containers of one service differ by what was set, not by ids, times and addresses', () => {
  const left = maskedAnswer('web-1');
  expect(subjects(left, maskedAnswer('web-2')).filter((text) => !text.startsWith('noise'))).toEqual(
    [],
  );
  const right = maskedAnswer('web-2', {
    HostConfig: { Memory: 0 },
    Config: { Env: ['PATH=/usr/bin', 'DB_PASSWORD=other'], Labels: { tier: 'core' } },
  });
  expect(subjects(left, right).filter((text) => !text.startsWith('noise'))).toEqual([
    'variables DB_PASSWORD: <masked 19> -> <masked 5>',
    'variables EMPTY: (empty) -> undefined',
    'limits Memory: 1073741824 -> 0',
    'labels com.example/api-token: <masked 19> -> undefined',
    'labels tier: edge -> core',
  ]);
});
