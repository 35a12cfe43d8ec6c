/** Going into containers, and commands in many of them: what is asked of the world, and what is told. */
import { describe, expect, test } from 'vitest';
import { type ExecResult, WAITING } from '../../../src/tui/model/exec.ts';
import { viewOf } from '../../../src/tui/screens/frame.ts';
import { frameText } from '../../support/frame-text.ts';
import { bigSnapshot, NOW, Pilot } from '../../support/sample-fleet.ts';

const toast = ({ state }: Pilot) => state.messages.all.at(-1)?.text;
const on = (name: string) => new Pilot().live().press('/').type(name).press('enter');
const command = (pilot: Pilot, text: string) => pilot.press(':').type(text).press('enter');
const picture = ({ state }: Pilot) => frameText(viewOf(state), state.size);

describe('shell and attach', () => {
  test('are asked of the world for the selected container', () => {
    const [effect] = on('web-3').press('s').effects;
    expect(effect).toMatchObject({ kind: 'open-shell', name: 'eu-1/web-3' });
    expect(on('web-3').press('a').effects).toMatchObject([{ kind: 'attach' }]);
    expect(command(on('web-3'), 'shell').effects).toMatchObject([{}, { kind: 'open-shell' }]);
  });

  test('are off where nothing runs, and say why', () => {
    expect(toast(on('cron').press('s'))).toBe("Can't shell: it is exited, not running.");
    expect(toast(on('db-main').press('s'))).toBe("Can't shell: it is paused; ctrl-p resumes it.");
    expect(toast(on('worker').press('s'))).toBe("Can't shell: us-9 does not answer.");
    expect(on('worker').press('a').effects).toEqual([]);
  });

  test.each([
    [{ kind: 'ended', status: 0 }, 'shell', 'The shell in eu-1/web-3 ended with status 0.'],
    [{ kind: 'left' }, 'shell', 'Left the shell in eu-1/web-3; it was told to end.'],
    [{ kind: 'left' }, 'attach', 'Left eu-1/web-3; it goes on.'],
    [{ kind: 'ended', status: null }, 'attach', 'Detached from eu-1/web-3.'],
    [{ kind: 'failed', why: 'No shell there.' }, 'shell', 'No shell there.'],
  ] as const)('coming back is told: %o of %s', (outcome, what, words) => {
    const ended = { kind: 'shell-ended', name: 'eu-1/web-3', what, outcome, atMs: NOW } as const;
    expect(toast(on('web-3').send(ended))).toBe(words);
  });
});

const answered = (pilot: Pilot, results: readonly Partial<ExecResult>[]) => {
  const { exec } = pilot.state;
  for (const [index, { key }] of (exec?.targets ?? []).entries()) {
    const result: ExecResult = {
      ...WAITING,
      state: 'ended',
      exitCode: 0,
      startedAtMs: NOW,
      endedAtMs: NOW + 1_200,
      ...results[index % results.length],
    };
    pilot.send({ kind: 'exec-told', runId: exec?.id ?? 0, key, result, atMs: NOW });
  }
  return pilot;
};

describe(':exec', () => {
  test('asks with a plan, sends what was asked, and leaves out what does not run', () => {
    const pilot = command(new Pilot().live().press('*'), 'exec df -h /');
    expect(pilot.effects).toEqual([]);
    const { dialog } = pilot.state;
    expect(dialog).toMatchObject({ level: 'button', lead: 'df -h /' });
    expect(dialog?.remarks[0]).toMatch(/^Left out: .*not running/);
    pilot.wait(300).press('tab', 'enter');
    const { exec } = pilot.state;
    expect(pilot.effects).toEqual([
      {
        kind: 'run-exec',
        runId: exec?.id,
        command: 'df -h /',
        keys: exec?.targets.map(({ key }) => key),
      },
    ]);
  });

  test('one container is answered by y, twenty want the scope typed', () => {
    expect(command(on('web-3'), 'exec id').state.dialog).toMatchObject({ level: 'yes' });
    const many = command(new Pilot().live(bigSnapshot(25, 2)).press('*'), 'exec id');
    expect(many.state.dialog).toMatchObject({ level: 'phrase', phrase: 'all' });
  });

  test('says what is missing', () => {
    expect(toast(command(on('web-3'), 'exec'))).toMatch(/^:exec needs a command/);
    expect(toast(command(on('cron'), 'exec id'))).toMatch(/not running\.$/);
  });

  test('shows the answers below each other without their escape sequences, and tells the end', () => {
    const pilot = command(
      new Pilot().live().press('/').type('web-1').press('enter', '*'),
      'exec id',
    );
    pilot.wait(300).press('tab', 'enter');
    const lines = ['uid=0(root)', '\x1b]0;title\x07\x1b[31mred\x1b[0m'];
    answered(pilot, [{ lines }, { lines: ['no'], exitCode: 2, droppedBytes: 70_000 }]);
    expect(picture(pilot)).toContain('   uid=0(root)\n   red\n');
    expect(picture(pilot)).toMatch(
      / ! \S+\/web-1\d* {2}status 2, 1\.2s\n {3}no\n {3}── \S+ more let go/,
    );
    expect(toast(pilot)).toMatch(/^id: 2 containers, 1 with status 0, 1 failed\.$/);
    expect(command(pilot.press('esc'), 'exec').state.screens.at(-1)?.kind).toBe('exec');
  });

  test('news of an older run are dropped; ctrl-c cancels what is on the screen', () => {
    const pilot = command(on('web-3'), 'exec id').wait(300).press('y');
    const key = pilot.state.exec?.targets[0]?.key ?? '1/x';
    const before = pilot.state.exec;
    pilot.send({ kind: 'exec-told', runId: 999, key, result: WAITING, atMs: NOW });
    expect(pilot.state.exec).toBe(before);
    expect(pilot.press('Q').state.dialog?.title).toBe('Quit fleet-tui?');
    expect(pilot.wait(300).press('esc', 'ctrl-c').effects).toEqual([{ kind: 'cancel-exec' }]);
  });

  test('the view is scrolled to its end and no further', () => {
    const pilot = command(on('web-3'), 'exec id').wait(300).press('y');
    answered(pilot, [{ lines: Array.from({ length: 500 }, (_, index) => `line ${index}`) }]);
    expect(picture(pilot.press('G', 'j'))).toContain('line 499');
    expect(picture(pilot.press('g'))).toContain('line 0');
  });
});
