/** Marks on two hosts, a rolling restart that really fails at one of them, tried again; a stop taken back; a view that outlives the console. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Closing } from '../support/closing.ts';
import type { TestEngine } from '../support/engine.ts';
import { pressUntil } from '../support/press-until.ts';
import { serveTwoHosts, type TwoHosts } from '../support/served-fleet.ts';
import type { TestTerminal } from '../support/terminal.ts';

const closing = new Closing();
let hosts: TwoHosts;

beforeAll(async () => {
  hosts = await serveTwoHosts(closing);
}, 120_000);
afterAll(() => closing.close());

const open = () => hosts.console({ cols: 120, rows: 40 });

const run = (engine: TestEngine, name: string, ...more: string[]) =>
  engine.docker('run', '-d', '--init', '--name', name, ...more, 'busybox', 'sleep', '10000');

async function filter(console: TestTerminal, text: string, count: string) {
  console.press('/', 'ctrl-u');
  console.type(text);
  console.press('enter');
  await console.sees(count);
}

test('one at a time until one fails, then the rest', async () => {
  await run(hosts.near, 'roll-a');
  await run(hosts.far, 'roll-b', '-p', '18099:80');
  await run(hosts.far, 'roll-c');
  await hosts.far.docker('stop', '-t', '1', 'roll-b');
  await run(hosts.far, 'blocker', '-p', '18099:80');
  await using console = await open();
  await console.sees('blocker');
  await filter(console, 'roll-', '3 of 4');
  console.press('*');
  await filter(console, 'blocker', '1 of 4');
  await filter(console, 'roll-', '3 of 4');
  console.press('ctrl-r');
  await console.sees('Restart 3 containers on 2 environments?');
  await pressUntil(console, 'up', '>begin');
  console.press('right', 'up', 'right', 'up', 'left');
  await console.sees(/>at a time +\[1\]/);
  await console.sees(/on failure +go on +\[stop\]/);
  console.press('tab', 'enter');
  await console.sees('1 of 3 restarted, 1 failed, 1 not tried', { timeoutMs: 60_000 });
  console.press('9');
  await console.sees(/roll-b +failed: /);
  await console.sees(/roll-c +not tried: far-host\/roll-b failed/);
  await hosts.far.docker('rm', '-f', 'blocker');
  console.press('ctrl-r');
  await console.sees('Restart 2 containers on one environment?');
  await pressUntil(console, 'tab', '[ Restart 2 ]');
  console.press('enter');
  await console.sees('call back: u');
  await console.sees(/roll-b +restarted in/, { timeoutMs: 30_000 });
  await console.sees(/roll-c +restarted in/, { timeoutMs: 30_000 });
}, 180_000);

test('a stop is taken back, and a view outlives the console', async () => {
  await using console = await open();
  await console.sees('roll-a');
  await filter(console, 'roll-a', '1 of ');
  console.press('ctrl-t');
  await console.sees('/roll-a?');
  await pressUntil(console, 'y', /stopping|stopped in/);
  await console.sees('undo: u', { timeoutMs: 60_000 });
  console.press('u');
  await console.sees(/roll-a started in/, { timeoutMs: 30_000 });
  expect(await hosts.near.docker('inspect', '-f', '{{.State.Running}}', 'roll-a')).toBe('true');
  console.press('&');
  console.type('the first');
  console.press('enter');
  await console.sees('View the first is saved');
  await using other = await open();
  await other.sees('roll-c');
  other.press("'");
  await other.sees('Saved views');
  other.press('enter');
  await other.sees('/roll-a');
  await other.sees('1 of ');
}, 120_000);
