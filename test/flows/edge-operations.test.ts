/**
 * 200 restarts through an edge link that breaks all the time: none is done twice, and what each caller is told is what happened.
 * The containers count for themselves: each prints a line whenever it is started.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Closing } from '../support/closing.ts';
import { type EdgeHost, openEdgeHost } from '../support/edge-host.ts';
import type { HttpsAnswer } from '../support/https-call.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { until } from '../support/until.ts';

const OPERATIONS = 200;
const CONTAINERS = 8;
const seed = Number(process.env.FLEET_TEST_SEED ?? Date.now() % 1_000_000);
const closing = new Closing();
let host: EdgeHost;
beforeAll(async () => {
  host = await openEdgeHost(closing, 'ops');
}, 120_000);
afterAll(() => closing.close());

const told = { done: 0, 'not done': 0, 'asked later': 0 };

/** What the server says became of a restart: done, or not. */
async function outcomeOf(answer: HttpsAnswer): Promise<'done' | 'not done'> {
  if (answer.status === 204) return 'done';
  // Without an id it was never sent.
  const id = answer.headers['x-fleet-operation'];
  if (id === undefined || /nothing was done/i.test(answer.text)) return 'not done';
  told['asked later'] += 1;
  let later: { state?: string; status?: number } = {};
  await vi.waitFor(async () => {
    later = (await host.server.api('GET', `/api/fleet/operations/${id}`)).body;
    const words = `${answer.status} ${answer.text}, later ${JSON.stringify(later)}`;
    expect(String(later.state), words).toMatch(/^(ended|never-arrived)$/);
  }, 20_000);
  if (later.state === 'never-arrived') return 'not done';
  expect(later.status, answer.text).toBe(204);
  return 'done';
}

const starts = async (name: string): Promise<number> =>
  (await host.engine.docker('logs', name)).split('\n').filter((line) => line === 'started').length;

/** Restarts one container again and again, and compares what was told with what it counted after each. */
async function restartOften(name: string, left: () => boolean): Promise<void> {
  const path = `/api/endpoints/${host.id}/docker/containers/${name}/restart?t=0`;
  let expected = 1;
  while (left()) {
    const answer = await host.server.api('POST', path);
    const outcome = await outcomeOf(answer);
    told[outcome] += 1;
    if (outcome === 'done') expected += 1;
    else await until(() => host.answers(), 30_000);
    const words = `${name}: told ${answer.status} ${answer.text}`;
    // A container that was just started may not have printed yet, and must before it is killed by the next one.
    await vi.waitFor(async () => expect(await starts(name), words).toBe(expected), 5_000);
  }
}

/** Breaks the link each time some 30 operations more have begun, by a reset or by a cable out for a moment. */
async function breakOften(begun: () => number, isOver: () => boolean): Promise<number> {
  const random = seededRandom(seed);
  let breaks = 0;
  for (let next = 5; !isOver(); next = begun() + 20 + random(25)) {
    while (begun() < next && !isOver()) await pause(10);
    await pause(random(500));
    if (isOver()) break;
    if (random(4) > 0) await host.fault('rst', 'root');
    else {
      await host.fault('cut');
      await pause(random(1_500));
      await host.fault('rst', 'root');
      await host.fault('heal');
    }
    breaks += 1;
  }
  return breaks;
}

test(`of ${OPERATIONS} restarts none is done twice, and every outcome that is told is true`, async () => {
  process.stdout.write(`seed ${seed} (FLEET_TEST_SEED=${seed} repeats it)\n`);
  const names = Array.from({ length: CONTAINERS }, (_, index) => `counter-${index}`);
  const script = ['sh', '-c', 'echo started; exec sleep 100000'];
  for (const name of names) {
    await host.engine.docker('run', '-d', '--name', name, 'busybox', ...script);
  }
  host.mark();
  let begun = 0;
  let isOver = false;
  const breaking = breakOften(
    () => begun,
    () => isOver,
  );
  try {
    await Promise.all(names.map((name) => restartOften(name, () => begun++ < OPERATIONS)));
  } finally {
    isOver = true;
  }
  const breaks = await breaking;
  const words = Object.entries(told).map(([word, count]) => `${count} ${word}`);
  const seconds = Math.round(host.sinceMarkMs / 1000);
  process.stdout.write(
    `${OPERATIONS} restarts, ${breaks} breaks, ${seconds} s: ${words.join(', ')}\n`,
  );
  expect(told.done + told['not done']).toBe(OPERATIONS);
  expect(breaks).toBeGreaterThan(3);
  // Late echoes of what was broken off would show now.
  await until(() => host.answers());
  const total = await Promise.all(names.map(starts));
  expect(total.reduce((sum, count) => sum + count, 0)).toBe(CONTAINERS + told.done);
}, 180_000);
