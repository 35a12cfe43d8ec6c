/** How all environments are surveyed: spread out, a few at once, none held up by another. */
import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { SurveyLine, surveyEach, surveyRegularly } from '../../../src/server/fleet/surveys.ts';
import { until } from '../../support/until.ts';

const ids = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const { signal } = new AbortController();

test('a fleet is surveyed in the course of the time given, not at its beginning', async () => {
  const startMs = performance.now();
  const begunMs: number[] = [];
  const survey = async () => {
    begunMs.push(performance.now() - startMs);
  };
  await surveyEach(ids(50), survey, { signal, spreadMs: 1_000 });
  expect(begunMs).toHaveLength(50);
  for (const [index, atMs] of begunMs.entries()) expect(atMs).toBeGreaterThan(index * 20 - 5);
});

test('hosts that hang hold up the sixteen places they take, and those that fail none', async () => {
  const begun = new Set<number>();
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const survey = async (id: number) => {
    begun.add(id);
    if (id % 2 === 0) throw new Error('refused');
    await held;
  };
  const all = surveyEach(ids(40), survey, { signal, spreadMs: 0 });
  // Every second one fails at once: the sixteen that hang are the odd ones up to 31.
  await until(() => begun.size === 31);
  letGo();
  await all;
  expect(begun.size).toBe(40);
});

test('nothing more is begun after its signal', async () => {
  const stop = new AbortController();
  const begun: number[] = [];
  const survey = async (id: number) => {
    begun.push(id);
    if (id === 3) stop.abort();
  };
  await surveyEach(ids(20), survey, { signal: stop.signal, spreadMs: 500 });
  expect(begun).toEqual([1, 2, 3]);
});

test('those who come back in one moment are surveyed one after the other, each once', async () => {
  const startMs = performance.now();
  const begun: { id: number; atMs: number }[] = [];
  using line = new SurveyLine(async (id) => {
    begun.push({ id, atMs: performance.now() - startMs });
    if (id === 1) throw new Error('gone again');
  });
  for (const id of [1, 2, 3, 4, 2, 3]) line.add(id);
  await until(() => begun.length === 4);
  expect(begun.map(({ id }) => id)).toEqual([1, 2, 3, 4]);
  for (const [index, { atMs }] of begun.entries()) expect(atMs).toBeGreaterThan(index * 25 - 5);
});

test('in that line, too, hosts that hang take no more than their places', async () => {
  const begun: number[] = [];
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  using line = new SurveyLine(async (id) => {
    begun.push(id);
    await held;
  });
  for (const id of ids(20)) line.add(id);
  await until(() => begun.length === 16);
  letGo();
  await until(() => begun.length === 20);
  expect(begun).toEqual(ids(20));
});

test('who comes back while the server stops is surveyed no more', async () => {
  const begun: number[] = [];
  const line = new SurveyLine(async (id) => {
    begun.push(id);
  });
  line.add(1);
  line[Symbol.dispose]();
  line.add(2);
  expect(begun).toEqual([1]);
});

test('a survey of all that takes longer than its interval is not overtaken by the next', async () => {
  let [underWay, mostAtOnce, begun] = [0, 0, 0];
  const surveyAll = async (): Promise<void> => {
    begun += 1;
    underWay += 1;
    mostAtOnce = Math.max(mostAtOnce, underWay);
    await pause(50);
    underWay -= 1;
  };
  using _ = surveyRegularly({ environments: { surveyAll }, log: pino({ enabled: false }) }, 10);
  await until(() => begun === 3);
  expect(mostAtOnce).toBe(1);
});
