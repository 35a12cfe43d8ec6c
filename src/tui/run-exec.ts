/**
 * Runs one command in many containers, four at a time in each environment, and keeps the beginning of what each prints.
 * News of a container comes at most four times a second.
 */
import type { Fleet } from '../client/fleet.ts';
import type { ContainerKey } from '../protocol/container-key.ts';
import { asFault } from '../protocol/fault.ts';
import { type Collected, collectOutput, isMissingProgram } from './exec-output.ts';
import type { AppEvent, Effect } from './model/event.ts';
import { type ExecResult, WAITING } from './model/exec.ts';
import { containerIdOf, environmentIdOf } from './model/live-fleet.ts';

const WIDTH = 4;
const KEPT_BYTES = 64 << 10;

export interface ExecParts {
  readonly fleet: Fleet;
  readonly send: (event: AppEvent) => void;
  readonly now: () => number;
}

/** Runs it everywhere and says `exec-told` of every container until the signal fires; then they are cancelled. Never rejects. */
export async function runExec(
  parts: ExecParts,
  effect: Extract<Effect, { kind: 'run-exec' }>,
  signal: AbortSignal,
): Promise<void> {
  const lanes = new Map<number, ContainerKey[]>();
  for (const key of effect.keys) {
    const id = environmentIdOf(key);
    lanes.set(id, [...(lanes.get(id) ?? []), key]);
  }
  const workers = [...lanes.values()].flatMap((waiting) =>
    Array.from({ length: Math.min(WIDTH, waiting.length) }, async () => {
      for (let key = waiting.shift(); key; key = waiting.shift()) {
        await runOne(parts, { effect, key }, signal);
      }
    }),
  );
  await Promise.all(workers);
}

async function runOne(
  { fleet, send, now }: ExecParts,
  {
    effect,
    key,
  }: { readonly effect: Extract<Effect, { kind: 'run-exec' }>; readonly key: ContainerKey },
  signal: AbortSignal,
): Promise<void> {
  const { runId, command } = effect;
  let result: ExecResult = { ...WAITING, state: 'running', startedAtMs: now() };
  const tell = (change: Partial<ExecResult>): void => {
    result = { ...result, ...change };
    send({ kind: 'exec-told', runId, key, result, atMs: now() });
  };
  if (signal.aborted) {
    tell({ state: 'cancelled', endedAtMs: now() });
    return;
  }
  tell({});
  try {
    const engine = fleet.engine(environmentIdOf(key));
    const start = (cmd: readonly string[]): Promise<Answer> =>
      answerOf(engine.exec(containerIdOf(key), { cmd, tty: false }, signal), (text, droppedBytes) =>
        tell({ lines: linesOf(text), droppedBytes }),
      );
    let answer = await start(['sh', '-c', command]);
    if (lacksShell(answer) && PLAIN_WORDS.test(command)) {
      answer = await start(command.split(/\s+/u));
    }
    const { text, droppedBytes, exitCode } = answer;
    const state = signal.aborted ? 'cancelled' : 'ended';
    tell({ lines: linesOf(text), droppedBytes, state, exitCode, endedAtMs: now() });
  } catch (thrown) {
    const why = asFault(thrown, 'internal', 'Running the command failed.').message;
    tell({ state: signal.aborted ? 'cancelled' : 'failed', why, endedAtMs: now() });
  }
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/);
}

/** A command that needs no shell. */
const PLAIN_WORDS = /^[\w\s./:,@+=-]+$/u;

interface Answer extends Collected {
  readonly exitCode: number | null;
}

async function answerOf(
  opening: ReturnType<ReturnType<Fleet['engine']>['exec']>,
  onMore: (text: string, droppedBytes: number) => void,
): Promise<Answer> {
  const run = await opening;
  const output = await collectOutput(run.stream, { limitBytes: KEPT_BYTES, onMore });
  return { ...output, exitCode: await run.exit() };
}

function lacksShell({ exitCode, text }: Answer): boolean {
  return (exitCode === 126 || exitCode === 127) && /"sh"/.test(text) && isMissingProgram(text);
}
