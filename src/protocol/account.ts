/** Who a console is at its server, as the feed tells it. */
import { z } from 'zod';

export const accountSchema = z.object({
  id: z.number(),
  name: z.string(),
  isAdministrator: z.boolean(),
  /** Whether it leads a team, and so says who is in it; absent from older servers. */
  leadsTeams: z.boolean().optional(),
});

export type FeedAccount = Readonly<z.infer<typeof accountSchema>>;
