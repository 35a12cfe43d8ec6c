/**
 * Buffers that only pass must die young. V8 counts their bytes as if they were to stay, and marks the whole heap again and again
 * during a long transfer, which costs more than the transfer itself; a collection of the young, early enough, costs little.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Some ten MB of buffers, as often as a byte is copied between JavaScript and what is below it; a server counts it twice. */
const COLLECT_EVERY_BYTES = 4 << 20;
/** What takes longer to pass is no transfer, and left to V8. */
const TRANSFER_MS = 10_000;
/** So small a collection is done before a second thread is awake, and on a busy machine waiting for one takes longer than all the rest. */
const ALONE = ['--no-parallel-scavenge', '--no-concurrent-array-buffer-sweeping'];

type Collect = (options: { readonly type: 'minor' }) => void;

let collect: Collect | undefined;
let passedBytes = 0;
let sinceMs = 0;
const atTransfer = new Set<() => void>();

/** Counts bytes that have passed in either direction, and collects young garbage (about 1 ms) every 4 MiB of a transfer. */
export function countPassing(bytes: number): void {
  passedBytes += bytes;
  if (passedBytes < COLLECT_EVERY_BYTES) return;
  passedBytes = 0;
  const tookMs = performance.now() - sinceMs;
  sinceMs += tookMs;
  if (tookMs > TRANSFER_MS) return;
  for (const tell of atTransfer) tell();
  atTransfer.clear();
  collect ??= exposedCollect();
  collect({ type: 'minor' });
}

/** Calls `tell` once, at the first 4 MiB that pass within ten seconds. */
export function onceTransferring(tell: () => void): void {
  atTransfer.add(tell);
}

function exposedCollect(): Collect {
  setFlagsFromString('--expose-gc');
  for (const flag of ALONE) setFlagsFromString(flag);
  return runInNewContext('gc') as Collect;
}
