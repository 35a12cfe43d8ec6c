/** Inspect, comparison, menus, the palette and an environment as text, kept beside this file. */
import { expect, test } from 'vitest';
import type { Json } from '../../../src/tui/model/document.ts';
import { viewOf } from '../../../src/tui/screens/frame.ts';
import { frameText } from '../../support/frame-text.ts';
import { NOW, Pilot } from '../../support/sample-fleet.ts';
import { maskedAnswer } from '../../support/sample-inspect.ts';
import { linkStatus } from '../../support/sample-link.ts';

const SIZES = [
  [80, 24],
  [120, 40],
] as const;

function tellDocuments(pilot: Pilot, documents: readonly Json[]): Pilot {
  const asked = pilot.effects.filter((effect) => effect.kind === 'fetch-document');
  for (const [index, { requestId }] of asked.entries()) {
    const answer = { document: documents[index] ?? null };
    pilot.send({ kind: 'document-read', requestId, answer, isRevealed: false, atMs: NOW });
  }
  return pilot;
}

const inspected = (pilot: Pilot) =>
  tellDocuments(pilot.live().press('/').type('web-3').press('enter', 'y'), [maskedAnswer('web-3')]);

function comparedWebs(pilot: Pilot): Pilot {
  pilot.live().press(':').type('diff web-3@eu-1 web-1@eu-2').press('enter');
  const other = {
    HostConfig: { Memory: 2 * 1024 ** 3, NanoCpus: 0 },
    Config: {
      Env: ['PATH=/usr/bin', 'DB_PASSWORD=other', 'DEBUG=1'],
      Image: 'registry.example/web:40',
      Labels: { tier: 'core' },
    },
  };
  return tellDocuments(pilot, [maskedAnswer('web-3'), maskedAnswer('web-1', other)]);
}

const share = (count: number, gib: number, unused = 0) => ({
  count,
  bytes: gib * 1024 ** 3,
  unusedBytes: unused * 1024 ** 3,
});
const DISK = {
  images: share(42, 18.4, 6),
  containers: share(17, 0.25),
  volumes: share(9, 120, 4.5),
  buildCache: share(211, 11, 11),
};
const PICTURES: Record<string, (pilot: Pilot) => Pilot> = {
  environment: (pilot) =>
    pilot
      .live()
      .press('1', 'd')
      .send({ kind: 'link-status', requestId: 1, answer: linkStatus({}), atMs: NOW })
      .send({ kind: 'disk-read', requestId: 1, answer: { usage: DISK }, atMs: NOW })
      .wait(61_000),
  inspect: (pilot) => inspected(pilot).press('/').type('web').press('enter', 'n', 'n'),
  'inspect-json': (pilot) => inspected(pilot).press('y', 'j', 'j', 'j', 'enter', 'w', 'r'),
  diff: (pilot) => comparedWebs(pilot),
  'diff-noise': (pilot) => comparedWebs(pilot).press('x', 'G'),
  'menu-actions': (pilot) => pilot.live().press('/').type('cron').press('enter', 'x', 'j'),
  'menu-copy': (pilot) => pilot.live().press('/').type('web-3').press('enter', 'c', 'j'),
  palette: (pilot) => pilot.live().press(':').type('in').press('tab'),
  'palette-argument': (pilot) => pilot.live().press(':').type('inspect web').press('tab', 'tab'),
};

for (const [width, height] of SIZES) {
  test.each(Object.keys(PICTURES))(`%s at ${width}x${height}`, async (name) => {
    const { state } = PICTURES[name]?.(new Pilot(width, height)) ?? new Pilot();
    const picture = frameText(viewOf(state), state.size);
    await expect(picture).toMatchFileSnapshot(`./${name}-${width}x${height}.txt`);
  });
}
