/** A problem: something wrong with an environment or a container, with a beginning and perhaps an end. */
import { z } from 'zod';

/** From bad to worse; `no-data` says that nothing is known, which is neither well nor ill. */
export const SEVERITIES = ['degraded', 'problem', 'no-data'] as const;

export const problemSchema = z.object({
  /** Stable: the same thing wrong again has the same id. Letters, digits, dots and dashes. */
  id: z.string(),
  environmentId: z.number(),
  /** Null when it is the environment's own. */
  containerId: z.string().nullable(),
  /** Of the container, else of the environment, when it was last told. */
  name: z.string(),
  /** `unhealthy`, `restart-loop`, `oom`, `exited`, `dead`, `no-data`; newer senders may know more. */
  kind: z.string(),
  severity: z.enum(SEVERITIES),
  /** When it began; of one that comes and goes quickly, when that began. */
  sinceMs: z.number(),
  /** How often it began, at least 1. */
  times: z.number(),
  /** What is wrong, for a person. */
  sentence: z.string(),
  /** When it was last told to be so. */
  lastSeenMs: z.number(),
  /** Older senders know no notes. */
  acknowledged: z
    .object({ by: z.string(), atMs: z.number(), note: z.string().optional() })
    .nullable(),
  mutedUntilMs: z.number().nullable(),
  /** Who muted it and why, while it is muted; older senders don't say. */
  muted: z.object({ by: z.string(), note: z.string().optional() }).nullable().optional(),
  /** Null while it lasts. */
  endedAtMs: z.number().nullable(),
});

export type Problem = Readonly<z.infer<typeof problemSchema>>;
export type Severity = (typeof SEVERITIES)[number];
