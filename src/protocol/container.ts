/** A container as every program of ours tells it to the next one; Docker's own words for its states. */
import { z } from 'zod';
import { CONTAINER_STATES } from './container-key.ts';

export const portSchema = z.object({
  privatePort: z.number(),
  publicPort: z.number().nullable(),
  /** Host address it is published at; null when it isn't. */
  address: z.string().nullable(),
  protocol: z.string(),
});

export const containerSchema = z.object({
  environmentId: z.number(),
  /** 64 hex digits; unique within its environment only (cloned machines share ids). */
  id: z.string(),
  /** Without the leading slash. */
  name: z.string(),
  image: z.string(),
  imageId: z.string(),
  command: z.string(),
  createdAtMs: z.number(),
  state: z.enum(CONTAINER_STATES),
  health: z.enum(['none', 'starting', 'healthy', 'unhealthy']),
  /** Exit status of the last run; null while it runs or before the first run. */
  exitCode: z.number().nullable(),
  /** Start of the present run; null unless it runs. */
  startedAtMs: z.number().nullable(),
  /** End of the last run; null while it runs. */
  finishedAtMs: z.number().nullable(),
  /** False while the two times above come from Docker's rounded "Up 3 minutes", true once an event told them. */
  isTimeExact: z.boolean(),
  ports: z.array(portSchema),
  labels: z.record(z.string(), z.string()),
  networks: z.array(z.string()),
  mountCount: z.number(),
  /** The id of the container whose network it lives in (`--network container:…`); null for one with its own. */
  networkOf: z.string().nullable().default(null),
  /** Starts after its first one that the watcher has seen since it began to watch; the engine's own count is not in its list. */
  restartsSeen: z.number().default(0),
  /** How often the watcher has seen the kernel kill one of its processes for want of memory. */
  oomsSeen: z.number().default(0),
});

export type PublishedPort = Readonly<z.infer<typeof portSchema>>;
export type Container = Readonly<z.infer<typeof containerSchema>>;
