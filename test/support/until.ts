/** Waits for a condition that only asking again can tell, such as what a server answers. */
import { setTimeout as sleep } from 'node:timers/promises';

const ASK_AGAIN_MS = 20;

/** Resolves when `isTrue` does with something truthy; rejects after `timeoutMs` (15 s unless said). */
export async function until(isTrue: () => unknown, timeoutMs = 15_000): Promise<void> {
  const untilMs = performance.now() + timeoutMs;
  while (!(await isTrue())) {
    if (performance.now() > untilMs) throw new Error(`still not so: ${isTrue.toString()}`);
    await sleep(ASK_AGAIN_MS);
  }
}
