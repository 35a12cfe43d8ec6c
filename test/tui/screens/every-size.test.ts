/** At every size, whatever is shown: nothing overflows, nothing overlaps, and no text from outside brings control characters. */
import { expect, test } from 'vitest';
import { viewOf } from '../../../src/tui/screens/frame.ts';
import type { Area, Frame, Size } from '../../../src/tui/screens/view.ts';
import { container, environment, Pilot, snapshot } from '../../support/sample-fleet.ts';

const EVIL = '\x1b[31mred\x07\n\u202eé日本🐳\tend';

const evil = snapshot(
  [
    environment(1, EVIL, { address: EVIL, reason: EVIL }),
    environment(2, 'b', { connection: 'down', reason: EVIL }),
  ],
  [
    container(1, EVIL, { image: EVIL, command: EVIL, labels: { [EVIL]: EVIL }, networks: [EVIL] }),
    container(2, `${EVIL}-2`, {}),
    ...Array.from({ length: 60 }, (_, index) => container(1, `web-${index}`, {})),
  ],
);

const WAYS: readonly (readonly string[])[] = [
  [],
  ['1'],
  ['1', 'enter'],
  ['l'],
  ['d'],
  ['y'],
  ['y', 'w'],
  ['y', 'y', 'G', 'right'],
  ['x'],
  ['c', 'j'],
  [':', 'tab'],
  [':', ...'logs ', 'tab'],
  ['?'],
  ['@'],
  ['*', 'ctrl-r'],
  ['ctrl-x'],
  ['/', 'w', 'e', 'b'],
  [':', 'x'],
  ['ctrl-w', 'G'],
  ['1', 'd'],
  ['1', 'd', 'L'],
  ['1', 'n', 'a', 'tab', 'space', 'tab', 'end'],
  ['1', 'n', 'enter'],
];

function isInside(area: Area, size: Size): boolean {
  return (
    area.top >= 0 &&
    area.left >= 0 &&
    area.width >= 1 &&
    area.height >= 1 &&
    area.left + area.width <= size.width &&
    area.top + area.height <= size.height
  );
}

function complaints(frame: Frame, size: Size): readonly string[] {
  const found: string[] = [];
  for (const { id, area, lines, border } of frame.blocks) {
    const frameWidth = border ? 2 : 0;
    if (!isInside(area, size)) found.push(`${id} is outside: ${JSON.stringify(area)}`);
    if (lines.length > area.height - frameWidth) found.push(`${id} has ${lines.length} lines`);
    for (const { spans } of lines) {
      const text = spans.map((span) => span.text).join('');
      if (/[\p{Cc}\p{Cf}]/u.test(text))
        found.push(`${id} has control characters: ${JSON.stringify(text)}`);
    }
  }
  const { cursor } = frame;
  if (cursor && (cursor.left >= size.width || cursor.top >= size.height))
    found.push('the cursor is outside');
  return found;
}

test.each(WAYS.map((way) => [way.join(' ') || 'at the start', way] as const))(
  '%s',
  (_name, way) => {
    const pilot = new Pilot(80, 24).live(evil).press(...way);
    pilot.send({
      kind: 'log-lines',
      viewId: 1,
      lines: [{ atMs: null, stream: 'stdout', text: EVIL }],
      atMs: pilot.nowMs,
    });
    const document = { a: EVIL, [EVIL]: { [EVIL]: [EVIL, EVIL.repeat(500)] } };
    const read = { answer: { document }, isRevealed: false, atMs: pilot.nowMs };
    pilot.send({ kind: 'document-read', requestId: 1, ...read });
    for (let width = 10; width <= 240; width += 23) {
      for (let height = 2; height <= 70; height += 4) {
        const { state } = pilot.send({ kind: 'resize', size: { width, height } });
        expect([width, height, ...complaints(viewOf(state), state.size)]).toEqual([width, height]);
      }
    }
  },
);

test('the selected row is always on the screen, whatever the size', () => {
  const pilot = new Pilot(80, 24).live(evil).press('G');
  for (const height of [70, 24, 12, 10, 40, 15]) {
    pilot.send({ kind: 'resize', size: { width: 80, height } });
    const body = viewOf(pilot.state).blocks.find(({ id }) => id === 'body');
    expect(body?.lines.some(({ fill }) => fill === 'selected')).toBe(true);
  }
});

test('blocks of one screen keep their ids and places while data change', () => {
  const pilot = new Pilot(120, 40).live();
  const places = () => viewOf(pilot.state).blocks.map(({ id, area }) => ({ id, area }));
  const before = places();
  pilot
    .change({ kind: 'container', container: container(1, 'new-one-with-a-very-long-name', {}) })
    .wait(60_000);
  expect(places()).toEqual(before);
});
