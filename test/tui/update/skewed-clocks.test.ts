/** Three hosts whose clocks differ by minutes: their lines stand in the order in which they were written. */
import { expect, test } from 'vitest';
import { viewOf } from '../../../src/tui/screens/frame.ts';
import { frameText } from '../../support/frame-text.ts';
import { NOW, Pilot } from '../../support/sample-fleet.ts';
import { seededRandom } from '../../support/seeded-random.ts';

/** A Date header counts whole seconds, cut off: so near a clock can be known. */
const WINDOW_MS = 1_000;

test.each([1, 2, 3])('lines of skewed hosts come out in true order, seed %d', (seed) => {
  const random = seededRandom(seed);
  const pilot = new Pilot(120, 60).live().press('/').type('web !us-9').press('enter', 'L');
  const screen = pilot.state.screens.at(-1);
  if (screen?.kind !== 'logs' || !screen.merged) throw new Error('no merged view is open');
  const skews = new Map<string, number>();
  const hosts = screen.merged.sources.map(({ key }) => key.slice(0, key.indexOf('/')));
  for (const host of hosts)
    if (!skews.has(host)) skews.set(host, (random(600) - 300) * 1_000 + 250);
  const told = screen.merged.sources.map(
    (): { atMs: number; stream: 'stdout'; text: string }[] => [],
  );
  const written: string[] = [];
  for (let index = 0; index < 40; index++) {
    const at = random(told.length);
    const trueMs = NOW - 100_000 + index * (WINDOW_MS + 100);
    const text = `written ${String(index).padStart(2, '0')}`;
    told[at]?.push({ atMs: trueMs + (skews.get(hosts[at] ?? '') ?? 0), stream: 'stdout', text });
    written.push(text);
  }
  for (const [at, { streamId: viewId }] of screen.merged.sources.entries()) {
    const hostMs = NOW + (skews.get(hosts[at] ?? '') ?? 0);
    const dateMs = Math.floor(hostMs / 1_000) * 1_000;
    const head = { dateMs, askedAtMs: NOW, answeredAtMs: NOW, atMs: NOW };
    pilot.send({ kind: 'log-opened', viewId, ...head });
    pilot.send({ kind: 'log-lines', viewId, lines: told[at] ?? [], atMs: NOW });
  }
  pilot.wait(6_000);
  const text = frameText(viewOf(pilot.state), pilot.state.size);
  expect([...text.matchAll(/written \d\d/g)].map(([words]) => words)).toEqual(written);
  expect(text).toContain('clocks shifted');
});
