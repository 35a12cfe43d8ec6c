/**
 * The feed: how state travels, watcher to server and server to console, in one shape.
 * A reader gets a snapshot first, then changes whose sequence numbers rise by one; any other number means
 * that it missed something and must ask for a new snapshot (reconnect).
 */
import { z } from 'zod';
import { accountSchema } from './account.ts';
import { containerSchema } from './container.ts';
import { environmentSchema } from './environment.ts';
import { loadSchema } from './load.ts';
import { problemSchema } from './problem.ts';

export const changeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('environment'), environment: environmentSchema }),
  z.object({ kind: z.literal('environment-gone'), environmentId: z.number() }),
  z.object({ kind: z.literal('container'), container: containerSchema }),
  z.object({ kind: z.literal('container-gone'), environmentId: z.number(), id: z.string() }),
  /** All containers of one environment at once, after a (re)connect; replaces what was known. */
  z.object({
    kind: z.literal('containers'),
    environmentId: z.number(),
    containers: z.array(containerSchema),
  }),
  /** What an environment's containers use by now; the one before it stays true for its own time. */
  z.object({ kind: z.literal('load'), load: loadSchema }),
  z.object({ kind: z.literal('problem'), problem: problemSchema }),
  /** It has ended long ago, or what had it is gone. */
  z.object({ kind: z.literal('problem-gone'), id: z.string() }),
]);

const KNOWN_KINDS: ReadonlySet<string> = new Set(
  changeSchema.options.map(({ shape }) => shape.kind.value),
);

/** A change that only a newer sender knows; readers go on without it. */
const newerChangeSchema = z
  .object({ kind: z.string().refine((kind) => !KNOWN_KINDS.has(kind)) })
  .transform(() => undefined);

export const feedMessageSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('snapshot'),
    sequence: z.number(),
    atMs: z.number(),
    environments: z.array(environmentSchema),
    containers: z.array(containerSchema),
    /** The latest loads, oldest first, several of an environment where there is room; absent from older senders. */
    loads: z.array(loadSchema).optional(),
    /** Those that last and those that ended lately; absent from older senders and from agents. */
    problems: z.array(problemSchema).optional(),
    /** Whose feed this is; absent from older servers and from all that know no accounts. */
    account: accountSchema.optional(),
    /** Containers that are still to come, of a snapshot that is only the beginning of one (feed-parts.ts). */
    left: z.number().optional(),
  }),
  z.object({
    kind: z.literal('changes'),
    sequence: z.number(),
    atMs: z.number(),
    changes: z
      .array(z.union([changeSchema, newerChangeSchema]))
      .transform((changes) => changes.filter((change) => change !== undefined)),
  }),
  /** Sent every 5 s with the number of the last changes; carries when each environment that was seen since the last beat was alive. */
  z.object({
    kind: z.literal('beat'),
    sequence: z.number(),
    atMs: z.number(),
    seenAtMs: z.record(z.string(), z.number()),
  }),
]);

export type Change = Readonly<z.infer<typeof changeSchema>>;
export type FeedMessage = Readonly<z.infer<typeof feedMessageSchema>>;
export type FeedSnapshot = Extract<FeedMessage, { kind: 'snapshot' }>;
