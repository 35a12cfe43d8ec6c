/** bench/results/DATE.json: the figures of one day, each bench with the machine, load and commit that it ran on. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import type { Figure } from './figure.ts';

const FOLDER = 'bench/results';

export interface BenchResult {
  readonly at: string;
  readonly machine: string;
  readonly node: string;
  readonly commit: string;
  /** Over the last minute, before anything began. */
  readonly load: number;
  readonly figures: readonly Figure[];
}

export type Results = Readonly<Record<string, BenchResult>>;

/** Everything but the figures, as of now. */
export function surroundings(): Omit<BenchResult, 'figures'> {
  const [load = 0] = loadavg();
  const cpu = cpus()[0]?.model.trim() ?? 'unknown processor';
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  return {
    at: new Date().toISOString(),
    machine: `${availableParallelism()} × ${cpu}, ${memory}, Linux ${release()}`,
    node: process.version,
    commit: git('describe', '--always', '--dirty') ?? 'unknown',
    load,
  };
}

/** Puts them into today's file in place of those that it holds of the same benches; its path. */
export function keepResults(fresh: Results): string {
  const file = `${FOLDER}/${new Date().toISOString().slice(0, 10)}.json`;
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Results) : {};
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(file, `${JSON.stringify({ ...known, ...fresh }, null, 1)}\n`);
  return file;
}

/** Of each bench the newest result that is committed. */
export function committedResults(): Results {
  const files = git('ls-tree', '--name-only', 'HEAD', `${FOLDER}/`)?.split('\n') ?? [];
  const all = files
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => JSON.parse(git('show', `HEAD:${file}`) ?? '{}') as Results);
  return Object.assign({}, ...all);
}

function git(...args: readonly string[]): string | undefined {
  try {
    return execFileSync('git', [...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 1 << 26,
    }).trim();
  } catch {
    return undefined;
  }
}
