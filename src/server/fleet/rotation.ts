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

const ROTATE_AFTER_MS = 30 * 24 * 3_600_000;
const LOOK_EVERY_MS = 3_600_000;
/** A fleet that was enrolled in one hour is not turned over in one moment. */
const BETWEEN_ROTATIONS_MS = 1_000;

const offerSchema = z.object({ fingerprint: z.string().regex(/^[A-Za-z0-9+/]{43}=$/) });
const anything = z.unknown();

export interface RotationParts {
  readonly book: LinkBook;
  readonly switchboard: Switchboard;
  readonly log: Logger;
  readonly now: () => number;
}

/** Has a linked agent make a new key and use it from its next link on; Fault environment-down without a link. */
export async function rotateAgentKey(
  { book, switchboard, log }: RotationParts,
  { id }: Pick<EnvironmentRecord, 'id'>,
  signal: AbortSignal,
): Promise<void> {
  const linked = switchboard.linked(id);
  if (linked === undefined) throw notLinked();
  const { link } = linked;
  const ask = { method: 'POST', path: AGENT_ROTATE_PATH, schema: offerSchema, signal } as const;
  const offer = await askAgent(link, ask);
  if (offer.fingerprint === book.get(id).agentFingerprint) {
    throw new Fault('bad-peer', 'The agent offered the key that it has already.');
  }
  await book.offerNext(id, offer.fingerprint);
  const commit = { method: 'POST', path: AGENT_ROTATE_COMMIT_PATH, body: offer } as const;
  await askAgent(link, { ...commit, schema: anything, signal });
  log.info({ environment: id, fingerprint: offer.fingerprint }, 'the agent takes its next key');
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
    await rotateAgentKey(parts, { id }, signal).catch((thrown: unknown) => {
      const fault = asFault(thrown, 'internal', 'The key of an agent could not be changed.');
      log.warn({ environment: id, err: thrown }, fault.message);
    });
    await pause(BETWEEN_ROTATIONS_MS, signal);
  }
}
