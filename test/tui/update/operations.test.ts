import { describe, expect, test } from 'vitest';
import type { Effect } from '../../../src/tui/model/event.ts';
import { HOLD_MS } from '../../../src/tui/model/job.ts';
import { viewOf } from '../../../src/tui/screens/frame.ts';
import { frameText } from '../../support/frame-text.ts';
import {
  bigSnapshot,
  CONTAINERS,
  container,
  NOW,
  Pilot,
  snapshot,
} from '../../support/sample-fleet.ts';

const planned = ({ effects }: Pilot) =>
  effects.flatMap((effect: Effect) => (effect.kind === 'run-operations' ? effect.planned : []));
const toast = ({ state }: Pilot) => state.messages.all.at(-1)?.text;
const on = (name: string) => new Pilot().live().press('/').type(name).press('enter');
const answer = (pilot: Pilot, outcome: 'done' | 'failed', why?: string) => {
  const [operationId = ''] = [...pilot.state.pending.values()].map((one) => one.operationId);
  pilot.nowMs += 3_200;
  const told = why === undefined ? {} : { why };
  return pilot.send({ kind: 'operation-ended', operationId, outcome, ...told, atMs: pilot.nowMs });
};

test('a long error stands cut beside what u would do; it is not left out', () => {
  const pilot = on('web-3').press('ctrl-t').wait(300).press('y');
  answer(pilot, 'done');
  pilot
    .press('esc')
    .press('/')
    .type('web-7')
    .press('enter', 'ctrl-r')
    .wait(300)
    .press('y')
    .wait(HOLD_MS);
  const [operationId = ''] = pilot.state.jobs.at(-1)?.steps.keys() ?? [];
  const why = 'no '.repeat(60);
  pilot.send({ kind: 'operation-ended', operationId, outcome: 'failed', why, atMs: pilot.nowMs });
  const screen = frameText(viewOf(pilot.wait(2_000).state), pilot.state.size);
  expect(screen).toMatch(/^ Restart eu-1\/web-7 failed: no no .*… +undo: u \(\d+s\)$/m);
});

describe('restarting one container', () => {
  test('asks first, and sends nothing', () => {
    const pilot = on('web-3').press('ctrl-r');
    expect(pilot.state.dialog).toMatchObject({
      title: 'Restart eu-1/web-3?',
      level: 'yes',
      focus: 'cancel',
    });
    expect(pilot.effects).toEqual([]);
  });

  test('y sends what was asked, though the selection has moved underneath', () => {
    const pilot = on('web-3').press('ctrl-r');
    pilot.change({ kind: 'container-gone', environmentId: 1, id: CONTAINERS[0]?.id ?? '' });
    pilot.wait(300).press('y').wait(HOLD_MS);
    expect(planned(pilot)).toMatchObject([
      { force: false, operation: { action: 'restart', environmentId: 1, containerName: 'web-3' } },
    ]);
  });

  test('keys typed ahead cannot answer, enter cancels, other keys do nothing', () => {
    const pilot = on('web-3').press('ctrl-r', 'y');
    expect(pilot.state.dialog).toBeDefined();
    expect(pilot.wait(300).press('j', 'l').state.dialog).toBeDefined();
    pilot.press('enter');
    expect(pilot.state.dialog).toBeUndefined();
    expect(pilot.effects).toEqual([]);
  });

  test('the row is pending until the host answered and the feed shows the new run', () => {
    const pilot = on('web-3').press('ctrl-r').wait(300).press('y').wait(HOLD_MS);
    expect(pilot.state.pending.size).toBe(1);
    answer(pilot, 'done');
    expect(toast(pilot)).toBe('eu-1/web-3 restarted in 3.2s.');
    expect(pilot.state.pending.size).toBe(1);
    const again = container(1, 'web-3', { startedAtMs: NOW + 3_000 });
    pilot.change({ kind: 'container', container: again });
    expect(pilot.state.pending.size).toBe(0);
  });

  test('a failure is said in the words of the fault, and the row speaks for itself again', () => {
    const pilot = answer(
      on('web-3').press('ctrl-r').wait(300).press('y').wait(HOLD_MS),
      'failed',
      'No such host.',
    );
    expect(toast(pilot)).toBe('Restart eu-1/web-3 failed: No such host.');
    expect(pilot.state.pending.size).toBe(0);
  });

  test('while one is under way, a second is refused', () => {
    const pilot = on('web-3').press('ctrl-r').wait(300).press('y', 'ctrl-r');
    expect(pilot.state.dialog).toBeUndefined();
    expect(toast(pilot)).toBe("Can't restart: an operation on it is under way.");
  });
});

describe('what cannot be done says why', () => {
  test('an environment that does not answer', () => {
    expect(toast(on('worker').press('ctrl-r'))).toBe("Can't restart: us-9 does not answer.");
  });

  test('a state in which it makes no sense', () => {
    expect(toast(on('cron').press('ctrl-k'))).toBe("Can't kill: it is exited.");
  });
});

describe('graver things need more than a letter', () => {
  test('removing one wants the button, and kills what runs first', () => {
    const pilot = on('web-3').press('delete').wait(300).press('y');
    expect(pilot.state.dialog).toMatchObject({ level: 'button' });
    expect(planned(pilot.press('tab', 'enter'))).toEqual([]);
    expect(planned(pilot.wait(HOLD_MS))).toMatchObject([{ force: true }]);
  });

  test('several on several environments are planned by environment; who cannot is left out', () => {
    const pilot = new Pilot().live().press('*', 'ctrl-t');
    const { dialog } = pilot.state;
    expect(dialog?.title).toBe('Stop 9 containers on 4 environments?');
    expect(dialog?.groups.map(({ heading }) => heading)).toContain('eu-2: 3 containers');
    expect(dialog?.remarks[0]).toBe(
      'Left out: eu-2/cron-nightly (it is exited), edge-shop-042/price-sync (it is created), edge-shop-042/scanner (it is exited) and 2 more.',
    );
    pilot.wait(300).press('right', 'enter');
    expect(planned(pilot)).toHaveLength(2);
    expect(pilot.state.pending.size).toBe(9);
    expect(pilot.state.containers.marks.size).toBe(5);
  });

  test('twenty or more want the name of the scope typed', () => {
    const pilot = new Pilot().live(bigSnapshot(25, 2)).press('*', 'ctrl-r').wait(300);
    expect(pilot.state.dialog).toMatchObject({ level: 'phrase', phrase: 'all' });
    pilot.press('tab', 'enter');
    expect(pilot.effects).toEqual([]);
    pilot
      .press('ctrl-r')
      .wait(300)
      .type('al')
      .press('tab')
      .type('l')
      .press('tab', 'enter')
      .wait(HOLD_MS);
    expect(planned(pilot)).toHaveLength(2);
    expect(pilot.state.pending.size).toBe(25);
  });
});

test('a bulk job tells how far it is, what failed, and keeps each result', () => {
  const pilot = new Pilot()
    .live(snapshot())
    .press('/')
    .type('web-1')
    .press('enter', '*', 'ctrl-r')
    .wait(300);
  pilot.press('tab', 'enter').wait(HOLD_MS);
  expect(toast(pilot)).toBe('restarting 2 containers: 0 done …');
  answer(pilot, 'failed', 'Out of memory.');
  expect(toast(pilot)).toBe('restarting 2 containers: 0 done, 1 failed …');
  answer(pilot, 'done');
  expect(toast(pilot)).toBe('1 of 2 restarted, 1 failed; 9 tells which.');
  expect([...(pilot.state.jobs[0]?.steps.values() ?? [])].map((step) => step.why)).toContain(
    'Out of memory.',
  );
});

test('the stop key starts what is stopped, the pause key resumes what is paused', () => {
  expect(on('cron').press('ctrl-t').state.dialog?.title).toBe('Start eu-2/cron-nightly?');
  expect(on('cache').press('ctrl-t').state.dialog?.title).toBe('Stop us-1/cache?');
  expect(on('db-main').press('ctrl-p').state.dialog?.title).toBe('Resume us-1/db-main?');
});

test('ctrl-c cancels what runs; a second one within a second quits', () => {
  const pilot = on('web-3').press('ctrl-r').wait(300).press('y').wait(HOLD_MS).press('ctrl-c');
  expect(pilot.effects).toMatchObject([{ kind: 'cancel-operations', operationIds: ['op-1'] }]);
  expect(pilot.press('ctrl-c').effects).toEqual([{ kind: 'quit' }]);
});
