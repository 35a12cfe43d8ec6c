import { describe, expect, test } from 'vitest';
import { conditionOf, projectOf, stateWords } from '../../../src/tui/model/condition.ts';
import { readInspection } from '../../../src/tui/model/inspection.ts';
import {
  addMessage,
  ageMessages,
  NO_MESSAGES,
  replaceMessage,
  seeMessages,
  shownMessage,
  type Tone,
} from '../../../src/tui/model/message.ts';
import { isOver } from '../../../src/tui/model/pending.ts';
import { editPrompt, openPrompt, typeInto } from '../../../src/tui/model/prompt.ts';
import { container, NOW } from '../../support/sample-fleet.ts';

test('a condition is a problem exactly when somebody should look', () => {
  const condition = (rest: Parameters<typeof container>[2]) => conditionOf(container(1, 'a', rest));
  expect(condition({ health: 'unhealthy' })).toBe('problem');
  expect(condition({ state: 'restarting' })).toBe('problem');
  expect(condition({ state: 'dead' })).toBe('problem');
  expect(condition({ state: 'exited', exitCode: 137 })).toBe('problem');
  expect(condition({ state: 'exited', exitCode: 0 })).toBe('off');
  expect(condition({ state: 'created' })).toBe('off');
  expect(condition({ state: 'paused' })).toBe('changing');
  expect(condition({ health: 'starting' })).toBe('changing');
  expect(condition({})).toBe('ok');
  expect(stateWords(container(1, 'a', { health: 'healthy' }))).toBe('running healthy');
  expect(projectOf(container(1, 'a', { labels: { 'com.docker.stack.namespace': 's' } }))).toBe('s');
});

describe('the message line', () => {
  const say = (tone: Tone, atMs: number, id: number, messages = NO_MESSAGES) =>
    addMessage(messages, { tone, text: `${id}`, atMs }, id);

  test('shows one after the other; the last one leaves after six seconds', () => {
    const both = say('info', NOW, 2, say('info', NOW, 1));
    expect(shownMessage(both)?.id).toBe(1);
    const second = ageMessages(both, NOW + 1_500);
    expect(shownMessage(second)?.id).toBe(2);
    expect(shownMessage(ageMessages(second, NOW + 7_000))?.id).toBe(2);
    expect(shownMessage(ageMessages(second, NOW + 7_500))).toBeUndefined();
  });

  test('keeps an error until a key is pressed after it could be read', () => {
    const failed = say('error', NOW, 1);
    expect(shownMessage(ageMessages(failed, NOW + 3_600_000))?.id).toBe(1);
    expect(shownMessage(seeMessages(failed, NOW + 100))?.id).toBe(1);
    expect(shownMessage(seeMessages(failed, NOW + 3_000))).toBeUndefined();
  });

  test('shows a message again that was said anew, and keeps all of them in order', () => {
    const busy = ageMessages(say('info', NOW, 2, say('info', NOW, 1)), NOW + 1_500);
    const told = replaceMessage(busy, 1, { tone: 'done', text: 'done', atMs: NOW + 2_000 });
    expect(told.all.map(({ text }) => text)).toEqual(['done', '2']);
    expect(told.queue).toEqual([2, 1]);
  });
});

describe('a prompt', () => {
  test('is edited by the usual keys', () => {
    const typed = typeInto(openPrompt('filter', 'web eu'), '-1');
    expect(typed).toMatchObject({ text: 'web eu-1', at: 8 });
    const keys = (...names: string[]) =>
      names.reduce((prompt, name) => editPrompt(prompt, name) ?? prompt, typed);
    expect(keys('ctrl-w').text).toBe('web ');
    expect(keys('home', 'delete').text).toBe('eb eu-1');
    expect(keys('left', 'left', 'ctrl-k').text).toBe('web eu');
    expect(keys('left', 'ctrl-u')).toMatchObject({ text: '1', at: 0 });
    expect(editPrompt(typed, 'f3')).toBeUndefined();
  });

  test('never cuts a character in two, and takes a pasted line break as a space', () => {
    const prompt = typeInto(openPrompt('filter', ''), 'a🐳\nb');
    expect(prompt.text).toBe('a🐳 b');
    const back = ['left', 'left', 'backspace'].reduce((p, key) => editPrompt(p, key) ?? p, prompt);
    expect(back.text).toBe('a b');
  });
});

describe('a pending operation is over', () => {
  const before = container(1, 'a');
  const pending = (action: 'restart' | 'stop' | 'remove', answeredAtMs: number | undefined) => ({
    operationId: 'op-1',
    action,
    before,
    hasBegun: true,
    answeredAtMs,
  });
  const again = container(1, 'a', { startedAtMs: NOW });

  test('when the host answered and the feed shows it, in whatever order', () => {
    expect(isOver(pending('restart', undefined), again, NOW)).toBe(false);
    expect(isOver(pending('restart', NOW), before, NOW)).toBe(false);
    expect(isOver(pending('restart', NOW), again, NOW)).toBe(true);
    expect(isOver(pending('stop', NOW), container(1, 'a', { state: 'exited' }), NOW)).toBe(true);
    expect(isOver(pending('remove', NOW), before, NOW)).toBe(false);
    expect(isOver(pending('remove', NOW), undefined, NOW)).toBe(true);
  });

  test('at the latest some seconds after the answer, whatever the feed shows', () => {
    expect(isOver(pending('restart', NOW), before, NOW + 5_000)).toBe(true);
  });
});

test('an inspect answer is read with care, and values of variables stay behind', () => {
  const bare = readInspection({});
  expect(bare).toMatchObject({ restartCount: 0, mounts: [], probes: [], cpus: 0 });
  expect(readInspection(undefined)).toEqual(bare);
  const full = readInspection({
    Config: { Env: ['DB_PASSWORD=se=cret', 'PATH=/bin', 'EMPTY'] },
    HostConfig: {
      CpuQuota: 150_000,
      CpuPeriod: 100_000,
      RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 3 },
    },
    State: { Health: { Log: [{ Start: 'never', ExitCode: 7, Output: 'curl: (7)' }] } },
    Mounts: [{ Type: 'bind', Source: '/srv', Destination: '/data', RW: false }],
  });
  expect(full.variables).toEqual(['DB_PASSWORD', 'PATH', 'EMPTY']);
  expect(JSON.stringify(full)).not.toContain('cret');
  expect(full).toMatchObject({ cpus: 1.5, restartPolicy: 'on-failure (3 times)' });
  expect(full.mounts).toEqual([
    { kind: 'bind', source: '/srv', target: '/data', isWritable: false },
  ]);
  expect(full.probes).toEqual([{ atMs: undefined, exitCode: 7, output: 'curl: (7)' }]);
});
