/** How a console tells our server from a genuine Portainer one. */
import { z } from 'zod';

/** Public, without credentials. Portainer answers 404 here. */
export const ABOUT_PATH = '/api/fleet/about';

export const aboutSchema = z.object({
  product: z.literal('fleet-server'),
  version: z.string(),
  instanceId: z.string(),
});

export type About = Readonly<z.infer<typeof aboutSchema>>;
