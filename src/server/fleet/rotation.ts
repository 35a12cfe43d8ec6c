/**
 * Changes the key of an agent over its running link, which the old key authenticates. Whatever breaks off in between leaves a
 * working pair: the server accepts both keys until the agent has come once with the new one.
 */
import type { Logger } from 'pino';
import { z } from 'zod';
import { pause } from '../../docker/deadline.ts';
import { asFault, Fault } from '../../protocol/fault.ts';
import { AGENT_ROTATE_COMMIT_PATH, AGENT_ROTATE_PATH } from '../../protocol/link-api.ts';
import type { EnvironmentRecord } from '../store/store.ts';
import { askAgent } from './ask-agent.ts';
import type { LinkBook } from './link-book.ts';
import { notLinked, type Switchboard } from './switchboard.ts';

/** A key older than this is changed. */
export const ROTATE_AFTER_MS = 30 * 24 * 3_600_000;
const LOOK_EVERY_MS = 3_600_000;
/** A link that carries calls is left alone for so long before the agent is made to come back with its new key. */
const SCHEDULED_PATIENCE_MS = 3_600_000;
const ASKED_PATIENCE_MS = 10_000;
const LOOK_FOR_QUIET_MS = 250;
/** A fleet that was enrolled in one hour is not turned over in one moment. */
const BETWEEN_ROTATIONS_MS = 1_000;
const NEW_KEY = 'The agent comes back with its new key.';

const offerSchema = z.object({ fingerprint: z.string().regex(/^[A-Za-z0-9+/]{43}=$/) });
const anything = z.unknown();

export interface RotationParts {
  readonly book: LinkBook;
  readonly switchboard: Switchboard;
  readonly log: Logger;
  readonly now: () => number;
  /** Whether no call is under way in the environment's link. */
  isQuiet(environmentId: number): boolean;
}

/** Has a linked agent make a new key and come back with it, soon; Fault environment-down without a link. */
export async function rotateAgentKey(
  parts: RotationParts,
  { id }: Pick<EnvironmentRecord, 'id'>,
  signal: AbortSignal,
): Promise<void> {
  await agreeOnNext(parts, id, signal);
  void bringOver(parts, id, NEW_KEY, ASKED_PATIENCE_MS);
}

async function agreeOnNext(parts: RotationParts, id: number, signal: AbortSignal): Promise<void> {
  const { book, switchboard, log } = parts;
  const linked = switchboard.linked(id);
  if (linked === undefined) throw notLinked();
  const { link } = linked;
  if (await takesPending(parts, id, signal)) return;
  const ask = { method: 'POST', path: AGENT_ROTATE_PATH, body: {}, schema: offerSchema } as const;
  const offer = await askAgent(link, { ...ask, signal });
  if (offer.fingerprint === book.get(id).agentFingerprint) {
    throw new Fault('bad-peer', 'The agent offered the key that it has already.');
  }
  await book.offerNext(id, offer.fingerprint);
  const commit = { method: 'POST', path: AGENT_ROTATE_COMMIT_PATH, body: offer } as const;
  await askAgent(link, { ...commit, schema: anything, signal });
  log.info({ environment: id, fingerprint: offer.fingerprint }, 'the agent takes its next key');
}

/**
 * Whether the agent has taken, or takes now, a key that it offered before and has not come with yet. Another offer beside
 * that one would leave this server without the key that the agent uses, if either stopped in between.
 */
async function takesPending(
  { book, switchboard }: RotationParts,
  id: number,
  signal: AbortSignal,
): Promise<boolean> {
  const fingerprint = book.get(id).nextFingerprint;
  const linked = switchboard.linked(id);
  if (fingerprint === null || linked === undefined) return false;
  const commit = { method: 'POST', path: AGENT_ROTATE_COMMIT_PATH, body: { fingerprint } } as const;
  try {
    await askAgent(linked.link, { ...commit, schema: anything, signal });
    return true;
  } catch (thrown) {
    // The agent has lost that offer, and will never come with it.
    if (thrown instanceof Fault && thrown.code === 'conflict') return false;
    throw thrown;
  }
}

/** Ends the link in a quiet moment, at the latest after `patienceMs`: the agent is back within a second. */
export async function bringOver(
  { switchboard, isQuiet }: Pick<RotationParts, 'switchboard' | 'isQuiet'>,
  id: number,
  reason: string,
  patienceMs = SCHEDULED_PATIENCE_MS,
): Promise<void> {
  const linked = switchboard.linked(id);
  if (linked === undefined) return;
  const gone = new AbortController();
  void linked.link.ended.then(() => gone.abort());
  const untilMs = performance.now() + patienceMs;
  while (!isQuiet(id) && performance.now() < untilMs && !gone.signal.aborted) {
    await pause(LOOK_FOR_QUIET_MS, gone.signal);
  }
  if (switchboard.linked(id) === linked) {
    switchboard.disconnect(id, reason);
  }
}

/** Rotates, an hour late at most, every linked agent whose key is thirty days old; until disposed of. */
export function rotateRegularly(parts: RotationParts): AsyncDisposable {
  const stop = new AbortController();
  let running = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(() => rotateOld(parts, stop.signal));
  }, LOOK_EVERY_MS).unref();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      stop.abort();
      await running;
    },
  };
}

/** One round over all agents; what fails is logged and tried again in the next round. */
export async function rotateOld(parts: RotationParts, signal: AbortSignal): Promise<void> {
  const { book, switchboard, log, now } = parts;
  for (const { environmentId: id, boundAtMs, rotatedAtMs } of [...book.all()]) {
    if (signal.aborted) return;
    const madeAtMs = rotatedAtMs ?? boundAtMs;
    if (madeAtMs === null || now() - madeAtMs < ROTATE_AFTER_MS) continue;
    if (switchboard.linked(id) === undefined) continue;
    await agreeOnNext(parts, id, signal).catch((thrown: unknown) => {
      const fault = asFault(thrown, 'internal', 'The key of an agent could not be changed.');
      log.warn({ environment: id, err: thrown }, fault.message);
    });
    if (book.get(id).nextFingerprint !== null) void bringOver(parts, id, NEW_KEY);
    await pause(BETWEEN_ROTATIONS_MS, signal);
  }
}
