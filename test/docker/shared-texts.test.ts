/** Containers with texts in common share them, and are otherwise what they were. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { withSharedTexts } from '../../src/docker/shared-texts.ts';
import type { Container } from '../../src/protocol/container.ts';
import { fakeContainer } from '../support/edge-agent.ts';

/** As it comes off the wire: no text in common with any other. */
const arriving = (labels: Record<string, string>): Container =>
  JSON.parse(JSON.stringify({ ...fakeContainer('a'.repeat(64), 'web'), labels }));

test('nothing of a container changes, whatever its labels are called', () => {
  const labels = JSON.parse('{"__proto__":"odd","constructor":"too","":"empty","z":"","a":"b"}');
  const container = arriving(labels);
  expect(JSON.stringify(withSharedTexts(container))).toBe(JSON.stringify(container));
});

test('more texts than are kept in common, and longer ones, stay right', () => {
  for (let turn = 0; turn < 25_000; turn++) {
    const labels = { turn: `the turn ${turn}`, long: `${turn} `.repeat(100) };
    expect(withSharedTexts(arriving(labels)).labels).toEqual(labels);
  }
});

test('a thousand containers with the same labels hold their texts once', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const labels = Object.fromEntries(
    Array.from({ length: 20 }, (_, index) => [`label-${index}`, `${index} `.padEnd(200, 'x')]),
  );
  const bytesOf = (make: () => Container) => {
    collect();
    const before = process.memoryUsage().heapUsed;
    const kept = Array.from({ length: 1_000 }, make);
    collect();
    return (process.memoryUsage().heapUsed - before) / kept.length;
  };
  const bare = bytesOf(() => arriving(labels));
  const shared = bytesOf(() => withSharedTexts(arriving(labels)));
  expect(bare).toBeGreaterThan(4_000);
  expect(shared).toBeLessThan(bare / 2);
});
