/** Maintenance: somebody works on an environment, for a time and with a reason; what is wrong there meanwhile alarms nobody. */
import { z } from 'zod';

export const maintenanceSchema = z.object({
  sinceMs: z.number(),
  untilMs: z.number(),
  /** The account that said so. */
  by: z.string(),
  why: z.string(),
});

export type Maintenance = Readonly<z.infer<typeof maintenanceSchema>>;
