/** Who a console is at its server, as the feed tells it. */
import { z } from 'zod';

export const accountSchema = z.object({
  id: z.number(),
  name: z.string(),
  isAdministrator: z.boolean(),
});

export type FeedAccount = Readonly<z.infer<typeof accountSchema>>;
