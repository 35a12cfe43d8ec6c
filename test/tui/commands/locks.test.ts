/** Read-only and locked environments hold for commands without the screen too, and for the proxy: against a real engine. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { UnlockNote } from '../../../src/client/server-unlock.ts';
import { readCommandLine } from '../../../src/tui/command-line.ts';
import { runChange } from '../../../src/tui/commands/change.ts';
import { onlyLooks } from '../../../src/tui/commands/proxy-judge.ts';
import type { ChangeRequest } from '../../../src/tui/commands/request.ts';
import { Closing } from '../../support/closing.ts';
import { startEngine, type TestEngine } from '../../support/engine.ts';
import { FakeFleet } from '../../support/fake-fleet.ts';
import { type TuiHome, tuiHome } from '../../support/fleet-tui.ts';
import { container, environment } from '../../support/sample-fleet.ts';

const closing = new Closing();
let engine: TestEngine;
let home: TuiHome;

beforeAll(async () => {
  engine = closing.use(await startEngine({ version: 'old', name: 'locks' }));
  home = closing.use(await tuiHome(`unix://${engine.socketPath}`));
  await engine.docker(
    'run',
    '-d',
    '--stop-timeout',
    '0',
    '--name',
    'web',
    'busybox',
    'sleep',
    '10000',
  );
  await home.run('config', 'set', 'locked', '["name:*"]');
}, 60_000);
afterAll(() => closing.close());

const startedAt = () => engine.docker('inspect', '-f', '{{.State.StartedAt}}', 'web');

test('a locked environment is not changed, and the sentence names scope, file and way', async () => {
  const before = await startedAt();
  const { code, stdout, stderr } = await home.run('restart', '--yes', 'web');
  expect({ code, stderr }).toEqual({
    code: 77,
    stderr: `fleet-tui: Nothing was sent: ${engine.name} is locked by name:* (locked in ${home.config}/config.json); --unlock "why" opens it for this command.\n`,
  });
  expect(stdout).toContain('Restart 1 container:');
  expect(await startedAt()).toBe(before);
  const tried = await home.run('restart', '--dry-run', 'web');
  expect(tried).toMatchObject({ code: 0, stderr: expect.stringContaining('is locked by name:*') });
});

test('--unlock with a reason opens it for that one command', async () => {
  const before = await startedAt();
  expect(await home.run('restart', '--yes', '--unlock', 'INC-42', 'web')).toMatchObject({
    code: 0,
  });
  expect(await startedAt()).not.toBe(before);
  expect((await home.run('restart', '--yes', 'web')).code).toBe(77);
  expect((await home.run('restart', '--yes', '--unlock', ' ', 'web')).code).toBe(64);
});

test('a proxy onto it passes what looks, and tells the docker command line why not', async () => {
  const through = (...words: string[]) => home.run('proxy', engine.name, ...words);
  const seen = await through('--', 'docker', 'ps', '--format', '{{.Names}}');
  expect(seen).toEqual({ code: 0, stdout: 'web\n', stderr: '' });
  for (const command of ['restart web', 'exec web true', 'rm -f web', 'build -q /nowhere']) {
    const { code, stderr } = await through('--', 'docker', ...command.split(' '));
    expect(code).not.toBe(0);
    if (!command.startsWith('build')) expect(stderr).toContain('Only looking is open: ');
  }
  expect(await engine.docker('inspect', '-f', '{{.State.Running}}', 'web')).toContain('true');
  const opened = await through('--unlock', 'INC-42', '--', 'docker', 'exec', 'web', 'echo', 'in');
  expect(opened).toEqual({ code: 0, stdout: 'in\n', stderr: '' });
});

test('read-only closes everything, and nothing on the command line opens it', async () => {
  await home.run('config', 'set', 'readOnly', 'true');
  const { code, stderr } = await home.run('stop', '--yes', '--unlock', 'INC-42', 'web');
  expect(code).toBe(77);
  expect(stderr).toContain(`readOnly is set in ${home.config}/config.json; set it to false there.`);
  const words = ['--unlock', 'INC-42', '--', 'docker', 'kill', 'web'];
  const passed = await home.run('proxy', engine.name, ...words);
  expect(passed.stderr).toContain('Only looking is open: readOnly is set in');
  await home.run('config', 'set', 'readOnly', 'false');
});

test.each([
  ['GET', '/v1.45/containers/json?all=1', true],
  ['HEAD', '/_ping', true],
  ['GET', '/containers/x/logs?follow=1', true],
  ['GET', '/swarm', true],
  ['POST', '/containers/x/wait', true],
  ['POST', '/containers/x/stop', false],
  ['POST', '/exec/x/start', false],
  ['GET', '/containers/x/attach/ws', false],
  ['POST', '/session', false],
  ['GET', '/containers/../exec/x/start', false],
  ['POST', '/containers/json/%2e%2e/x/kill', false],
  ['GET', '/nobody/knows', false],
  ['GET', '/%zz', false],
])('%s %s passes a proxy that only looks: %s', (method, url, passes) => {
  const refused = onlyLooks('Locked.')({ method, url } as Parameters<
    ReturnType<typeof onlyLooks>
  >[0]);
  expect(refused === undefined).toBe(passes);
});

test('the server notes which locked environments a command opened, and why', async () => {
  const notes: UnlockNote[] = [];
  const noteUnlock = async (note: UnlockNote) => void notes.push(note);
  const fleet = Object.assign(new FakeFleet(), { noteUnlock });
  const words = ['stop', '--yes', '--unlock', 'INC-42', 'web'];
  const silent = () => undefined;
  const invocation = readCommandLine(words, { out: silent, err: silent });
  if (invocation.kind !== 'command') throw new Error('not a command');
  const locks = { isReadOnly: false, locked: ['tag:prod'], path: '/c' };
  const streams = { write: async () => undefined, say: silent, ask: undefined, isTerminal: false };
  const running = runChange({ fleet, locks, ...streams }, invocation.request as ChangeRequest);
  const environments = [environment(1, 'eu-1', { tags: ['prod'] }), environment(2, 'eu-2')];
  const containers = [container(1, 'web'), container(2, 'web')];
  fleet.feed({ kind: 'snapshot', sequence: 1, atMs: Date.now(), environments, containers });
  expect(await running).toBe(0);
  expect(notes).toEqual([{ environmentIds: [1], forMs: 900_000, reason: 'INC-42' }]);
});
