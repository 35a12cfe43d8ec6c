/** What a reader of lines hears: states as words, one thing a line, nothing drawn, and nothing that only ages. */
import { expect, test } from 'vitest';
import type { LogLine } from '../../../src/protocol/log-line.ts';
import { viewOf } from '../../../src/tui/screens/frame.ts';
import { LineWriter } from '../../../src/tui/widgets/line-writer.ts';
import { container, NOW, Pilot } from '../../support/sample-fleet.ts';
import { wallSnapshot } from '../../support/sample-wall.ts';

/** A console for a reader of lines; `heard` gives what is new since it was asked last. */
function reader(width = 80, height = 24) {
  const pilot = new Pilot(width, height);
  pilot.state = { ...pilot.state, settings: { ...pilot.state.settings, isLinear: true } };
  const writer = new LineWriter({ glyph: (one) => one, hasModes: false });
  const raw = () => writer.bytesOf(viewOf(pilot.state));
  const heard = () =>
    raw()
      .split('\r\n')
      .filter((line) => line !== '');
  return { pilot, heard, raw };
}

test('a list is a title and the row under the cursor, in words', () => {
  const { pilot, heard } = reader();
  expect(heard().slice(0, 2)).toEqual(['Connecting.', 'containers of all: 0, by name']);
  pilot.live();
  expect(heard()).toEqual([
    '5 environments, 14 containers, 3 problems, 1 unreachable.',
    'containers of all: 14, by name',
    'cache on us-1, running, up 14m, 1 of 14',
  ]);
  pilot.press('j', 'space');
  expect(heard()).toEqual(['db-main on us-1, paused, between states, up 40m, 3 of 14']);
  pilot.press('k');
  expect(heard()).toEqual(['cron-nightly on eu-2, exited 0 9h, marked, 2 of 14']);
  pilot.press('/').type('web-7').press('enter');
  expect(heard()).toEqual([
    'containers of all, filter web-7: 1, by name',
    'web-7 on eu-1, unhealthy, a problem, up 2d, 1 of 1',
  ]);
});

test('what only ages is not said again; what changes is, at once', () => {
  const { pilot, heard } = reader();
  pilot.live();
  heard();
  expect(pilot.wait(61_000) && heard()).toEqual([]);
  pilot.change({ kind: 'container', container: { ...container(3, 'cache'), state: 'paused' } });
  expect(heard()).toEqual(['cache on us-1, paused, between states, up 9d, 1 of 14']);
});

test('typing is echoed letter by letter, and nothing is said meanwhile', () => {
  const { pilot, raw } = reader();
  pilot.live();
  raw();
  expect(raw()).toBe('');
  pilot.press(':');
  expect(raw()).toBe(': ');
  pilot.type('sk');
  expect(raw()).toBe('sk');
  pilot.change({ kind: 'container', container: { ...container(3, 'cache'), state: 'paused' } });
  expect(raw()).toBe('');
  pilot.press('backspace');
  expect(raw()).toBe('\r\n: s');
  pilot.press('tab');
  expect(raw()).toMatch(/^.+$/);
  pilot.press('esc');
  expect(raw()).toMatch(/^\r\ncache on us-1, paused/);
});

test('a question is its sentences and who has the focus', () => {
  const { pilot, heard } = reader();
  pilot.live();
  heard();
  pilot.press('ctrl-k').wait(400);
  const question = heard();
  expect(question[0]).toBe('Kill us-1/cache?');
  expect(question.at(-1)).toMatch(/^Cancel has the focus; /);
  pilot.press('tab');
  expect(heard()).toEqual([expect.stringMatching(/^Kill has the focus; /)]);
  expect(question.join('')).not.toMatch(/[─│┌]/);
});

const line = (text: string): LogLine => ({ atMs: NOW, stream: 'stdout', text });

test('a log is said as it comes, equal lines each, and held lines on going up', () => {
  const { pilot, heard } = reader();
  pilot.live();
  heard();
  pilot.press('l');
  expect(heard()[0]).toMatch(/^logs us-1\/cache .*follow$/);
  const tell = (...texts: string[]) => {
    pilot.send({ kind: 'log-lines', viewId: 1, lines: texts.map(line), atMs: NOW });
    return heard().filter((one) => !one.startsWith('logs '));
  };
  expect(tell('one', 'tick 1')).toEqual(['one', 'tick 1']);
  expect(tell('tick 1', 'tick 1')).toEqual(['tick 1', 'tick 1']);
  expect(tell('tick 2')).toEqual(['tick 2']);
  expect(tell()).toEqual([]);
});

test('a text is read from where it is, and further on scrolling', () => {
  const { pilot, heard } = reader(80, 14);
  pilot.live().press('d');
  const first = heard();
  expect(first).toContain('host us-1');
  pilot.press('j');
  expect(heard().length).toBeLessThan(first.length);
  pilot.wait(30_000);
  expect(heard()).toEqual([]);
});

test('tab reads the facts beside a list; menus and help read the line under the cursor', () => {
  const { pilot, heard } = reader();
  pilot.live();
  heard();
  pilot.press('tab');
  expect(heard()).toContain('image registry.example/cache:41');
  pilot.press('esc', 'x');
  expect(heard().length).toBeGreaterThan(0);
  pilot.press('j');
  expect(heard()).toHaveLength(1);
  pilot.press('esc', '?');
  expect(heard().length).toBeGreaterThan(0);
  pilot.press('j');
  expect(heard()).toHaveLength(1);
});

test('the wall is its tiles in words, each again when it changes', () => {
  const { pilot, heard } = reader(120, 40);
  pilot.live(wallSnapshot()).press('W');
  const tiles = heard();
  expect(tiles).toContainEqual(
    expect.stringMatching(/^eu-1, a problem, \d+ of \d+ up, web-1 unhealthy/),
  );
  expect(tiles).toContainEqual(expect.stringMatching(/, no data, /));
  expect(tiles.join('\n')).not.toMatch(/[─│▁▂▃]/);
  pilot.wait(3_000);
  expect(heard()).toEqual([]);
});

test('lines of merged or folded logs that differ in a figure alone are said each', () => {
  const { pilot, heard } = reader();
  pilot.live();
  pilot.press('l', 'w');
  heard();
  const lines = [line('GET /cart 200 31ms'), line('GET /cart 200 28ms')];
  pilot.send({ kind: 'log-lines', viewId: 1, lines, atMs: NOW });
  expect(heard().slice(-2)).toEqual(['GET /cart 200 31ms', 'GET /cart 200 28ms']);
});
