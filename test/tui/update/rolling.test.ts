/** Plans as they are rolled out, stopped, tried again and taken back. */
import { describe, expect, test } from 'vitest';
import type { Effect } from '../../../src/tui/model/event.ts';
import { HOLD_MS } from '../../../src/tui/model/job.ts';
import { environment, NOW, Pilot, snapshot } from '../../support/sample-fleet.ts';

const sent = ({ effects }: Pilot) =>
  effects.flatMap((effect: Effect) =>
    effect.kind === 'run-operations'
      ? effect.planned.map(({ operation }) => `${operation.action} ${operation.containerName}`)
      : [],
  );
const toast = ({ state }: Pilot) => state.messages.all.at(-1)?.text;
const states = ({ state }: Pilot, job = 0) =>
  [...(state.jobs[job]?.steps.values() ?? [])].map((step) => step.state);

/** Ends the first operation that runs. */
function end(pilot: Pilot, outcome: 'done' | 'failed', job = 0): Pilot {
  const running = [...(pilot.state.jobs[job]?.steps ?? [])].find(
    ([, step]) => step.state === 'running',
  );
  pilot.nowMs += 1_000;
  const told = outcome === 'failed' ? { why: 'The engine refused.' } : {};
  const operationId = running?.[0] ?? '';
  return pilot.send({ kind: 'operation-ended', operationId, outcome, ...told, atMs: pilot.nowMs });
}

/** The webs of eu-2, stopped: width and what a failure does chosen by keys. */
const stopWebs = (...keys: string[]) =>
  new Pilot()
    .live()
    .press('/')
    .type('host:eu-2 web')
    .press('enter', '*', 'ctrl-t')
    .wait(300)
    .press(...keys, 'tab', 'enter');

describe('a rollout chosen in the dialog', () => {
  test('one at a time, and nothing more after the first failure', () => {
    const pilot = stopWebs('up', 'right', 'up', 'left');
    expect(sent(pilot)).toEqual(['stop web-1']);
    expect(sent(end(pilot, 'done'))).toEqual(['stop web-2']);
    expect(sent(end(pilot, 'failed'))).toEqual([]);
    expect(states(pilot)).toEqual(['done', 'failed', 'not-tried']);
    expect(toast(pilot)).toBe('1 of 3 stopped, 1 failed, 1 not tried; 9 tells which.');
    expect(pilot.state.pending.size).toBe(1);
  });

  test('all at once', () => {
    expect(sent(stopWebs('down', 'right', 'right'))).toHaveLength(3);
  });

  test('what failed and was not tried is tried again, rolled out as before', () => {
    const pilot = end(end(stopWebs('up', 'right', 'up', 'left'), 'done'), 'failed');
    pilot.press('9', 'ctrl-r').wait(300);
    expect(pilot.state.dialog?.title).toBe('Stop 2 containers on one environment?');
    pilot.press('tab', 'enter');
    expect(sent(pilot)).toEqual(['stop web-2']);
    expect(pilot.state.jobs[1]?.rollout).toEqual({ width: 1, stopOnFailure: true });
    end(pilot, 'done', 1);
    end(pilot, 'done', 1);
    expect(states(pilot, 1)).toEqual(['done', 'done']);
  });
});

describe('taking back', () => {
  test('what has no inverse is not sent for a while, and u calls it back with its marks', () => {
    const pilot = new Pilot().live().press('/').type('host:eu-2 web').press('enter');
    pilot.press('space', 'space', 'ctrl-k').wait(300);
    pilot.press('tab', 'enter');
    expect(sent(pilot)).toEqual([]);
    expect(pilot.wait(HOLD_MS - 1).press('u').effects).toEqual([]);
    expect(toast(pilot)).toBe('Kill of 2 containers called back: nothing was sent.');
    expect(pilot.state.pending.size).toBe(0);
    expect(pilot.state.containers.marks.size).toBe(2);
    expect(sent(pilot.wait(HOLD_MS))).toEqual([]);
  });

  test('a person who is sure begins at once', () => {
    const pilot = new Pilot().live().press('/').type('web-3').press('enter', 'ctrl-r').wait(300);
    expect(sent(pilot.press('up', 'right', 'y'))).toEqual(['restart web-3']);
  });

  test('a stop is reversed by a start, once, and only for a while', () => {
    const pilot = stopWebs();
    for (let step = 0; step < 3; step++) end(pilot, 'done');
    expect(sent(pilot.press('u'))).toEqual(['start web-1', 'start web-2']);
    expect(end(pilot, 'done', 1) && end(pilot, 'done', 1) && end(pilot, 'done', 1)).toBe(pilot);
    expect(pilot.press('u').effects).toEqual([]);
    expect(toast(pilot)).toBe("Can't undo: there is nothing to undo now.");
    const late = end(end(end(stopWebs(), 'done'), 'done'), 'done').wait(30_000);
    expect(sent(late.press('u'))).toEqual([]);
  });

  test('cancelling leaves nothing waiting', () => {
    const pilot = stopWebs().press('ctrl-c');
    expect(pilot.effects).toMatchObject([{ kind: 'cancel-operations' }]);
    expect(states(pilot)).toEqual(['running', 'running', 'cancelled']);
  });
});

describe('what was removed', () => {
  const removed = (isKept: boolean) => {
    const pilot = new Pilot().live().press('/').type('scanner').press('enter', 'ctrl-x').wait(300);
    pilot.press('tab', 'enter').wait(HOLD_MS);
    const [operationId = ''] = pilot.state.jobs[0]?.steps.keys() ?? [];
    return pilot.send({ kind: 'operation-ended', operationId, outcome: 'done', isKept, atMs: NOW });
  };

  test('is made again by :recreate as long as its settings are kept', () => {
    const pilot = removed(true).press(':').type('recreate').press('enter').wait(300);
    expect(pilot.state.dialog?.title).toBe('Recreate edge-shop-042/scanner?');
    expect(sent(pilot.press('y'))).toEqual(['recreate scanner']);
  });

  test('is not offered when they are not', () => {
    const pilot = removed(false).press(':').type('recreate scanner').press('enter');
    expect(pilot.state.dialog).toBeUndefined();
    expect(toast(pilot)).toContain('No settings are kept');
  });
});

test('one container of an environment tagged production asks for its name', () => {
  const hosts = [environment(1, 'eu-1', { tags: ['eu', 'Production'] }), environment(2, 'eu-2')];
  const pilot = new Pilot().live(snapshot(hosts)).press('/').type('web-3').press('enter', 'ctrl-t');
  expect(pilot.state.dialog).toMatchObject({ level: 'phrase', phrase: 'eu-1' });
  pilot.wait(300).press('y');
  expect(sent(pilot)).toEqual([]);
  pilot.press('backspace').type('eu-1').press('tab', 'enter');
  expect(sent(pilot)).toEqual(['stop web-3']);
});

test('the list of operations filters, folds, and describes the container of its line', () => {
  const pilot = end(stopWebs(), 'failed').press('9');
  expect(pilot.state.screens.at(-1)?.kind).toBe('operations');
  pilot.press('/').type('state:fail').press('enter', 'G', 'enter');
  expect(pilot.state.screens.at(-1)).toMatchObject({ kind: 'describe' });
  pilot.press('q', 'z', 'esc');
  expect(pilot.state.screens.at(-1)).toMatchObject({ folded: new Set([pilot.state.jobs[0]?.id]) });
});
