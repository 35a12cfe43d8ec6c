/** What the containers of one environment use together, as the feed tells it every ten seconds or so. */
import { z } from 'zod';

export const loadSchema = z.object({
  environmentId: z.number(),
  /** When the newest of its samples was taken, by the sender's clock. */
  atMs: z.number(),
  /** Sum over the running containers, as a share of the whole host: 100 is all of its cores. */
  cpuPercent: z.number(),
  /** Sum over the running containers, without the page cache that can be dropped. */
  memoryBytes: z.number(),
  /** The host's; 0 when the engine does not say. */
  memoryTotalBytes: z.number(),
});

export type EnvironmentLoad = Readonly<z.infer<typeof loadSchema>>;
