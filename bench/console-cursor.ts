/**
 * Moving the cursor with 3,000 containers in the model: from the key to the frame, first each layer in this process,
 * then the whole console in a pty, next to a program that only writes as many bytes.
 */
import pty from '@lydell/node-pty';
import { initialState } from '../src/tui/model/state.ts';
import { viewOf } from '../src/tui/screens/frame.ts';
import type { Frame, Size } from '../src/tui/screens/view.ts';
import { update } from '../src/tui/update/update.ts';
import { FramePainter } from '../src/tui/widgets/frame.ts';
import { unicodeGlyph } from '../src/tui/widgets/glyphs.ts';
import { paletteOf } from '../src/tui/widgets/palette.ts';
import { type Figure, figureOf, isQuick, report } from './report/figure.ts';
import { benchSnapshot } from './support/bench-fleet.ts';

const ALL_SIZES: readonly Size[] = [
  { width: 80, height: 24 },
  { width: 120, height: 40 },
  { width: 200, height: 60 },
];
const SIZES = isQuick ? ALL_SIZES.slice(0, 1) : ALL_SIZES;
const ROWS = 3000;
const WARM_UP = 200;
/** Of one run. */
const KEYS = isQuick ? 20 : 200;
const KEYS_IN_PTY = isQuick ? 20 : 60;
const RUNS = 5;
const PAUSE_MS = 12;

const nameOf = ({ width, height }: Size) => `${width}x${height}`;

function painterOf(size: Size): FramePainter {
  return new FramePainter(size, { palette: paletteOf(256), glyph: unicodeGlyph });
}

/** Down for a while, then up again, so that the list scrolls and stands by turns. */
const keyAt = (index: number) => (index % 400 < 200 ? 'j' : 'k');

/** Runs the action for each key and reports the times of those after the warm-up. */
function timeKeys(what: string, act: (key: string) => string): void {
  const times: number[] = [];
  for (let index = 0; index < WARM_UP + RUNS * KEYS; index++) {
    const startedAt = performance.now();
    act(keyAt(index));
    if (index >= WARM_UP) times.push(performance.now() - startedAt);
  }
  report(figureOf(what, 'ms', inRuns(times)));
}

/** As many runs, each of as many keys. */
function inRuns(times: readonly number[]): number[][] {
  const each = times.length / RUNS;
  return Array.from({ length: RUNS }, (_, run) => times.slice(run * each, (run + 1) * each));
}

function rowsFrame({ width, height }: Size, selected: number): Frame {
  const first = Math.max(0, Math.min(selected - (height >> 1), ROWS - height));
  const lines = Array.from({ length: height }, (_, index) => {
    const row = first + index;
    const name = `container-${row}`.padEnd(30);
    const spans = [
      { text: name },
      { text: 'running   ', style: 'dim' },
      { text: `registry.example.com/app:${row}`, style: row % 9 ? 'plain' : 'problem' },
    ] as const;
    return row === selected ? { spans, fill: 'selected' as const } : { spans };
  });
  return { blocks: [{ id: 'rows', area: { top: 0, left: 0, width, height }, lines }] };
}

function benchWidgets(size: Size): void {
  using painter = painterOf(size);
  let selected = 0;
  timeKeys(`widgets alone, ${nameOf(size)}`, (key) => {
    selected = Math.max(0, Math.min(ROWS - 1, selected + (key === 'j' ? 1 : -1)));
    return painter.bytesOf(rowsFrame(size, selected));
  });
}

function benchConsole(size: Size): void {
  using painter = painterOf(size);
  const atMs = Date.now();
  const message = benchSnapshot({ environments: 30, containersEach: ROWS / 30 }, atMs);
  let state = initialState('bench', size, atMs);
  state = update(state, { kind: 'connection', connection: { kind: 'live' }, atMs }).state;
  state = update(state, { kind: 'feed', message, atMs }).state;
  timeKeys(`update, view and widgets, ${nameOf(size)}`, (name) => {
    state = update(state, { kind: 'key', name, text: name, atMs: Date.now() }).state;
    return painter.bytesOf(viewOf(state));
  });
}

interface PtyRun {
  readonly times: readonly number[];
  /** Of one frame, on average. */
  readonly bytes: number;
}

/** Presses one key after the other in a pty and takes the time until the first bytes of the frame are there. */
async function timePty(
  program: string,
  size: Size,
  env: Readonly<Record<string, string>>,
  ready: string,
): Promise<PtyRun> {
  const file = new URL(`./programs/${program}.mjs`, import.meta.url).pathname;
  const { SSH_TTY: _, SSH_CONNECTION: __, ...ours } = process.env;
  const terminal = pty.spawn(process.execPath, [file], {
    name: 'xterm-256color',
    cols: size.width,
    rows: size.height,
    env: { ...ours, LANG: 'C.UTF-8', ...env },
  });
  let onData = (_data: string): void => {};
  terminal.onData((data) => onData(data));
  const seen = (text: string) =>
    new Promise<void>((resolve) => {
      let all = '';
      onData = (data) => {
        all += data;
        if (all.includes(text)) resolve();
      };
    });
  await seen(ready);
  await pause(300);
  const times: number[] = [];
  let bytes = 0;
  for (let index = 0; index < RUNS * KEYS_IN_PTY; index++) {
    await pause(PAUSE_MS);
    const startedAt = performance.now();
    const first = new Promise<void>((resolve) => {
      onData = (data) => {
        bytes += Buffer.byteLength(data);
        resolve();
      };
    });
    terminal.write(keyAt(index));
    await first;
    times.push(performance.now() - startedAt);
  }
  const ended = new Promise((resolve) => terminal.onExit(resolve));
  terminal.kill('SIGTERM');
  await ended;
  return { times, bytes: Math.round(bytes / times.length) };
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

async function benchPty(size: Size, changes: number): Promise<void> {
  const env = { CHANGES: String(changes) };
  const whole = await timePty('console', size, env, 'shop-');
  const bare = await timePty('bare-write', size, { BYTES: String(whole.bytes) }, 'READY');
  const what = `${nameOf(size)}, ${changes === 0 ? 'quiet fleet' : `${changes} changes/s`}`;
  const floor = report(pressed(`a bare write of as many bytes, ${what}`, bare));
  report(pressed(`key to paint in a pty, ${what}`, whole, floor));
}

const pressed = (what: string, { times }: PtyRun, beside?: Figure) =>
  figureOf(what, 'ms', inRuns(times), beside && { beside, limits: [{ of: 'p99', atMost: 50 }] });

for (const size of SIZES) benchWidgets(size);
for (const size of SIZES) benchConsole(size);
for (const size of SIZES) await benchPty(size, 0);
await benchPty({ width: 120, height: 40 }, 200);
