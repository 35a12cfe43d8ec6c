/**
 * Runs benches, given by name, one after the other: prints each figure as it comes, keeps all in bench/results, and fails
 * when one could not run. With --check it also fails when a limit is broken threefold, and again when the bench is measured
 * once more: another program may have had the processor the first time. --quick keeps nothing.
 */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { parseArgs } from 'node:util';
import type { Figure } from './figure.ts';
import { type GrossBreach, grossBreaches } from './limit.ts';
import { type BenchResult, committedResults, keepResults, surroundings } from './results.ts';
import { besideWords, tableHead, tableRow } from './table.ts';

const { values: wish, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
  },
});

interface Run {
  readonly figures: readonly Figure[];
  readonly isWhole: boolean;
}

async function runBench(name: string, before: BenchResult | undefined): Promise<Run> {
  const file = new URL(`../${name}.mjs`, import.meta.url).pathname;
  const child = spawn(process.execPath, [file], {
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
    env: { ...process.env, ...benchEnv(name) },
  });
  const figures: Figure[] = [];
  const ended = new Promise<number>((resolve) => {
    child.once('close', (status) => resolve(status ?? 1));
  });
  for await (const line of createInterface({ input: child.stdio[3] as Readable })) {
    const figure = JSON.parse(line) as Figure;
    figures.push(figure);
    console.log(
      tableRow(
        figure,
        before?.figures.find(({ what }) => what === figure.what),
      ),
    );
  }
  const isWhole = (await ended) === 0 && figures.length > 0;
  return { figures, isWhole };
}

function benchEnv(name: string): Record<string, string> {
  const quick = wish.quick ? { FLEET_BENCH_QUICK: '1' } : {};
  if (!wish.profile) return quick;
  const hook = new URL('../programs/profile.mjs', import.meta.url).href;
  const folder = resolve('bench/results/profiles', name);
  return { ...quick, FLEET_BENCH_PROFILES: folder, NODE_OPTIONS: `--import=${hook}` };
}

/** What is broken grossly in this run and, where something is, in another one too. */
async function lastingBreaches(
  name: string,
  { figures }: Run,
  before: BenchResult | undefined,
): Promise<readonly GrossBreach[]> {
  const first = grossBreaches(figures);
  for (const { words } of first) console.log(`  ${words}`);
  if (first.length === 0) return first;
  console.log(`  measured again, whether that lasts:`);
  const again = await runBench(name, before);
  const second = grossBreaches(again.figures);
  return again.isWhole ? second.filter(({ of }) => first.some((one) => one.of === of)) : first;
}

/** Figures of quick or profiled runs are no figures. */
function keep(name: string, result: BenchResult): void {
  if (wish.quick || wish.profile) return;
  const file = keepResults({ [name]: result });
  console.log(`  kept in ${file}; npm run generate puts it into docs/benchmark-figures.md`);
}

async function runAll(): Promise<boolean> {
  const before = committedResults();
  let isFine = true;
  for (const name of names) {
    const around = surroundings();
    console.log(`\n${name}  (load ${around.load.toFixed(2)}, commit ${around.commit})`);
    console.log(tableHead());
    const run = await runBench(name, before[name]);
    const ratios = run.figures.map(besideWords).filter((words) => words !== '');
    if (ratios.length > 0) console.log(['  ratios:', ...ratios].join('\n    '));
    if (run.isWhole) keep(name, { ...around, figures: run.figures });
    else console.log(`  ${name} DID NOT RUN TO ITS END: its figures are not kept.`);
    const gross = wish.check ? await lastingBreaches(name, run, before[name]) : [];
    for (const { words } of gross) console.log(`  BROKEN GROSSLY: ${words}`);
    isFine &&= run.isWhole && gross.length === 0;
  }
  return isFine;
}

const { machine, node } = surroundings();
console.log(`${machine}, Node ${node}`);
process.exitCode = (await runAll()) ? 0 : 1;
