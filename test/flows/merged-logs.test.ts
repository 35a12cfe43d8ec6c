/** Two engines, an old one and a new one, whose containers write in turns: one view shows all lines in order of time. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Closing } from '../support/closing.ts';
import type { TestEngine } from '../support/engine.ts';
import { serveTwoHosts, type TwoHosts } from '../support/served-fleet.ts';
import type { TestTerminal } from '../support/terminal.ts';

const closing = new Closing();
let hosts: TwoHosts;

beforeAll(async () => {
  hosts = await serveTwoHosts(closing);
}, 120_000);
afterAll(() => closing.close());

const openConsole = (rows: number) => hosts.console({ cols: 120, rows });

/** A container that writes so many numbered lines, one each so many seconds, and then stays. */
async function writer(engine: TestEngine, name: string, lines: number, pause: string) {
  const loop = `i=0; while [ $i -lt ${lines} ]; do i=$((i+1)); echo "${name} says $i"; sleep ${pause}; done`;
  const script = `${loop}; sleep 10000`;
  await engine.docker('run', '-d', '--init', '--name', name, 'busybox', 'sh', '-c', script);
}

interface Shown {
  readonly time: string;
  readonly name: string;
  readonly number: number;
}

const LINE = /▏ (\d{4}-\S+ \S+) out (\S+) says (\d+)/;

function shownLines(console: TestTerminal): readonly Shown[] {
  return console
    .screen()
    .split('\n')
    .flatMap((line) => {
      const [, time = '', name = '', number = ''] = LINE.exec(line) ?? [];
      return name === '' ? [] : [{ time, name, number: Number(number) }];
    });
}

/** By millisecond, the finest that the view knows; what was written in the same one may stand either way. */
function inOrder(lines: readonly Shown[]): readonly Shown[] {
  const keyOf = ({ time, name, number }: Shown) => `${time} ${name} ${String(number).padStart(4)}`;
  return lines.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** What the view must show: all lines of both by the engines' own stamps, cut to milliseconds. */
async function merged(): Promise<readonly Shown[]> {
  const logs = await Promise.all([
    hosts.near.docker('logs', '-t', 'teller-a'),
    hosts.far.docker('logs', '-t', 'teller-b'),
  ]);
  const lines = logs.flatMap((log) => log.split('\n'));
  return lines.map((line) => {
    const [stamp = '', name = '', , number = ''] = line.split(' ');
    const time = new Date(stamp).toISOString().replace('T', ' ').replace('Z', '');
    return { time, name, number: Number(number) };
  });
}

test('lines of two hosts stand in the order in which they were written, live and from before', async () => {
  const count = 40;
  await Promise.all([
    writer(hosts.near, 'teller-a', count, '0.11'),
    writer(hosts.far, 'teller-b', count, '0.07'),
  ]);
  await using console = await openConsole(100);
  await console.sees('teller-a');
  await console.sees('teller-b');
  console.type('/teller');
  console.press('enter');
  await console.sees('2 of 2');
  console.press('L', 't', 't');
  await console.sees('2 logs');
  await console.until(() => shownLines(console).length === 2 * count, 'all lines of both');
  const shown = shownLines(console);
  const times = shown.map(({ time }) => time);
  expect(times).toEqual(times.toSorted());
  expect(inOrder(shown)).toEqual(inOrder(await merged()));
  expect(console.screen()).not.toContain('late');
  console.press('a');
  await console.sees(/teller-a +following +40 lines +clock agrees/);
  await console.sees(/teller-b +following +40 lines +clock agrees/);
  // The same from the engines' stores, all at once.
  console.press('a', '6');
  await console.sees('last 1h');
  await console.until(() => shownLines(console).length === 2 * count, 'all lines of both again');
  expect(inOrder(shownLines(console))).toEqual(inOrder(shown));
}, 60_000);

test('a host that goes away says so in the view, and the other goes on', async () => {
  await Promise.all([
    writer(hosts.near, 'steady', 5_000, '0.2'),
    writer(hosts.far, 'doomed', 5_000, '0.2'),
  ]);
  await using console = await openConsole(30);
  await console.sees('steady');
  await console.sees('doomed');
  console.type('/steady');
  console.press('enter', 'space');
  await console.sees('1 of 4');
  console.press('/', 'ctrl-u');
  console.type('doomed');
  console.press('enter', 'space', 'l', 't', 't');
  await console.sees(/steady says \d/);
  await console.sees(/doomed says \d/);
  await hosts.far.kill();
  await console.sees('1 failed', { timeoutMs: 20_000 });
  await console.sees(/── far-host\/doomed: .+ ──/);
  const last = () => shownLines(console).findLast(({ name }) => name === 'steady')?.number ?? 0;
  const before = last();
  await console.until(() => last() > before + 5, 'the other host to go on');
  await hosts.far.start();
  await console.seesNo('1 failed', { timeoutMs: 30_000 });
}, 120_000);
