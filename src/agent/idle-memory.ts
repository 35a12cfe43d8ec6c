/** Keeps an agent small: memory goes back after a burst, and one that hardly works does without V8's compilers. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { onceTransferring } from '../link/passing-bytes.ts';

const LOOK_MS = 3_000;
/** Processor time within one look that still counts as idle. */
const IDLE_CPU_US = 20_000;
/** From here on (a thirtieth of a core) V8's compilers save more time than they cost memory, some 4 MiB. */
const BUSY_CPU_US = 100_000;
/** Looks that hold the start itself, which is over before optimised code would pay. */
const START_LOOKS = 2;

/**
 * Keeps the space for young objects at its first size: it grows to 32 MiB in a burst and is never given back, while what passes
 * through an agent are buffers, which lie outside of it.
 */
export function keepYoungSpaceSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}

const COMPILERS = ['opt', 'sparkplug'];

function compile(): void {
  for (const name of COMPILERS) setFlagsFromString(`--${name}`);
}

/** Some 30 ms: old objects are moved together, which V8 by itself does half a minute later, and pages without any go back. */
function giveBack(collect: () => void): void {
  setFlagsFromString('--compact-on-every-full-gc');
  collect();
  // Only one that finds nothing new to do gives back the room for young objects.
  collect();
  setFlagsFromString('--no-compact-on-every-full-gc');
}

/**
 * Collects each time the process falls idle after it was busy, and has V8 compile from the first transfer on, or the first
 * three seconds that hold real work; holds nothing open.
 */
export function stayFrugal(): AsyncDisposable {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (const name of COMPILERS) setFlagsFromString(`--no-${name}`);
  onceTransferring(compile);
  let last = process.cpuUsage();
  let wasBusy = true;
  let looks = 0;
  const look = () => {
    const { user, system } = process.cpuUsage(last);
    const spentUs = user + system;
    looks += 1;
    if (looks > START_LOOKS && spentUs > BUSY_CPU_US) compile();
    const isBusy = spentUs > IDLE_CPU_US;
    if (wasBusy && !isBusy) giveBack(collect);
    wasBusy = isBusy;
    last = process.cpuUsage();
  };
  const timer = setInterval(look, LOOK_MS).unref();
  return { [Symbol.asyncDispose]: async () => clearInterval(timer) };
}
