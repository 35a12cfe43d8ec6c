/**
 * Loaded into a program before it starts: as it ends, writes the CPU profile of its whole life for Chrome's developer
 * tools and a summary of where time went and what its heap holds. FLEET_BENCH_PROFILES is the folder.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { type HeapProfiler, type Profiler, Session } from 'node:inspector';
import { basename, join } from 'node:path';
import { getHeapSpaceStatistics } from 'node:v8';

const ROWS = 25;
const folder = process.env.FLEET_BENCH_PROFILES ?? '.';
const name = `${basename(process.argv[1] ?? 'node').replace(/\.m?js$/, '')}-${process.pid}`;
const session = new Session();

/** In the same process the inspector answers before `post` returns. */
function ask<Answer>(method: string, wish: object = {}): Answer | undefined {
  let answer: Answer | undefined;
  session.post(method, wish, (_error, result) => {
    answer = result as Answer;
  });
  return answer;
}

type Place = Pick<Profiler.ProfileNode['callFrame'], 'functionName' | 'url' | 'lineNumber'>;

const placeWords = ({ functionName, url, lineNumber }: Place) =>
  `${functionName || '(anonymous)'} ${basename(url)}:${lineNumber + 1}`;

/** The largest sums by place, as lines. */
function largest(amounts: Iterable<readonly [Place, number]>, unit: string): string[] {
  const sums = new Map<string, number>();
  for (const [place, amount] of amounts) {
    const words = placeWords(place);
    sums.set(words, (sums.get(words) ?? 0) + amount);
  }
  const sorted = [...sums].sort(([, a], [, b]) => b - a).slice(0, ROWS);
  return sorted.map(([words, sum]) => `${sum.toFixed(1).padStart(10)} ${unit}  ${words}`);
}

function timeLines({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): string[] {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const spent = samples.flatMap((id, index): [Place, number][] => {
    const frame = frames.get(id);
    return frame ? [[frame, (timeDeltas[index] ?? 0) / 1_000]] : [];
  });
  return largest(spent, 'ms');
}

function* allocations(
  node: HeapProfiler.SamplingHeapProfileNode,
): Generator<readonly [Place, number]> {
  yield [node.callFrame, node.selfSize / 1_024];
  for (const child of node.children) yield* allocations(child);
}

function heapLines(): string[] {
  const { rss, heapUsed, external } = process.memoryUsage();
  const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  return [
    `resident ${mib(rss)}, heap used ${mib(heapUsed)}, outside the heap ${mib(external)}`,
    ...getHeapSpaceStatistics().map(
      ({ space_name, space_used_size, physical_space_size }) =>
        `  ${space_name}: ${mib(space_used_size)} used, ${mib(physical_space_size)} resident`,
    ),
  ];
}

function leave(): void {
  const cpu = ask<Profiler.StopReturnType>('Profiler.stop')?.profile;
  const heap = ask<HeapProfiler.StopSamplingReturnType>('HeapProfiler.stopSampling')?.profile;
  if (!cpu || !heap) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.cpuprofile`), JSON.stringify(cpu));
  const summary = [
    'TIME BY FUNCTION',
    ...timeLines(cpu),
    '\nHEAP AT THE END',
    ...heapLines(),
    '\nLIVING OBJECTS BY WHERE THEY WERE MADE (sampled)',
    ...largest(allocations(heap.head), 'KiB'),
  ];
  writeFileSync(join(folder, `${name}.txt`), `${summary.join('\n')}\n`);
}

session.connect();
ask('Profiler.enable');
ask('Profiler.setSamplingInterval', { interval: 500 });
ask('Profiler.start');
ask('HeapProfiler.startSampling', { samplingInterval: 32_768 });
process.once('exit', leave);
