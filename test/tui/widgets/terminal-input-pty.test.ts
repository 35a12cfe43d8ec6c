/** Keys, pastes, sizes as they really arrive. */
import { expect, test } from 'vitest';
import { openDemo } from '../../support/demo.ts';

test('every key arrives once and by its name', async () => {
  await using demo = await openDemo();
  const { terminal } = demo;
  const names = [
    'a',
    'A',
    '/',
    'enter',
    'tab',
    'shift-tab',
    'esc',
    'backspace',
    'delete',
    'up',
    'down',
  ];
  const more = [
    'left',
    'right',
    'pgup',
    'pgdn',
    'home',
    'end',
    'f1',
    'f5',
    'f12',
    'ctrl-a',
    'ctrl-c',
  ];
  for (const name of [...names, ...more]) {
    terminal.press(name);
    await terminal.sees(`said key ${name}`);
  }
  terminal.press('space');
  await terminal.sees('said key space " "');
  terminal.type('🚀');
  await terminal.sees('said key 🚀');
});

test('a paste is one event, none of it a key', async () => {
  await using demo = await openDemo();
  const { terminal } = demo;
  terminal.type('qx\rjj', true);
  await terminal.sees('said paste "qx\\rjj"');
  expect(terminal.screen()).toContain('selected 0');
});

test('what the terminal answers is never a key', async () => {
  await using demo = await openDemo();
  const { terminal } = demo;
  expect(terminal.written).toContain('\x1b[?2026$p');
  terminal.type('\x1b[?2026;2$y\x1b]11;rgb:0/0/0\x1b\\\x1b[?62;1cj');
  await terminal.sees('selected 1');
  const before = terminal.written.length;
  terminal.press('j');
  await terminal.sees('selected 2');
  const frame = terminal.written.slice(before);
  expect(frame.startsWith('\x1b[?2026h')).toBe(true);
  expect(frame.endsWith('\x1b[?2026l')).toBe(true);
});

test('a storm of sizes is painted a few times and comes out right', async () => {
  await using demo = await openDemo({ cols: 80, rows: 24 });
  const { terminal } = demo;
  const paintedBefore = (await demo.report())?.painted ?? 0;
  for (let round = 0; round < 200; round++) terminal.resize(40 + (round % 60), 10 + (round % 20));
  terminal.resize(61, 13);
  await terminal.sees('61x13');
  expect(terminal.line(0)).toMatch(/^┌─ Demo ─{52}┐$/);
  expect(terminal.line(11)).toMatch(/^└─{59}┘$/);
  await expect.poll(async () => (await demo.report())?.painted).toBeGreaterThan(paintedBefore);
  expect(((await demo.report())?.painted ?? 0) - paintedBefore).toBeLessThan(40);
});

test('one cell and back', async () => {
  await using demo = await openDemo({ cols: 80, rows: 24 });
  const { terminal } = demo;
  for (const [cols, rows] of [
    [1, 1],
    [2, 1],
    [1, 5],
    [3, 3],
  ] as const) {
    terminal.resize(cols, rows);
    const paintedBefore = (await demo.report())?.painted ?? 0;
    terminal.press('z');
    await expect.poll(async () => (await demo.report())?.painted).toBeGreaterThan(paintedBefore);
  }
  terminal.resize(80, 24);
  await terminal.sees('80x24');
  expect(terminal.line(0)).toMatch(/^┌─ Demo ─{71}┐$/);
  expect(terminal.line(22)).toMatch(/^└─{78}┘$/);
});

test('nothing is written while nothing changes', async () => {
  await using demo = await openDemo();
  const { terminal } = demo;
  const ticks = async () => (await demo.report())?.ticks ?? 0;
  const begun = await ticks();
  const before = terminal.written.length;
  await expect.poll(ticks).toBeGreaterThan(begun + 50);
  expect(terminal.written.length).toBe(before);
});
