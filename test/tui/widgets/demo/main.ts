/**
 * A small program on the real terminal widgets, to be run in a pty: a list with a cursor and a line that says what
 * arrived. With REPORT it keeps a file up to date that tells whether its timers run.
 */
import { renameSync, writeFileSync } from 'node:fs';
import type { Frame, Line, Size } from '../../../../src/tui/screens/view.ts';
import {
  type KeyPress,
  openTerminal,
  type Terminal,
} from '../../../../src/tui/widgets/terminal.ts';

const TICK_MS = 10;
const ORPHANED_MS = 2_000;
const ROWS = ['alpha', 'beta 日本', 'gamma 🚀', 'delta', 'epsilon'];
const NAMES = [
  'plain',
  'dim',
  'bold',
  'accent',
  'problem',
  'warning',
  'pending',
  'nodata',
] as const;

let selected = 0;
let said = 'nothing yet';
let ticks = 0;
let isFlooding = false;
let lost = '';
let told = '';
let hasMouse = false;

const terminal: Terminal = openTerminal({
  render: view,
  onKey,
  onPointer: ({ act, top, left }) => say(`pointer ${act} ${top},${left}`),
  onPaste: (text) => say(`paste ${JSON.stringify(text)}`),
  onResize: ({ width, height }) => {
    told = ` told ${width}x${height}`;
  },
  onLost: (reason) => {
    lost = reason;
    report();
  },
  ...(process.argv.includes('--ascii') ? { ascii: true } : {}),
});

const parent = process.ppid;
/** A shell that had to be killed takes nobody with it. */
let orphanedTicks = 0;

setInterval(() => {
  ticks++;
  report();
  if (process.ppid !== parent && ++orphanedTicks * TICK_MS > ORPHANED_MS) process.exit(1);
  if (isFlooding) terminal.requestPaint('data');
}, TICK_MS);

function report(): void {
  const file = process.env.REPORT;
  if (!file) return;
  const { painted, skipped } = terminal.stats();
  writeFileSync(`${file}.new`, JSON.stringify({ ticks, painted, skipped, lost }));
  renameSync(`${file}.new`, file);
}

function say(text: string): void {
  said = text;
  terminal.requestPaint('key');
}

const ACTIONS: Readonly<Record<string, () => void>> = {
  q: quit,
  'ctrl-z': () => terminal.suspend(),
  c: () => say(`copied: ${terminal.copy('copied text')}`),
  x: () => {
    throw new Error('injected exception');
  },
  r: () => {
    void Promise.reject(new Error('injected rejection'));
  },
  e: () => {
    void handOver();
  },
  m: () => {
    hasMouse = !hasMouse;
    say(`mouse ${hasMouse}`);
  },
  f: () => {
    isFlooding = !isFlooding;
    terminal.requestPaint('data');
  },
};

function onKey({ name, text }: KeyPress): void {
  const action = ACTIONS[name];
  if (action) {
    action();
    return;
  }
  if (name === 'j') selected++;
  if (name === 'k') selected--;
  say(text === undefined || text === name ? `key ${name}` : `key ${name} ${JSON.stringify(text)}`);
}

async function handOver(): Promise<void> {
  const args = ['--norc', '--noprofile', '-i'];
  const status = await terminal.handOver({ file: process.env.CHILD ?? 'bash', args });
  say(`child ended with ${status}`);
}

function quit(): void {
  terminal.close();
  process.exit(0);
}

/** Different in every cell from tick to tick while flooding, to fill a terminal that does not read. */
function noise(width: number, row: number): Line {
  const letter = (at: number) => String.fromCharCode(33 + ((at * 7 + row * 13 + ticks * 31) % 90));
  return { spans: [{ text: Array.from({ length: width }, (_, at) => letter(at)).join('') }] };
}

function view(size: Size): Frame {
  const { width, height } = size;
  const list = ROWS.map((text, index): Line => {
    const fill = index === selected ? 'selected' : 'plain';
    return { spans: [{ text, style: NAMES[index] ?? 'plain' }], fill };
  });
  const inner = Math.max(0, height - 3);
  const lines = isFlooding
    ? Array.from({ length: inner }, (_, row) => noise(width, row))
    : [...list, { spans: NAMES.map((style) => ({ text: `${style} `, style })) }];
  const status = `pid ${process.pid} ${width}x${height}${told} selected ${selected} said ${said}`;
  return {
    look: { skin: { name: 'calm', colors: {} }, hasMouse },
    blocks: [
      {
        id: 'list',
        area: { top: 0, left: 0, width, height: height - 1 },
        lines,
        border: { title: 'Demo', style: 'dim' },
      },
      {
        id: 'status',
        area: { top: height - 1, left: 0, width, height: 1 },
        lines: [{ spans: [{ text: status }], fill: 'bar' }],
      },
    ],
  };
}

say('READY');
