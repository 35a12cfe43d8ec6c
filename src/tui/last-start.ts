/** Up to when a container's log belongs to the runs before its last start. */
import { asFault } from '../protocol/fault.ts';
import type { EffectOf } from './effect-rows.ts';
import type { FollowParts } from './follow-logs.ts';
import { containerIdOf, environmentIdOf } from './model/live-fleet.ts';

/** Says `last-start` with that moment on the host's clock, or why there is none, unless the signal fired. Never rejects. */
export async function findLastStart(
  { fleet, send, now }: FollowParts,
  { viewId, key }: EffectOf<'find-last-start'>,
  signal: AbortSignal,
): Promise<void> {
  let answer: { readonly beforeMs: number } | { readonly why: string };
  try {
    const engine = fleet.engine(environmentIdOf(key));
    const { State: state } = await engine.inspect(containerIdOf(key), signal);
    answer = boundary(state);
  } catch (thrown) {
    answer = { why: asFault(thrown, 'internal', 'The container could not be described.').message };
  }
  if (!signal.aborted) send({ kind: 'last-start', viewId, answer, atMs: now() });
}

/**
 * A run's last lines may be stamped shortly after its FinishedAt, the next one's first shortly before its StartedAt:
 * the middle between the two parts them. Of a container that does not run, FinishedAt is the end of its last run.
 */
function boundary(state: {
  readonly Running: boolean;
  readonly StartedAt: string;
  readonly FinishedAt: string;
}): { readonly beforeMs: number } | { readonly why: string } {
  const startedMs = Date.parse(state.StartedAt);
  const finishedMs = Date.parse(state.FinishedAt);
  if (!(startedMs > 0)) return { why: 'It was never started: there is no run before this one.' };
  const isRestarted = finishedMs > 0 && finishedMs <= startedMs;
  if (isRestarted) return { beforeMs: Math.floor((finishedMs + startedMs) / 2) };
  if (state.Running) return { why: 'It was started only once: there is no run before this one.' };
  return { beforeMs: startedMs - 1 };
}
