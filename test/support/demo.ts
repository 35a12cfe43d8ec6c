/** The demo program of the terminal widgets in a pty, alone or started by a shell as a person would. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleProgram } from './bundle.ts';
import { openTestTerminal, type TestTerminal, type TestTerminalOptions } from './terminal.ts';

let bundled: Promise<string> | undefined;

/** The file to give to node, bundled once for all tests of a file. */
export function demoFile(): Promise<string> {
  bundled ??= bundleProgram('test/tui/widgets/demo/main.ts');
  return bundled;
}

type Options = Partial<TestTerminalOptions>;

/** What the demo says about itself. */
export interface DemoReport {
  readonly ticks: number;
  readonly painted: number;
  readonly skipped: number;
  readonly lost: string;
}

export interface Demo extends AsyncDisposable {
  readonly terminal: TestTerminal;
  /** A folder that goes away with the demo. */
  readonly folder: string;
  /** What the demo reported last, undefined before its first word. */
  report(): Promise<DemoReport | undefined>;
}

/** The demo alone; resolves when its first frame is on the screen. */
export async function openDemo(options: Options = {}): Promise<Demo> {
  const file = await demoFile();
  const demo = await open({ command: process.execPath, args: [file], ...options });
  await demo.terminal.sees('READY');
  return demo;
}

/** A shell that knows the demo as `$NODE $DEMO`; resolves when its prompt stands there. */
export async function openShell(options: Options = {}): Promise<Demo> {
  const file = await demoFile();
  const shell = await open({
    command: 'bash',
    args: ['--norc', '--noprofile', '-i'],
    cols: 100,
    rows: 20,
    ...options,
    env: { NODE: process.execPath, DEMO: file, PS1: 'SHELL> ', ...options.env },
  });
  await shell.terminal.sees('SHELL>');
  return shell;
}

async function open(options: TestTerminalOptions): Promise<Demo> {
  const folder = await mkdtemp(join(tmpdir(), 'fleet-demo-'));
  const reportFile = join(folder, 'report.json');
  const terminal = await openTestTerminal({
    ...options,
    env: {
      REPORT: reportFile,
      FOLDER: folder,
      SSH_TTY: undefined,
      SSH_CONNECTION: undefined,
      ...options.env,
    },
  });
  return {
    terminal,
    folder,
    report: () => readReport(reportFile),
    async [Symbol.asyncDispose]() {
      await terminal[Symbol.asyncDispose]();
      // A program that is ending may still write its report.
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    },
  };
}

/** Before its first word there is no file. */
async function readReport(file: string): Promise<DemoReport | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}
