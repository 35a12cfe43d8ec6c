/** Gives memory back after a burst: V8 collects garbage when it needs room, and an idle agent never does. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const LOOK_MS = 3_000;
/** Processor time within one look that still counts as idle. */
const IDLE_CPU_US = 20_000;

/**
 * Keeps the space for young objects at its first size: it grows to 32 MiB in a burst and is never given back, while what passes
 * through an agent are buffers, which lie outside of it.
 */
export function keepYoungSpaceSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}

/** Collects once each time the process falls idle after it was busy; holds nothing open. */
export function collectWhenIdle(): AsyncDisposable {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  let last = process.cpuUsage();
  let wasBusy = true;
  const look = () => {
    const { user, system } = process.cpuUsage(last);
    const isBusy = user + system > IDLE_CPU_US;
    if (wasBusy && !isBusy) collect();
    wasBusy = isBusy;
    last = process.cpuUsage();
  };
  const timer = setInterval(look, LOOK_MS).unref();
  return { [Symbol.asyncDispose]: async () => clearInterval(timer) };
}
