/** The log beside the list: one stream at most, of the container on which the cursor rests, and only where there is room. */
import { expect, test } from 'vitest';
import type { LogLine } from '../../../src/protocol/log-line.ts';
import type { Effect } from '../../../src/tui/model/event.ts';
import { viewOf } from '../../../src/tui/screens/frame.ts';
import { focusedPane } from '../../../src/tui/screens/pane-places.ts';
import { frameText } from '../../support/frame-text.ts';
import { container, NOW, Pilot } from '../../support/sample-fleet.ts';

const screenOf = ({ state }: Pilot) => frameText(viewOf(state), state.size);
const ofLogs = (pilot: Pilot): readonly Effect[] =>
  pilot.effects.filter(({ kind }) => kind === 'follow-logs' || kind === 'stop-logs');
const line = (text: string): LogLine => ({ atMs: NOW, stream: 'stdout', text });

/** The pane open on the first container, and the id of its stream. */
function opened(width = 120, height = 40) {
  const pilot = new Pilot(width, height).live().wait(400);
  const [follow] = ofLogs(pilot);
  if (follow?.kind !== 'follow-logs') throw new Error('no log is followed');
  const tell = (...texts: string[]) =>
    pilot.send({ kind: 'log-lines', viewId: follow.viewId, lines: texts.map(line), atMs: NOW });
  return { pilot, viewId: follow.viewId, follow, tell };
}

test('it opens once the cursor has rested, and stops when it goes on', () => {
  const { pilot, follow, viewId } = opened();
  expect(follow).toMatchObject({ tail: 100, sinceMs: undefined });
  pilot.press('j');
  expect(ofLogs(pilot)).toEqual([{ kind: 'stop-logs', viewId }]);
  for (let presses = 0; presses < 5; presses++) {
    expect(ofLogs(pilot.wait(300))).toEqual([]);
    expect(ofLogs(pilot.press(presses % 2 === 0 ? 'k' : 'j'))).toEqual([]);
  }
  expect(ofLogs(pilot.wait(400))).toMatchObject([{ kind: 'follow-logs' }]);
});

test('its lines are shown below the list; those of a stream that was stopped are dropped', () => {
  const { pilot, tell } = opened();
  tell('GET /cart 200');
  expect(screenOf(pilot)).toMatch(/── log of us-1\/cache ─+ 1 line, follow ──\n ?GET \/cart 200/);
  pilot.press('j');
  expect(screenOf(pilot)).not.toContain('GET /cart');
  expect(screenOf(tell('late'))).not.toContain('late');
});

test('scrolled back it stands still while lines come; at its end it follows again', () => {
  const { pilot, tell } = opened();
  tell(...Array.from({ length: 60 }, (_, at) => `line ${at}`));
  pilot.press('tab', 'tab', 'k', 'k');
  expect(focusedPane(pilot.state)).toBe('log');
  expect(screenOf(pilot)).toMatch(/━━▸log of us-1\/cache ━+ 60 lines, paused ━━/);
  expect(screenOf(tell('line 60'))).not.toContain('line 59');
  pilot.press('pgdn', 'pgdn');
  expect(screenOf(pilot)).toContain('line 60');
  expect(screenOf(tell('line 61'))).toContain('line 61');
  pilot.press('f', 'g');
  expect(screenOf(pilot)).toContain('line 20');
  expect(screenOf(pilot)).not.toContain('NAME↑');
});

test('it goes with the list and comes again; a smaller terminal has none', () => {
  const { pilot, viewId } = opened();
  expect(ofLogs(pilot.press('d'))).toEqual([{ kind: 'stop-logs', viewId }]);
  expect(ofLogs(pilot.press('q').wait(400))).toMatchObject([{ kind: 'follow-logs' }]);
  pilot.send({ kind: 'resize', size: { width: 100, height: 30 } });
  expect(ofLogs(pilot)).toMatchObject([{ kind: 'stop-logs' }]);
  expect(ofLogs(pilot.wait(1_000))).toEqual([]);
  expect(ofLogs(new Pilot(80, 24).live().wait(1_000))).toEqual([]);
});

test('a container that starts anew is read anew; one whose environment is silent is not asked', () => {
  const { pilot, viewId } = opened();
  pilot.send({ kind: 'log-ended', viewId, why: undefined, mayRetry: true, atMs: NOW });
  expect(ofLogs(pilot.wait(5_000))).toEqual([]);
  expect(screenOf(pilot)).toContain(' 0 lines, ended ');
  const again = { ...container(3, 'cache'), startedAtMs: NOW };
  pilot.change({ kind: 'container', container: again });
  expect(ofLogs(pilot.wait(400))).toMatchObject([{ kind: 'follow-logs' }]);
  const silent = new Pilot(120, 40).live().press('/').type('us-9').press('enter');
  expect(ofLogs(silent.wait(1_000))).toEqual([]);
});

test('it holds no more than a thousand lines', () => {
  const { pilot, tell } = opened();
  for (let part = 0; part < 5; part++)
    tell(...Array.from({ length: 500 }, (_, at) => `${part} ${at}`));
  const log = pilot.state.logPane?.view?.log;
  expect((log?.end ?? 0) - (log?.first ?? 0)).toBeLessThanOrEqual(1_000);
  expect(screenOf(pilot)).toContain('4 499');
});

test('ui.log: false leaves the room to the list and asks for nothing', () => {
  const { pilot } = opened();
  pilot.state = { ...pilot.state, settings: { ...pilot.state.settings, isLogHidden: true } };
  expect(ofLogs(pilot.wait(1_000))).toMatchObject([{ kind: 'stop-logs' }]);
  expect(screenOf(pilot)).not.toContain('log of ');
});
