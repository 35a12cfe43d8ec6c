/**
 * Buffers that only pass must die young. V8 counts their bytes as if they were to stay, and marks the whole heap again and again
 * during a long transfer, which costs more than the transfer itself; a collection of the young, early enough, costs little.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Ten MB of buffers or so: each byte is copied some ten times on its way through HTTP, HTTP/2 and two layers of TLS. */
const COLLECT_EVERY_BYTES = 1 << 20;

type Collect = (options: { readonly type: 'minor' }) => void;

let collect: Collect | undefined;
let passedBytes = 0;

/** Counts bytes that have passed in either direction, and collects young garbage (about 1 ms) every MiB. */
export function countPassing(bytes: number): void {
  passedBytes += bytes;
  if (passedBytes < COLLECT_EVERY_BYTES) return;
  passedBytes = 0;
  collect ??= exposedCollect();
  collect({ type: 'minor' });
}

function exposedCollect(): Collect {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as Collect;
}
