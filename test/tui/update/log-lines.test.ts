/** Deeds on lines: zoom, select and copy, save, mark, clear, filter again, pick sources, go to a time, other ranges. */
import { describe, expect, test } from 'vitest';
import type { LogLine } from '../../../src/protocol/log-line.ts';
import type { Effect } from '../../../src/tui/model/event.ts';
import type { LogsScreen } from '../../../src/tui/model/log-view.ts';
import { viewOf } from '../../../src/tui/screens/frame.ts';
import { frameText } from '../../support/frame-text.ts';
import { NOW, Pilot } from '../../support/sample-fleet.ts';

function screenOf({ state }: Pilot): LogsScreen {
  const screen = state.screens.findLast((other) => other.kind === 'logs');
  if (!screen) throw new Error('no log is open');
  return screen;
}

const shown = ({ state }: Pilot) => frameText(viewOf(state), state.size);

function tell(pilot: Pilot, lines: readonly LogLine[]): Pilot {
  const { viewId } = screenOf(pilot);
  return pilot.send({ kind: 'log-lines', viewId, lines, atMs: pilot.nowMs });
}

const line = (index: number, text = `line ${index}`): LogLine => ({
  atMs: NOW - 100_000 + index * 1_000,
  stream: 'stdout',
  text,
});
const numbered = (count: number) => Array.from({ length: count }, (_, index) => line(index));
const opened = (count = 60) => tell(new Pilot().live().press('l'), numbered(count));
const effectOf = <Kind extends Effect['kind']>({ effects }: Pilot, kind: Kind) =>
  effects.find((effect): effect is Extract<Effect, { kind: Kind }> => effect.kind === kind);

describe('zoom', () => {
  test('enter shows the last line with its fields, n and N step, enter goes back', () => {
    const pilot = tell(opened(), [line(60, '{"level":"error","user":{"id":7}}')]).press('enter');
    expect(shown(pilot)).toContain('log line');
    expect(shown(pilot)).toMatch(/"user": \{\n +"id": 7/);
    expect(shown(pilot)).toContain('stream  stdout');
    expect(shown(pilot.press('N'))).toContain('line 59');
    expect(shown(pilot.press('n'))).toContain('"id": 7');
    expect(shown(pilot.press('n'))).toContain('No line below.');
    expect(shown(pilot.press('enter'))).toContain('line 58');
  });

  test('while something is searched for, n goes to the next match', () => {
    const pilot = opened().press('/').type('line 1').press('enter', 'enter');
    expect(shown(pilot.press('n', 'n'))).toMatch(/^ line 10$/m);
  });

  test('a line of 1 MiB is cut in the log and shown in parts here', () => {
    const long = `begin ${'x'.repeat((1 << 20) - 20)} the very end`;
    const pilot = tell(opened(), [line(60, long)]).press('enter');
    expect(shown(pilot)).toContain('part 1 of 64');
    for (let part = 0; part < 70; part++) pilot.press('right');
    expect(shown(pilot)).toContain('part 64 of 64');
    expect(shown(pilot.press('G'))).toMatch(/the very\n +end/);
  });
});

describe('select and copy', () => {
  test('v, movement and c copy the lines between; times are copied when they are shown', () => {
    const pilot = opened().press('v', 'k', 'k');
    expect(shown(pilot)).toContain('selecting');
    pilot.press('c');
    expect(effectOf(pilot, 'copy')?.text).toBe('line 57\nline 58\nline 59');
    expect(shown(pilot)).not.toContain('selecting');
    pilot.press('t', 'v', 'y');
    expect(effectOf(pilot, 'copy')?.text).toMatch(/^\d\d:\d\d:\d\d line \d+$/);
  });

  test('esc ends the selection and not the view; without one c says what to do', () => {
    const pilot = opened().press('v', 'k', 'esc');
    expect(screenOf(pilot).selection).toBeUndefined();
    expect(shown(pilot.press('c'))).toContain('no line is selected; v begins to select');
  });

  test('more than a clipboard takes is not sent, and the sentence tells both sizes', () => {
    const pilot = tell(
      opened(0),
      Array.from({ length: 90 }, (_, i) => line(i, 'é'.repeat(500))),
    );
    pilot.press('v', 'g', 'c');
    expect(effectOf(pilot, 'copy')).toBeUndefined();
    expect(shown(pilot)).toContain("90 lines are 88K; a terminal's clipboard takes 73K.");
  });
});

test('ctrl-s saves what is shown, with exact times', () => {
  const pilot = opened(3).press('&').type('!1').press('enter', 'ctrl-s');
  const save = effectOf(pilot, 'save-file');
  expect(save?.stem).toMatch(/^us-1-cache-2026-/);
  expect([...(save?.lines ?? [])]).toEqual(
    [0, 2].map((at) => `${new Date(NOW - 100_000 + at * 1_000).toISOString()} out line ${at}`),
  );
  const outcome = { path: '/tmp/x.log', lines: 2, bytes: 80 };
  pilot.send({ kind: 'saved', outcome, atMs: NOW });
  expect(shown(pilot)).toContain('Saved 2 lines (80B) to /tmp/x.log');
});

test('m draws a line under what has come; C clears, what comes next shows, scrolling up brings all back', () => {
  const pilot = tell(opened(5).press('m'), [line(5)]);
  expect(shown(pilot)).toMatch(/line 4\n── mark \d\d:\d\d:\d\d ──\nline 5/);
  tell(pilot.press('C'), [line(6)]);
  expect(shown(pilot)).toContain(
    '── cleared: 7 lines above; scrolling up shows them again ──\nline 6',
  );
  expect(shown(pilot)).not.toContain('line 5');
  expect(shown(pilot.press('k', 'k', 'k'))).toContain('line 4');
});

test('& shows only what matches, esc shows all, . filters again, in another log too', () => {
  const pilot = opened().press('&').type('5').press('enter');
  expect(shown(pilot)).toContain('matches only');
  expect(shown(pilot)).not.toContain('line 49');
  expect(shown(pilot.press('esc', 'G'))).toContain('line 49');
  expect(shown(pilot.press('.'))).not.toContain('line 49');
  expect(pilot.state.logFilter).toBe('5');
});

test('T goes to a time that is held; for an older one the log is read from there on', () => {
  const pilot = opened().press('T').type('80s').press('enter');
  expect(screenOf(pilot).focus).toBe(20);
  pilot.press('T').type('2h').press('enter');
  const follow = effectOf(pilot, 'follow-logs');
  expect(follow).toMatchObject({ sinceMs: NOW - 7_200_000, tail: undefined, most: 20_000 });
});

test('1 reads the first lines and stops there; 9 a range that is typed, with what is wrong said meanwhile', () => {
  const pilot = opened().press('1');
  expect(effectOf(pilot, 'follow-logs')).toMatchObject({ tail: undefined, most: 20_000 });
  expect(shown(pilot)).toContain('first lines');
  const { viewId } = screenOf(pilot);
  tell(pilot, numbered(100));
  const end = { kind: 'log-ended', viewId, why: undefined, mayRetry: false, isDone: true } as const;
  pilot.send({ ...end, atMs: NOW }).wait(60_000);
  expect(effectOf(pilot, 'follow-logs')).toBeUndefined();
  expect(shown(pilot)).toContain('not followed');
  expect(shown(pilot)).toContain('line 0');
  expect(shown(pilot.press('9').type('25:00'))).toContain('write 15m, 2h');
  pilot.press('enter').press('ctrl-u').type('12:00..12:05').press('enter');
  const follow = effectOf(pilot, 'follow-logs');
  expect((follow?.untilMs ?? 0) - (follow?.sinceMs ?? 0)).toBe(300_000);
});

test('a range of which only a part was read says so below its last line and in the title', () => {
  const pilot = opened().press('1');
  const { viewId } = screenOf(pilot);
  tell(pilot, numbered(3));
  const end = { kind: 'log-ended', viewId, why: undefined, mayRetry: false, isDone: true } as const;
  pilot.send({ ...end, isCut: true, atMs: NOW });
  expect(shown(pilot)).toContain('cut short');
  expect(shown(pilot)).toMatch(
    /line 2\n── only the first 3 lines were read, and there are more: 9 /,
  );
});

test('p opens what was logged before the last start: first when that was, then its last lines', () => {
  const pilot = new Pilot().live().press('p');
  const { viewId, key } = screenOf(pilot);
  expect(pilot.effects).toEqual([{ kind: 'find-last-start', viewId, key }]);
  pilot.send({ kind: 'last-start', viewId, answer: { beforeMs: NOW }, atMs: NOW });
  const older = effectOf(pilot, 'fetch-older');
  expect(older).toMatchObject({ key, beforeMs: NOW, atSeam: 0, known: 0 });
  const told = { kind: 'log-older', requestId: older?.requestId ?? 0, isWhole: false } as const;
  pilot.send({ ...told, lines: numbered(30), atMs: NOW });
  expect(shown(pilot)).toContain('before its last start');
  expect(shown(pilot)).toContain('line 29');
});

describe('many logs', () => {
  const many = () => {
    const pilot = new Pilot(120, 40).live().press('/').type('web eu-2').press('enter', 'L');
    for (const [at, { streamId }] of (screenOf(pilot).merged?.sources ?? []).entries()) {
      const lines = [0, 1].map((index) => line(index * 10 + at, `says ${at} ${index}`));
      pilot.send({ kind: 'log-lines', viewId: streamId, lines, atMs: NOW });
    }
    return pilot.wait(6_000);
  };

  test('a picks the sources that are shown; enter keeps the choice', () => {
    const pilot = many().press('a', 'space', 'enter');
    expect(shown(pilot)).not.toContain('says 0');
    expect(shown(pilot)).toContain('says 1 0');
    expect(shown(pilot)).toMatch(/2 of 3 shown/);
    expect(shown(pilot.press('a', '*', 'esc'))).toContain('says 0 0');
  });

  test('while sources are picked the last line says what the keys do there', () => {
    const hints = (pilot: Pilot) => shown(pilot).trimEnd().split('\n').at(-1);
    const pilot = many().press('a');
    expect(hints(pilot)).toMatch(/space show or hide {2}\* all or none .* enter done/);
    expect(hints(pilot)).not.toContain('pause');
    expect(hints(pilot.press('enter'))).toMatch(/^ space pause/);
    expect(hints(pilot.press('space'))).toMatch(/^ space follow/);
  });

  test('o shows one after the other, and by time again', () => {
    const order = (pilot: Pilot) => [...shown(pilot).matchAll(/says (\d \d)/g)].map(([, at]) => at);
    const pilot = many();
    expect(order(pilot)).toEqual(['0 0', '1 0', '2 0', '0 1', '1 1', '2 1']);
    expect(order(pilot.press('o'))).toEqual(['0 0', '0 1', '1 0', '1 1', '2 0', '2 1']);
    expect(order(pilot.press('o'))).toHaveLength(6);
  });
});
